"""What is erased is in no byte any more: of the database's files, its log, the outbox, what was printed."""

import time
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from urllib.parse import quote

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlmodel import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from copapp.cli import app
from copapp.database import engine, reading, writing
from copapp.models import MeetingRequest, OutboxMessage
from copapp.services import meetings
from tests.askers import REQUESTS, Asked, ask, new_request
from tests.browser.server import DelegateServer
from tests.conftest import Environment, every_database
from tests.meeting_requests import MONDAY, add_member, terms
from tests.services import free_port

pytestmark = every_database

# Words that stand nowhere but in what the person wrote, and what staff wrote of him.
CANARIES = ("Kanarienvogel", "zwitscherstelle", "tschilp-tschilp", "Wellensittichverband", "gefiedert")
WRITTEN = {
    "name": "Kanarienvogel",
    "email": "kanarienvogel@zwitscherstelle.example",
    "organisation": "Wellensittichverband",
    "reason": "tschilp-tschilp " * 100,
}
AFTER_THIRTY_DAYS = "2024-03-20T09:00:00+05:00"
PATIENCE_SECONDS = 60


class House:
    """A served app, what it keeps and what it has printed; its mail server and channel do not answer."""

    def __init__(self, folder: Path, database_url: str) -> None:
        dead = free_port()
        self.folder, self.database_url = folder, database_url
        self.server = DelegateServer(
            folder,
            {
                "COPAPP_DATABASE_URL": database_url,
                "COPAPP_SMTP_URL": f"smtp://127.0.0.1:{dead}?from=meetings@altyndala.example",
                "COPAPP_WEBHOOK_URL": f"http://127.0.0.1:{dead}/hook",
            },
        )

    def line(self) -> httpx.Client:
        """Open a connection to it."""
        return httpx.Client(base_url=self.server.url, timeout=30)

    def canaries(self) -> list[str]:
        """List the words that are kept, in SQLite's files or PostgreSQL's tables."""
        return _in(self._files() if self.database_url.startswith("sqlite") else _rows(self.database_url))

    def _files(self) -> bytes:
        return b"".join(each.read_bytes() for each in self.folder.glob("copapp.db*"))

    def printed_canaries(self) -> list[str]:
        """List the words that stand in the server's log."""
        return _in(self.server.log.read_bytes())


def _rows(url: str) -> bytes:
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute("SELECT relname FROM pg_stat_user_tables")]
        whole = sql.SQL("SELECT t::text FROM {} t")
        found = [connection.execute(whole.format(sql.Identifier(each))).fetchall() for each in names]
    return "\n".join(text for rows in found for (text,) in rows).encode()


def _in(given: bytes) -> list[str]:
    return [each for each in CANARIES if each.lower().encode() in given.lower()]


@pytest.fixture
def house(tmp_path: Path, database_url: str, environment: Environment) -> Iterator[House]:
    made = House(tmp_path, database_url)
    made.server.seed()
    made.server.start()
    yield made
    made.server.close()


def let_a_canary_in(house: House) -> tuple[Asked, str]:
    """Let one person ask, and staff note, propose and agree, so that there is much to erase."""
    form = new_request(**WRITTEN)
    with house.line() as line:
        token = ask(line, form).json()["token"]
        with writing() as db:
            aigul = add_member(db, "aigul")
            number = db.exec(select(MeetingRequest.id)).one() or 0
            meetings.note(db, number, aigul, "He is gefiedert", MONDAY)
            meetings.propose(db, number, aigul, terms(aigul), MONDAY, "Dear Kanarienvogel, come gefiedert")
        proposal = line.get(f"{REQUESTS}/{token}").json()["proposal"]["id"]
        line.post(f"{REQUESTS}/{token}/answer", json={"action": "accept", "proposal": proposal})
    wait_until(lambda: any(_errors()))  # the outbox has tried, and keeps what it was told
    return form, token


def _errors() -> list[str]:
    with reading() as db:
        return list(db.exec(select(OutboxMessage.error)))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def assert_forgotten(house: House, form: Asked, token: str) -> None:
    """Only the tombstone answers, also where the phone sends its form again."""
    with house.line() as line:
        assert line.get(f"{REQUESTS}/{token}").json()["code"] == "erased"
        assert ask(line, form).json()["status"] == "erased"
    assert house.canaries() == []
    assert house.printed_canaries() == []
    assert token.encode() not in house.server.log.read_bytes()


def test_erased_by_link_nothing_is_left(house: House) -> None:
    form, token = let_a_canary_in(house)
    before = house.canaries()

    with house.line() as line:
        answers = [line.delete(f"{REQUESTS}/{token}").json() for _ in range(2)]

    assert before == list(CANARIES)  # else this would find nothing to leak
    assert answers == [{"status": "erased"}] * 2
    assert_forgotten(house, form, token)


def test_erased_while_others_read_nothing_is_left(house: House) -> None:
    """A reader keeps the write-ahead log from being emptied as long as it reads."""
    form, token = let_a_canary_in(house)
    ended = Event()

    def read() -> int:
        with house.line() as line:
            while not ended.is_set():
                assert line.get("/api/v1/slots").is_success
        return 1

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(8)]
        with house.line() as line:
            line.delete(f"{REQUESTS}/{token}")
        found = house.canaries()
        ended.set()

    assert sum(each.result() for each in readers) == 8
    assert found == []
    assert_forgotten(house, form, token)


def test_erased_while_one_reads_for_long_it_goes_once_the_reader_has_ended(house: House) -> None:
    """Such a reader keeps what it sees, so the log is not emptied when the answer goes out."""
    form, token = let_a_canary_in(house)

    with reading() as reader:
        reader.exec(select(MeetingRequest)).all()
        with house.line() as line:
            erased = line.delete(f"{REQUESTS}/{token}")
    wait_until(lambda: house.canaries() == [])

    assert erased.json() == {"status": "erased"}
    assert_forgotten(house, form, token)


@pytest.mark.parametrize("by", ["--email", "--link"])
def test_erased_from_the_command_line_nothing_is_left(house: House, by: str) -> None:
    form, token = let_a_canary_in(house)
    given = WRITTEN["email"].upper() if by == "--email" else f"https://cop.example/meet/{token}"

    said = house.server.run("erase", by, given)

    assert "Erased: 1" in said
    assert_forgotten(house, form, token)


CYRILLIC = "Иван@министерство.рф"
FRENCH = "Élodie@Ministry.example"


@pytest.mark.parametrize(
    ("kept", "given"),
    [
        *((each, change(each)) for each in (FRENCH, CYRILLIC) for change in (str, str.lower, str.upper)),
        (FRENCH, unicodedata.normalize("NFD", FRENCH)),
        (FRENCH, f"Élodie <{FRENCH}>"),
        (FRENCH, f"mailto:{quote(FRENCH)}?subject=Yes"),
        (FRENCH, f" {FRENCH}. "),
    ],
)
def test_address_is_erased_however_it_is_written(line: TestClient, kept: str, given: str) -> None:
    """A request with a capital outside ASCII in its address could not be erased by it at all."""
    ask(line, new_request("Other"))
    ask(line, new_request("Somebody", email=kept))

    done = CliRunner().invoke(app, ["erase", "--email", given])

    assert (done.exit_code, done.output) == (0, "Erased: 1.\n")
    with reading() as db:
        assert db.exec(select(MeetingRequest.name)).all() == ["Other"]


@pytest.mark.parametrize("given", ["nobody", "one@a.example, two@b.example"])
def test_erasing_wants_one_address(line: TestClient, given: str) -> None:
    done = CliRunner().invoke(app, ["erase", "--email", given])

    assert (done.exit_code, done.output) == (2, "Say one address: --email ann@example.org.\n")


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "{}/",
        "{}.",
        "({})",
        "\u2039{}\u203a",
        "{}?utm=1",
        "{}?x=1#main",
        "<{}?utm=1>",
        "Please erase {} soon",
    ],
)
@pytest.mark.parametrize("change", [str, str.upper])
def test_link_is_erased_however_it_is_written(
    line: TestClient, written: str, change: Callable[[str], str]
) -> None:
    """The app opened such a link, and the command said that there was no such request."""
    token = ask(line, new_request("Somebody")).json()["token"]
    link = change(f"https://meet.example.org/meet/{token}")

    done = CliRunner().invoke(app, ["erase", "--link", written.format(link)])

    assert (done.exit_code, done.output) == (0, "Erased: 1.\n")


def test_thirty_days_after_the_conference_nothing_is_left(house: House) -> None:
    form, token = let_a_canary_in(house)
    before = house.canaries()
    house.server.stop()

    house.server.environment["COPAPP_NOW"] = AFTER_THIRTY_DAYS
    house.server.run("clock", "--confirm")
    house.server.start()
    with house.line() as line:
        wait_until(lambda: line.get(f"{REQUESTS}/{token}").status_code == 410)
    wait_until(lambda: house.canaries() == [])  # the log is emptied right after

    assert before == list(CANARIES)
    assert_forgotten(house, form, token)


def test_fault_prints_nothing_that_was_written(house: House) -> None:
    """A database's complaint quotes the row it was given, unless it is told not to."""
    with engine().begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX one_organisation ON meetingrequest (organisation)")

    with house.line() as line:
        answers = [ask(line, new_request(**WRITTEN)) for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 500]
    assert answers[1].headers["content-type"] == "application/problem+json"
    assert _in(answers[1].content) == []
    wait_until(lambda: "IntegrityError" in house.server.log.read_text())
    assert house.printed_canaries() == []
