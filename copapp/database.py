"""The engine, its pragmas, and the two ways to open a session. Any room may use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlmodel import Session

from copapp.settings import settings

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def engine(url: str | None = None) -> Engine:
    """Give the engine of a database address, the settings' own by default; a SQLite file's folder is made."""
    address = make_url(url or settings().database_url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    made = create_engine(address)
    if is_sqlite:
        _prepare_sqlite(made)
    return made


def _prepare_sqlite(made: Engine) -> None:
    @event.listens_for(made, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late, see below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """Open a session that only reads."""
    with Session(engine(url)) as db:
        yield db


@contextmanager
def writing(url: str | None = None) -> Iterator[Session]:
    """Open a session whose reads already hold the write lock (SQLite), and commit it, or nothing of it."""
    with Session(engine(url).execution_options(writes=True)) as db:
        yield db
        db.commit()


def alembic_config(url: str | None = None) -> Config:
    """Give Alembic's configuration for a database address."""
    config = Config(str(_MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = engine(url)
    return config


def migrate(url: str | None = None) -> None:
    """Bring the tables to the newest shape. No-op if they have it."""
    command.upgrade(alembic_config(url), "head")
