"""What `COPAPP_DATABASE_URL` says. Any room may use it."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_EXAMPLES = "sqlite:///./var/copapp.db, sqlite:////var/lib/copapp.db or postgresql://user:password@host/name"
_POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}


def database_address(url: str) -> URL:
    """Read sqlite:///file or postgresql://user:password@host:port/name.

    Raises ValueError with words that say what would be right, and quote nothing.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(f"write it as {_EXAMPLES}") from None
    if address.drivername in _POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername != "sqlite":
        raise ValueError(f"the app keeps its data in SQLite or PostgreSQL: write {_EXAMPLES}")
    if address.host:
        raise ValueError(
            "write sqlite:/// and the file, as in sqlite:///./var/copapp.db; with four slashes for /var/…"
        )
    return address


def database_file(address: URL) -> Path | None:
    """Give SQLite's file; None for a database in memory, or of another kind."""
    if address.get_backend_name() != "sqlite":
        return None
    name = (address.database or "").removeprefix("file:").partition("?")[0]
    return Path(name) if name and name != ":memory:" else None
