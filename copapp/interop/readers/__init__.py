"""The readers of programme files, one for each format; `programme_file` chooses among them."""
