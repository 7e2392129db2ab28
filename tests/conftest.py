"""A database and an environment of its own for each test that asks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from copapp import clock, database, settings
from copapp.api.stored import forget
from copapp.domain.source import SourceProgramme
from copapp.interop.conference_folder import read_folder

DATA = Path(__file__).parent / "data"
NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)

Environment = Callable[..., None]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """Set `COPAPP_…` for this test; the database is a new file beside nothing of the developer's."""
    monkeypatch.setenv("COPAPP_DATABASE_URL", f"sqlite:///{tmp_path / 'copapp.db'}")
    monkeypatch.setenv("COPAPP_SITES", str(tmp_path / "site"))
    _forget()

    def change(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(f"COPAPP_{name}", value)
        _forget()

    yield change
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    settings.settings.cache_clear()
    clock.clock.cache_clear()
    for name in list(database._engines):
        database._engines.pop(name).dispose()
    forget()


@pytest.fixture
def db(environment: Environment) -> Iterator[Session]:
    """An open session on an empty, migrated database."""
    database.migrate()
    with database.writing() as session:
        yield session


@pytest.fixture
def cop14() -> SourceProgramme:
    """The real conference."""
    return read_folder(settings.DATA / "cop14")


@pytest.fixture
def tiny() -> SourceProgramme:
    """Two days in Lisbon, in the night of which the clocks change."""
    return read_folder(DATA / "tiny")
