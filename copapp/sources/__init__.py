"""Fetching what staff point to. See copapp/README.md."""
