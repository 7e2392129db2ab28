"""Migrations, pragmas, locks."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, SQLModel

from copapp.database import alembic_config, engine, migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Room
from copapp.services.seed import seed
from tests.conftest import NOW, Environment


def test_migrations_make_the_tables_of_the_models(environment: Environment) -> None:
    migrate()

    with engine().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_migrations_go_back_to_nothing(environment: Environment) -> None:
    migrate()

    command.downgrade(alembic_config(), "base")

    assert inspect(engine()).get_table_names() == ["alembic_version"]


def test_every_connection_has_its_pragmas(environment: Environment) -> None:
    connections = [engine().connect() for _ in range(3)]

    found = [
        [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]
        for connection in connections
    ]

    for connection in connections:
        connection.close()
    assert found == [list(PRAGMAS.values())] * 3


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_foreign_keys_are_held(db: Session) -> None:
    db.add(Room(conference_id=1, site_id=99, slug="nowhere", name="Nowhere"))

    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_writing_holds_the_lock_before_it_reads(environment: Environment) -> None:
    migrate()
    other = create_engine(engine().url, connect_args={"timeout": 0})

    with writing() as db:
        db.connection().exec_driver_sql("SELECT 1")
        with other.connect() as connection, pytest.raises(OperationalError, match="locked"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    other.dispose()


def test_reading_holds_no_lock(environment: Environment) -> None:
    migrate()

    with reading() as reader, writing() as writer:
        reader.connection().exec_driver_sql("SELECT 1")
        writer.connection().exec_driver_sql("SELECT 1")


def seed_and_fail(db: Session, source: SourceProgramme) -> None:
    seed(db, source, NOW)
    db.add(Room(conference_id=1, site_id=99, slug="nowhere", name="Nowhere"))
    db.flush()


def test_writing_that_fails_leaves_nothing(environment: Environment, tiny: SourceProgramme) -> None:
    migrate()

    with pytest.raises(IntegrityError), writing() as db:
        seed_and_fail(db, tiny)

    with reading() as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM conference").scalar() == 0
