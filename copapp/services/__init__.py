"""Verbs over the database. Each takes an open `db` and, where time matters, `now`."""
