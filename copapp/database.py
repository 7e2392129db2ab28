"""The engine, its pragmas, and the two ways to open a session. Any room may use it."""

import fcntl
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from copapp.database_address import database_address, database_file
from copapp.settings import settings
from copapp.this_request import patience

logger = logging.getLogger(__name__)

_WAIT_SECONDS, _LONG_SECONDS = 5.0, 30.0  # for the lock of SQLite; for PostgreSQL, which keeps a queue
_TURN_SECONDS = 1.0  # within that somebody gets in, or it is no queue; in PostgreSQL those before get so long
_LARGEST_LOG = 16_000_000
_LEAST_FREE = 100_000_000
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={1000 * _WAIT_SECONDS:.0f}",
    "secure_delete=ON",  # what is erased is overwritten, not only unlinked
    f"journal_size_limit={_LARGEST_LOG}",  # else a burst leaves the write-ahead log as large as it was
)
# PostgreSQL's are enough for all who read, all who write (`threads`), and staff's pages and chores beside.
# SQLite's cost nothing: whoever waits to write holds one, and nobody shall wait for those who wait.
_KEPT, _MOST = 5, 28
_SQLITE_POOL: dict[str, Any] = {"pool_size": _KEPT, "max_overflow": -1}
_POSTGRESQL_POOL: dict[str, Any] = {
    "pool_size": _KEPT,
    "max_overflow": _MOST - _KEPT,
    "pool_pre_ping": True,
}
_POSTGRESQL = {"connect_timeout": 2, "tcp_user_timeout": 10_000, "keepalives_idle": 10}
_MIGRATING = 0x636F70617070  # "copapp": a number that no other program in the same database takes
_SCRUBBED_WITHIN_MS = 250  # nobody else can write meanwhile
_SCRUBBED_EVERY_SECONDS = 20.0
_MIGRATIONS = Path(__file__).parent / "migrations"


_engines: dict[str, Engine] = {}
_to_scrub = Event()
_scrubbed_at = float("-inf")
_to_scrub.set()  # the process before may have died between erasing and scrubbing


class _PatientPool(QueuePool):
    """Lets a request wait for a connection no longer than it may; a command has time."""

    @property
    def _timeout(self) -> float:
        return patience(_LONG_SECONDS)

    @_timeout.setter
    def _timeout(self, _: float) -> None:
        """Take what the pool is made with: it says nothing here."""


def engine() -> Engine:
    """Give the engine of the settings' database, one a process."""
    url = settings().database_url
    if url not in _engines:
        _engines[url] = _open(url)
    return _engines[url]


def _open(url: str) -> Engine:
    address = database_address(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite and (file := database_file(address)):
        _keep_private(file)
    pool = _SQLITE_POOL if is_sqlite else _POSTGRESQL_POOL
    given = {} if is_sqlite else {key: most for key, most in _POSTGRESQL.items() if key not in address.query}
    # A complaint must not quote what people wrote.
    made = create_engine(address, hide_parameters=True, connect_args=given, poolclass=_PatientPool, **pool)
    (_prepare_sqlite if is_sqlite else _prepare_postgresql)(made)
    return made


def _keep_private(file: Path) -> None:
    """Make the file if it is not there, and let nobody but its owner read it, whatever the umask.

    SQLite gives what lies beside it (-wal, -shm) the file's own rights when it makes them.
    """
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True)
        file.parent.chmod(0o700)
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    for each in (file, *(Path(f"{file}{beside}") for beside in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):  # whose file it is not cannot change that
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def place_of_database() -> str:
    """Say where the database of the settings is, without a password."""
    address = database_address(settings().database_url)
    if file := database_file(address):
        return str(file.absolute())
    return f"{address.host or 'this machine'}{f':{address.port}' if address.port else ''}/{address.database}"


def has_database() -> bool:
    """Whether there is one with tables of ours; looking makes none."""
    file = database_file(database_address(settings().database_url))
    if file and not (file.exists() and file.stat().st_size):
        return False
    return current_revision() is not None


def _prepare_sqlite(made: Engine) -> None:
    last_in = [float("-inf")]

    @event.listens_for(made, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late, see below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("rebuilds"):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # no effect once a transaction has begun
        if not options.get("writes"):
            _wait_for_sqlite(connection)
            connection.exec_driver_sql("BEGIN")
            return
        while not _begins_to_write(connection, last_in):
            pass
        last_in[0] = time.monotonic()


def _begins_to_write(connection: Any, last_in: list[float]) -> bool:
    """Whether it has the write lock. Raises OperationalError when its time is over and nobody here gets in.

    While others of this process do, it is only its turn that it waits for: SQLite gives it to any that asks.
    """
    _wait_for_sqlite(connection)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        is_busy = getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY
        if not is_busy or time.monotonic() - last_in[0] > _TURN_SECONDS:
            raise
        return False
    return True


def _wait_for_sqlite(connection: Any) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={1000 * patience(_WAIT_SECONDS):.0f}")


def _prepare_postgresql(made: Engine) -> None:
    @event.listens_for(made, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("writes"):
            wait = max(patience(_LONG_SECONDS), _TURN_SECONDS)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {1000 * wait:.0f}")


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that only reads."""
    with Session(engine()) as db:
        yield db


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session whose reads already hold the write lock (SQLite), and commit it, or nothing of it."""
    with Session(engine().execution_options(writes=True)) as db:
        yield db
        db.commit()


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a session that reads one state throughout, whoever writes meanwhile."""
    is_sqlite = engine().dialect.name == "sqlite"  # its transactions always do
    options = {} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with Session(engine().execution_options(**options)) as db:
        yield db


def hang_up() -> None:
    """Close this process's connections: with one that a fork shares, workers read each other's answers."""
    for each in _engines.values():
        each.dispose()


def scrub() -> None:
    """Take what was erased out of SQLite's write-ahead log too; `scrub_again` does what readers prevent."""
    _to_scrub.set()
    try:
        scrub_again()
    except sqlite3.Error as error:
        logger.error("What was erased is not out of the write-ahead log yet: %s", type(error).__name__)  # noqa: TRY400 - the chore that tries again says the rest


def scrub_again() -> None:
    """Do what a scrub could not finish, or a process that is gone. No-op where nothing is left to do.

    Three times a minute it is done in any case: a command that erased may have ended before it could.
    """
    global _scrubbed_at  # noqa: PLW0603 - one a process
    is_due = _to_scrub.is_set() or time.monotonic() - _scrubbed_at >= _SCRUBBED_EVERY_SECONDS
    if engine().dialect.name != "sqlite" or not is_due:
        return
    _to_scrub.clear()  # first: what is erased meanwhile sets it again
    is_whole = False
    try:
        with closing(engine().raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA busy_timeout={_SCRUBBED_WITHIN_MS}")
            [is_busy, *_] = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            is_whole = not is_busy
            _scrubbed_at = time.monotonic()
    finally:
        if not is_whole:
            _to_scrub.set()


def disk_trouble() -> str:
    """Say that little is left of the disk that SQLite's file is on; "" where enough is, or of PostgreSQL."""
    file = database_file(engine().url)
    if file is None:
        return ""
    left = shutil.disk_usage(file.parent).free
    if left >= _LEAST_FREE:
        return ""
    stopped = "no new calendars are made, no requests held back."
    return f"Only {left // 1_000_000} MB are left for the database: {stopped}"


def alembic_config() -> Config:
    """Give Alembic's configuration for the settings' database."""
    config = Config(str(_MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def is_migrated() -> bool:
    """Whether the tables have the newest shape that this code knows, or a newer one (a rolling upgrade)."""
    found = current_revision()
    return found is not None and found not in _older_revisions()


@cache
def _older_revisions() -> frozenset[str]:
    """Name every shape before the newest: read from Alembic's files once, which stay as they are."""
    known = ScriptDirectory.from_config(alembic_config())
    return frozenset(each.revision for each in known.walk_revisions()) - {str(known.get_current_head())}


def newest_revision() -> str:
    """Name the newest shape of the tables that this code knows."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


class NewerDatabaseError(RuntimeError):
    """The tables have a shape that this version does not know."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(f"the tables are at {found}, this version knows them up to {known}")
        self.found, self.known = found, known


def current_revision() -> str | None:
    """Name the shape that the tables have; None where there are none."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate() -> None:
    """Bring the tables to the newest shape. No-op if they have it. Raises NewerDatabaseError."""
    with _alone():
        _migrate()


@contextmanager
def _alone() -> Iterator[None]:
    """Let no other process change the tables meanwhile."""
    if engine().dialect.name == "postgresql":
        with engine().begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
            yield
    elif file := database_file(engine().url):
        # Its folder: whoever opens and closes the file itself takes SQLite's own locks away.
        folder = os.open(file.absolute().parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    else:
        yield


def _migrate() -> None:
    known = {each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    found = current_revision()
    if found is not None and found not in known:
        raise NewerDatabaseError(found, newest_revision())
    command.upgrade(alembic_config(), "head")
