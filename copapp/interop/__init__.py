"""Texts and files from and for elsewhere, to and from domain values. No database."""
