"""Whether the app serves the database now: nobody shall put another in its place. Used by the commands.

SQLite: who serves holds a lock on a file beside it, which ends with the process. PostgreSQL names who is
connected, and a served app always is.
"""

import fcntl
import os

from sqlalchemy import text

from copapp.database import engine
from copapp.database_address import database_address, database_file
from copapp.settings import settings

_NAME = "copapp serve"
_held: list[int] = []


def note_serving() -> None:
    """Let others see that the database is served, until this process and its workers end."""
    os.environ["PGAPPNAME"] = _NAME
    if database_file(database_address(settings().database_url)):
        _held.append(_opened())
        fcntl.flock(_held[-1], fcntl.LOCK_SH)


def is_served() -> bool:
    """Whether a process serves it, on this machine or, with PostgreSQL, on any."""
    if engine().dialect.name == "postgresql":
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
        with engine().connect() as connection:
            return bool(
                connection.execute(text(f"{others} application_name = :name"), {"name": _NAME}).scalar()
            )
    if not database_file(database_address(settings().database_url)):
        return False
    lock = _opened()
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _opened() -> int:
    file = database_file(database_address(settings().database_url))
    return os.open(f"{file}-served", os.O_RDWR | os.O_CREAT, 0o600)
