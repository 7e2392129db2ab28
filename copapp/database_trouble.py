"""Whether the database itself is the trouble, what it is called, and whether it can be written to now."""

import time
from threading import Lock

from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from copapp.database import engine
from copapp.logs import Repeats, fault
from copapp.settings import settings
from copapp.this_request import waiting_at_most

AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)
"""It is away, locked, full or read-only. Any other error of SQLAlchemy's is a fault of what was asked."""

_TRIED_EVERY_SECONDS = 1.0
_WORDS = {
    "SQLITE_BUSY": "another program holds it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk takes or gives nothing",
    "SQLITE_READONLY": "it is read-only",
    "DiskFull": "the disk is full",
    "LockNotAvailable": "another program holds it",
    "ReadOnlySqlTransaction": "it is read-only",
}

_troubles = Repeats("The database")
_trying = Lock()
_tried: dict[str, tuple[float, str]] = {}


def note_trouble(where: str, error: SQLAlchemyError) -> None:
    """Log that it does not answer somebody, of each kind once a minute."""
    _troubles.note(f"{where} {_name(error)}", f"it does not answer {where}: {_said(error)} ({fault(error)})")


def write_trouble() -> str:
    """Say why nothing can be written; "" when all is well. It is tried once a second at most."""
    url = settings().database_url
    with _trying:
        tried_at, found = _tried.get(url, (float("-inf"), ""))
        if time.monotonic() - tried_at >= _TRIED_EVERY_SECONDS:
            found = _try()
            _tried[url] = time.monotonic(), found
    return found


def _try() -> str:
    """Write something that changes nothing, and keep it: a full disk is seen at no other moment."""
    is_sqlite = engine().dialect.name == "sqlite"
    nothing = "PRAGMA user_version=1" if is_sqlite else "UPDATE alembic_version SET version_num = version_num"
    try:
        with waiting_at_most(1), engine().execution_options(writes=True).begin() as connection:
            connection.exec_driver_sql(nothing)
    except SQLAlchemyError as error:
        note_trouble("/readyz", error)
        return f"The database cannot be written to: {_said(error)}."
    return ""


def _said(error: SQLAlchemyError) -> str:
    name = _name(error)
    words = next((words for start, words in _WORDS.items() if name.startswith(start)), "")
    return f"{words} ({name})" if words else name


def _name(error: SQLAlchemyError) -> str:
    """Give the database's own name for it, which quotes nothing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorname", "") or type(cause).__name__
