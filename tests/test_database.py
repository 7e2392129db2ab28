"""Migrations, pragmas, locks."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, SQLModel, select

from copapp import database
from copapp.database import alembic_config, engine, is_migrated, migrate, reading, scrub, scrub_again, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Attempt, Room
from copapp.services.seed import seed
from tests.conftest import NOW, Environment, every_database
from tests.tables import row_counts


@every_database
def test_migrations_make_the_tables_of_the_models(environment: Environment) -> None:
    migrate()

    with engine().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


@every_database
def test_what_a_link_or_a_phones_key_names_is_there_once(environment: Environment) -> None:
    """The last word where two come at once: without it 60 made eleven requests of one key."""
    migrate()

    found = inspect(engine())
    named = {
        (table, column["name"])
        for table in found.get_table_names()
        for column in found.get_columns(table)
        if column["name"] in {"key_hash", "token_hash"}
    }
    once = {
        (table, *each["column_names"]) for table, _ in named for each in found.get_unique_constraints(table)
    }
    once |= {(table, *found.get_pk_constraint(table)["constrained_columns"]) for table, _ in named}
    assert named >= {("meetingrequest", "key_hash"), ("personalcalendar", "key_hash")}
    assert named <= once


@every_database
def test_migrations_go_back_to_nothing_and_forth_again(environment: Environment) -> None:
    """PostgreSQL keeps types beside the tables: one that was left behind refuses the way forth."""
    migrate()

    command.downgrade(alembic_config(), "base")
    left = inspect(engine()).get_table_names()
    migrate()

    assert left == ["alembic_version"]
    assert is_migrated()


REVISION = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade():
    with op.batch_alter_table("room", recreate="always") as batch:
        batch.add_column(sa.Column("floor", sa.String()))
    {more}
"""


def _next_revision(folder: Path, more: str = "") -> Config:
    config = alembic_config()
    (folder / "next.py").write_text(REVISION.format(head=script_head(config), more=more))
    config.set_main_option("path_separator", "newline")
    own = Path(config.get_main_option("script_location") or "") / "versions"
    config.set_main_option("version_locations", f"{own}\n{folder}")
    return config


def script_head(config: Config) -> str:
    return ScriptDirectory.from_config(config).get_current_head() or ""


def test_table_is_made_anew_without_loss(
    environment: Environment, tiny: SourceProgramme, tmp_path: Path
) -> None:
    """With foreign keys on, SQLite empties or refuses a table that others point at when it is dropped."""
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    before = row_counts()

    command.upgrade(_next_revision(tmp_path), "head")

    assert row_counts() == before
    assert "floor" in {column["name"] for column in inspect(engine()).get_columns("room")}
    with engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migration_that_orphans_rows_is_refused_whole(
    environment: Environment, tiny: SourceProgramme, tmp_path: Path
) -> None:
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)

    with pytest.raises(RuntimeError, match="rows that point at nothing"):
        command.upgrade(_next_revision(tmp_path, 'op.execute("DELETE FROM room")'), "head")

    assert row_counts()["room"] == len(tiny.rooms)
    assert "floor" not in {column["name"] for column in inspect(engine()).get_columns("room")}


def test_every_connection_has_its_pragmas(environment: Environment) -> None:
    connections = [engine().connect() for _ in range(28)]  # as many as the pool ever opens

    found = [
        [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]
        for connection in connections
    ]

    for connection in connections:
        connection.close()
    assert found == [list(PRAGMAS.values())] * 28


PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
    "journal_size_limit": 16_000_000,
}


def test_log_is_short_again_after_a_burst_beside_a_long_reader(environment: Environment) -> None:
    """A burst of changes left it at 203 MB for good; while somebody reads, it cannot be emptied."""
    migrate()
    log = Path(f"{engine().url.database}-wal")
    with reading() as reader:
        reader.exec(select(Room)).all()
        for number in range(40):
            with writing() as db:
                db.add(Attempt(kind="ask", key=f"{number:03}" * 10_000, at=NOW))
        scrub()
        beside = log.stat().st_size

    scrub_again()

    assert beside > 1_000_000
    assert log.stat().st_size == 0


@every_database
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


@every_database
def test_reading_holds_no_lock(environment: Environment) -> None:
    migrate()

    with reading() as reader, writing() as writer:
        reader.connection().exec_driver_sql("SELECT 1")
        writer.connection().exec_driver_sql("SELECT 1")


def seed_and_fail(db: Session, source: SourceProgramme) -> None:
    seed(db, source, NOW)
    db.add(Room(conference_id=1, site_id=99, slug="nowhere", name="Nowhere"))
    db.flush()


@every_database
def test_writing_that_fails_leaves_nothing(environment: Environment, tiny: SourceProgramme) -> None:
    migrate()

    with pytest.raises(IntegrityError), writing() as db:
        seed_and_fail(db, tiny)

    with reading() as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM conference").scalar() == 0


@every_database
def test_tables_of_a_newer_app_count_as_migrated(environment: Environment) -> None:
    """In a rolling upgrade the older app still serves."""
    found = [is_migrated()]
    migrate()
    found.append(is_migrated())
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of tomorrow'")
    found.append(is_migrated())

    assert found == [False, True, True]


def test_log_is_emptied_also_of_what_another_process_erased(
    environment: Environment, tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command ends beside a reader, and nobody who is left has erased anything."""
    log = Path(f"{engine().url.database}-wal")
    scrub_again()
    with engine().begin() as connection:
        connection.exec_driver_sql("CREATE TABLE erased (name TEXT)")

    scrub_again()
    soon = log.stat().st_size
    monkeypatch.setattr(database, "_scrubbed_at", float("-inf"))
    scrub_again()

    assert soon > 0
    assert log.stat().st_size == 0


@every_database
def test_processes_that_start_at_once_all_find_the_tables(environment: Environment) -> None:
    """Two that migrated one database made the same table: one ended."""
    program = [sys.executable, "-c", "from copapp.database import migrate; migrate()"]

    started = [subprocess.Popen(program, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(each.communicate()[1], each.returncode) for each in started]

    assert ended == [("", 0)] * 4
    assert is_migrated()
