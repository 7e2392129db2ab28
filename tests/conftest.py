"""A database and an environment of its own for each test that asks."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLContext
from typing import Any, TypeVar

import httpx
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from copapp import clock, database, settings
from copapp.api import create_api
from copapp.api.stored import forget
from copapp.chore_runs import forget_runs
from copapp.domain.source import SourceProgramme
from copapp.interop.conference_folder import read_folder
from copapp.services.seed import seed
from tests import services

DATA = Path(__file__).parent / "data"
NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)

Environment = Callable[..., None]
Service = TypeVar("Service")

_MIGRATED: list[bytes] = []  # an SQLite file with the newest tables, once one was made
# What the database itself must keep is tested on each that we serve from; a test may choose one.
ON_EVERY_DATABASE = {
    "test_draft",
    "test_importing",
    "test_meetings",
    "test_outbox",
    "test_release",
    "test_releasing",
    "test_requests_of_staff",
    "test_second_factor",
    "test_slots",
    "test_staff",
    "test_team",
}
every_database = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of these modules on each database."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in ON_EVERY_DATABASE and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


# The files that take longest, longest first: one that began last would keep the other workers waiting.
_LONGEST = (
    "test_portal",
    "test_staff_doors",
    "test_update",
    "test_everyone",
    "test_connection",
    "test_map",
    "test_accept_races",
    "test_trouble",
    "test_flood",
    "test_meet",
    "test_inbox",
    "test_saved_day",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, then the journeys: the short files fill what time is left."""

    def turn(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.stem
        place = _LONGEST.index(name) if name in _LONGEST else len(_LONGEST)
        return place, item.get_closest_marker("browser") is None

    items.sort(key=turn)


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Read the list of authorities once: httpx does for each call, and most tests speak no TLS."""
    known: dict[tuple[str | None, ...], SSLContext] = {}

    def create(verify: Any = True, cert: Any = None, trust_env: bool = True) -> SSLContext:  # noqa: FBT001, FBT002
        if verify is not True or cert is not None:
            return httpx.create_ssl_context(verify, cert, trust_env)
        named = ("SSL_CERT_FILE", "SSL_CERT_DIR") if trust_env else ()
        key = tuple(os.environ.get(each) for each in named)
        if key not in known:
            known[key] = httpx.create_ssl_context(trust_env=trust_env)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", create)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """One PostgreSQL for all tests."""
    with found(services.postgres()) as running:
        yield running


@pytest.fixture
def postgres_url(postgres: services.Postgres) -> str:
    """Give a PostgreSQL database of its own."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One Redis for all tests."""
    with found(services.redis_server()) as url:
        yield url


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine, and its key, signed by itself."""
    return services.certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def imap(certificate: Path) -> Iterator[services.ImapServer]:
    """One Dovecot for all tests; each takes a user of its own."""
    with found(services.imap_server(certificate)) as running:
        yield running


@contextmanager
def found(service: AbstractContextManager[Service]) -> Iterator[Service]:
    """Skip where the program is missing; under CI a skip would hide it, so there it fails."""
    with ExitStack() as opened:
        try:
            value = opened.enter_context(service)
        except services.ServiceMissingError as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(missing))
        yield value


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new SQLite file, or where a test asks for it a new database of PostgreSQL."""
    if getattr(request, "param", "sqlite") == "postgresql":
        postgres: services.Postgres = request.getfixturevalue("postgres")
        return postgres.new_database(migrated="tables" in request.fixturenames)
    return f"sqlite:///{tmp_path / 'copapp.db'}"


@pytest.fixture
def environment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """Set `COPAPP_…` for this test; the database is a new one beside nothing of the developer's."""
    monkeypatch.setenv("COPAPP_DATABASE_URL", database_url)
    monkeypatch.setenv("COPAPP_SITES", str(tmp_path / "site"))
    forget_runs()
    _forget()

    def change(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(f"COPAPP_{name}", value)
        _forget()

    yield change
    monkeypatch.undo()
    _forget()
    for name in list(database._engines):
        database._engines.pop(name).dispose()


def _forget() -> None:
    """Forget what was read from the environment; a session that is open meanwhile stays so."""
    settings.settings.cache_clear()
    clock.clock.cache_clear()
    forget()


@pytest.fixture
def tables(environment: Environment, database_url: str, request: pytest.FixtureRequest) -> None:
    """The newest tables, with nothing in them: migrated once for each kind of database, then copied."""
    if database_url.startswith("sqlite"):
        file = Path(database_url.removeprefix("sqlite:///"))
        if not _MIGRATED:
            database.migrate()
            database.hang_up()
            _MIGRATED.append(file.read_bytes())
        file.touch(0o600)
        file.write_bytes(_MIGRATED[0])
    elif database.current_revision() is None:  # the first that asks
        database.migrate()
        database.hang_up()
        request.getfixturevalue("postgres").copy_from_now_on(database_url)


@pytest.fixture
def db(tables: None) -> Iterator[Session]:
    """An open session on an empty, migrated database."""
    with database.writing() as session:
        yield session


@pytest.fixture
def line(environment: Environment, tables: None, cop14: SourceProgramme) -> Iterator[TestClient]:
    """The API in this process at ten on the first morning, for requests of meetings."""
    environment(NOW="2024-02-12T10:00:00+05:00")
    with database.writing() as db:
        seed(db, cop14, NOW)
    with TestClient(create_api(), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def cop14() -> SourceProgramme:
    """The real conference."""
    return read_folder(settings.DATA / "cop14")


@pytest.fixture
def tiny() -> SourceProgramme:
    """Two days in Lisbon, in the night of which the clocks change."""
    return read_folder(DATA / "tiny")
