"""The only shapes that may leave the server."""
