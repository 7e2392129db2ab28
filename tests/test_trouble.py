"""Trouble of the database is said: at every door in words, once in the log, at /readyz; nothing is lost."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import create_engine, select

from copapp import database, this_request
from copapp.api import create_api
from copapp.database import engine, migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Attempt
from copapp.services.seed import seed
from tests import services
from tests.askers import ask, new_request
from tests.browser.server import DelegateServer
from tests.conftest import NOW, Environment, every_database, found
from tests.troubles import Survived, Trouble, full, locked, read_only, stopped, survive

WRITING = {"erasing", "a new calendar", "a new request", "the requests as a file", "a file to import"}
SAID = re.compile(r"does not answer ([^:]+): (.*?) \(\w+ at ")
STAFFS = {"a session", "a file to import"}
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) \[(-|[0-9a-f]{8})\] [\w.]+: \S"
)
READING = {"a request", "a calendar", "a staff page", "a session"}


def wait_of(kind: str) -> int:
    """Give how long a transaction that begins now waits for a lock, in ms."""
    statement = (
        "PRAGMA busy_timeout"
        if kind == "sqlite"
        else "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"
    )
    with writing() as db:
        return int(db.connection().exec_driver_sql(statement).scalar_one())


@every_database
def test_whoever_asks_waits_for_a_lock_from_the_start_of_the_request(
    environment: Environment, tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty at once waited one after the other: 15 s."""
    kind = engine().dialect.name

    def of_a_request() -> int:
        this_request.begin_request()
        return wait_of(kind)

    chore = wait_of(kind)
    at_once = copy_context().run(of_a_request)
    monkeypatch.setattr(this_request, "_PATIENCE_SECONDS", 0)
    late = copy_context().run(of_a_request)

    assert chore == (5000 if kind == "sqlite" else 30_000)
    assert 0 < at_once <= 2000
    assert late == (100 if kind == "sqlite" else 1000)


def test_many_who_write_at_once_all_get_their_turn(
    environment: Environment, tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets any of those in that ask: whoever had no luck within the time was told that it is busy."""
    monkeypatch.setattr(this_request, "_PATIENCE_SECONDS", 0)
    monkeypatch.setattr(database, "_TURN_SECONDS", 60)  # on a machine that has much else to do

    def write(number: int) -> None:
        this_request.begin_request()
        with writing() as db:
            db.add(Attempt(kind="ask", key=str(number), at=NOW))
            time.sleep(0.02)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(write, range(40)))

    with reading() as db:
        assert len(db.exec(select(Attempt)).all()) == 40


def test_who_waits_to_write_keeps_nobody_from_reading(environment: Environment, tables: None) -> None:
    waiting = [engine().connect() for _ in range(60)]

    with reading() as db:
        assert db.connection().exec_driver_sql("SELECT 1").scalar_one() == 1

    for each in waiting:
        each.close()


def test_database_that_may_only_be_read_is_said(
    environment: Environment, tiny: SourceProgramme, tmp_path: Path
) -> None:
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    environment(DATABASE_URL=f"sqlite:///file:{tmp_path / 'copapp.db'}?mode=ro&uri=true")

    with TestClient(create_api()) as line:
        answer, ready = ask(line, new_request("Dana")), line.get("/readyz")

    words = "The database cannot be written to: it is read-only (SQLITE_READONLY)."
    assert (answer.status_code, answer.json()["title"]) == (503, "The database does not answer")
    assert answer.headers["retry-after"] == "2"
    assert (ready.status_code, ready.json()["needs"]["database"]) == (503, words)


@pytest.fixture(scope="module")
def postgres_to_stop() -> Iterator[services.Postgres]:
    """A PostgreSQL that no other test uses."""
    with found(services.postgres()) as running:
        yield running


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[DelegateServer]:
    server = DelegateServer(folder, {f"COPAPP_{name}": value for name, value in environment.items()})
    server.seed()
    server.start()
    try:
        yield server
    finally:
        server.close()


def is_told(survived: Survived, doors: set[str], words: str) -> None:
    """What needs the database answers in words, the rest as ever; /readyz and the log say it, once."""
    statuses = survived.statuses()
    assert survived.wrong == []
    assert survived.acknowledged > 0
    assert {door: told for door, told in statuses.items() if 503 in told} == {door: {503} for door in doors}
    assert (statuses["the programme"], statuses["a request's page"]) == ({200}, {200})
    assert {each.answer.headers["location"] for each in survived.told if each.door == "sign-in"} == {
        "/admin/sign-in?problem=busy"
    }
    assert survived.ready.json()["needs"]["database"] == words
    logged = SAID.findall(survived.log)
    assert {where for where, _ in logged} >= {"the API", "staff's doors"}
    assert len(logged) == len(set(logged)), "each once a minute, not for each request"
    assert [each for each in survived.log.splitlines() if not LINE.match(each)] == []
    for each in survived.told:
        if each.answer.status_code == 503 and "problem+json" in each.answer.headers["content-type"]:
            assert each.door in STAFFS or each.answer.json()["request"] == each.answer.headers["x-request-id"]


CANNOT_WRITE = "The database cannot be written to: "


@pytest.mark.parametrize(
    ("trouble", "doors", "words"),
    [
        (locked, WRITING, f"{CANNOT_WRITE}another program holds it (SQLITE_BUSY)."),
        (
            full,
            WRITING - {"erasing"},  # there is nothing to erase, which reading alone tells
            f"{CANNOT_WRITE}the disk takes or gives nothing (SQLITE_IOERR_WRITE).",
        ),
    ],
)
def test_sqlite_in_trouble_is_said_at_every_door_and_nothing_is_lost(
    tmp_path: Path, trouble: Trouble, doors: set[str], words: str
) -> None:
    with served(tmp_path) as server:
        is_told(survive(server, trouble, writers=4), doors, words)


@pytest.mark.parametrize(
    ("trouble", "doors", "words"),
    [
        (stopped, WRITING | READING, "The database does not answer."),
        (read_only, WRITING, f"{CANNOT_WRITE}it is read-only (ReadOnlySqlTransaction)."),
    ],
)
def test_postgresql_in_trouble_is_said_at_every_door_and_nothing_is_lost(
    tmp_path: Path,
    postgres_to_stop: services.Postgres,
    trouble: Callable[[services.Postgres], Trouble],
    doors: set[str],
    words: str,
) -> None:
    with served(tmp_path, DATABASE_URL=postgres_to_stop.new_database()) as server:
        is_told(survive(server, trouble(postgres_to_stop), writers=4), doors, words)


def test_what_no_database_can_hold_is_wrong_and_a_fault_of_ours_is_no_trouble_of_the_database(
    tmp_path: Path, postgres_to_stop: services.Postgres
) -> None:
    """An address with a NUL was answered as if the database were away, and the log said so."""
    url = postgres_to_stop.new_database()
    with served(tmp_path, DATABASE_URL=url) as server:

        def sign_in(email: str) -> httpx.Response:
            form, headers = {"email": email, "password": "a guess"}, {"origin": server.url}
            return httpx.post(f"{server.url}/admin/sign-in", data=form, headers=headers, timeout=30)

        nobody = [sign_in(each) for each in ("\0", "dana\0@example.org", "\x1b@example.org")]
        before = server.log.read_text()
        other = create_engine(url)
        with other.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE attempt RENAME TO another")
        other.dispose()
        fault = sign_in("dana@example.org")
        after = server.log.read_text().removeprefix(before)

    assert [each.headers["location"] for each in nobody] == ["/admin/sign-in?problem=wrong"] * 3
    assert "does not answer" not in before + after
    assert (fault.status_code, fault.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert "A door failed: ProgrammingError at" in after


def test_delegates_ask_on_while_redis_is_away(tmp_path: Path) -> None:
    with found(services.redis_to_stop()) as redis, served(tmp_path, REDIS_URL=redis.url) as server:
        survived = survive(server, stopped(redis), writers=4)

    assert survived.wrong == []
    assert survived.ready.json()["needs"]["redis"].startswith("Redis does not answer")
    assert {503} not in survived.statuses().values()
