"""What every command shares: how it speaks, and how it opens the database. Used by `cli.py` and its like."""

import sqlite3

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from copapp.database import NewerDatabaseError, has_database, migrate, place_of_database

_WRITABLE = "Who runs this must be able to write to that file and its folder"
_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}  # primary codes, the lowest eight bits

console = Console()
complaints = Console(stderr=True)


def say(words: str) -> None:
    """Print a line as it is."""
    console.print(words, markup=False, highlight=False, soft_wrap=True)


def fail(words: str, code: int = 1) -> typer.Exit:
    """Complain; gives what ends the command."""
    complaints.print(words, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


_ANOTHER = "Set COPAPP_DATABASE_URL as the app has it, or go to the folder that the app is served from."


def open_database(*, may_make: bool = False, else_do: str = _ANOTHER) -> None:
    """Bring the database to the newest shape; make one only where that is allowed, else exit 1."""
    place = place_of_database()
    try:
        if not may_make and not has_database():
            raise fail(f"There is no database at {place}. {else_do}")
        migrate()
    except NewerDatabaseError as error:
        raise fail(
            f"The database at {place} is of a newer version of the app (its tables are at {error.found}, "
            f"this version knows them up to {error.known}). Run that version, or restore with this one the "
            "backup that was taken before the upgrade, into an empty database."
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise fail(f"The database at {place} cannot be opened: {_why(error)}.") from error


def _why(error: SQLAlchemyError | OSError) -> str:
    """Say what kept a database closed; of a server's words nothing, they may quote its address."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return f"{cause.strerror}. {_WRITABLE}"
    if not isinstance(cause, sqlite3.Error):
        return type(cause).__name__
    return f"{cause}. {_WRITABLE}" if cause.sqlite_errorcode & 0xFF in _UNWRITABLE else str(cause)
