"""What befalls a database and Redis beneath a running app, and what every door says meanwhile."""

import os
import resource
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx
from sqlmodel import Session, create_engine

from copapp.database_address import database_address
from copapp.models import StaffRole
from copapp.services import passwords, staff
from tests.askers import REQUESTS, Asked, ask, new_request
from tests.browser.server import DelegateServer
from tests.kills import Letters, look_for_lost, wait_for_news, writing
from tests.meeting_requests import MONDAY
from tests.services import Postgres, RedisServer

PASSWORD = "a quiet steppe at dawn"
BOSS = "boss@altyndala.example"
AT_ONCE = 40
Trouble = Callable[[DelegateServer], AbstractContextManager[None]]
Ask = Callable[[httpx.Client], httpx.Response]


@dataclass(frozen=True)
class Told:
    """What one door answered, and after how many seconds."""

    door: str
    answer: httpx.Response
    seconds: float


@dataclass
class Survived:
    """How an app came through: what it told and wrote into its log meanwhile, and what was wrong."""

    told: list[Told]
    ready: httpx.Response
    acknowledged: int
    log: str
    wrong: list[str] = field(default_factory=list)

    def statuses(self) -> dict[str, set[int]]:
        """Give what each door answered."""
        return {
            door: {each.answer.status_code for each in self.told if each.door == door}
            for door in dict.fromkeys(each.door for each in self.told)
        }


def survive(server: DelegateServer, trouble: Trouble, writers: int, lasts: float = 0) -> Survived:
    """Bring a trouble over a running server under writers; ask every door meanwhile; look what is lost."""
    cookie, letters, since = _sign_in(server), Letters(), server.log.stat().st_size
    phones = [new_request(f"Phone {number}") for number in range(AT_ONCE)]
    with writing(server.url, letters, writers):
        wait_for_news(letters, 0.2)
        token = next(iter(letters.acknowledged.values()))
        httpx.get(f"{server.url}/api/v1/slots").raise_for_status()  # as every phone does, and they are held
        with trouble(server):
            began = time.monotonic()
            ready = _wait_until(server, is_ready=False)
            told = ask_every_door(server, cookie, token, letters, phones)
            while time.monotonic() - began < lasts:
                told += ask_every_door(server, cookie, token, letters, phones)
        _wait_until(server, is_ready=True)
        wait_for_news(letters, 0.2)
    acknowledged = len(letters.acknowledged)
    look_for_lost(server, letters)
    log = server.log.read_bytes()[since:].decode()
    return Survived(told, ready, acknowledged, log, [*letters.wrong, *_wrong_with(told)])


def _sign_in(server: DelegateServer) -> dict[str, str]:
    """Make a coordinator and give the headers of a page of theirs."""
    engine = create_engine(database_address(server.environment["COPAPP_DATABASE_URL"]))
    with Session(engine) as db:
        boss = next((each for each in staff.members(db) if each.email == BOSS), None)
        if boss is None:
            boss = staff.add_member(db, None, "Boss", BOSS, StaffRole.COORDINATOR, MONDAY)
            boss.password_hash = passwords.hash_password(PASSWORD)
            db.add(boss)
        token = staff.open_session(db, boss.id or 0, MONDAY)
        db.commit()
    engine.dispose()
    return {"cookie": f"copapp-staff={token}", "origin": server.url}


def ask_every_door(
    server: DelegateServer, headers: dict[str, str], token: str, letters: Letters, phones: list[Asked]
) -> list[Told]:
    """Ask them all at once, and that of the delegates' requests by every phone, which tries on and on."""
    form = {"email": BOSS, "password": PASSWORD}
    doors: dict[str, Ask] = {
        "the programme": lambda line: line.get("/"),
        "its document": lambda line: line.get("/api/v1/programme"),
        "slots": lambda line: line.get("/api/v1/slots"),
        "a request's page": lambda line: line.get(f"/meet/{token}"),
        "a request": lambda line: line.get(f"{REQUESTS}/{token}"),
        "erasing": lambda line: line.delete(f"{REQUESTS}/{'x' * 32}"),
        "a calendar": lambda line: line.get(f"/api/v1/calendars/{'x' * 32}.ics"),
        "a new calendar": lambda line: line.post(
            "/api/v1/calendars", json={}, headers={"idempotency-key": secrets.token_urlsafe(16)}
        ),
        "sign-in": lambda line: line.post("/admin/sign-in", data=form, headers=headers),
        "a staff page": lambda line: line.get("/admin", headers=headers),
        "a session": lambda line: line.get("/admin/session", headers=headers),
        "the requests as a file": lambda line: line.get("/admin/requests.csv", headers=headers),
        "a file to import": lambda line: line.post("/admin/import/file", content=b"a", headers=headers),
    }
    asking: list[tuple[str, Ask]] = [
        *doors.items(),
        *(("a new request", partial(_ask, letters, each)) for each in phones),
    ]
    with ThreadPoolExecutor(len(asking)) as pool, httpx.Client(base_url=server.url, timeout=60) as line:
        waiting = [pool.submit(_timed, line, door, knock) for door, knock in asking]
        return [each.result() for each in waiting]


def _ask(letters: Letters, asked: Asked, line: httpx.Client) -> httpx.Response:
    letters.sent[asked.key] = asked
    answer: httpx.Response = ask(line, asked)
    if answer.status_code == HTTPStatus.CREATED:
        letters.acknowledged[asked.key] = answer.json()["token"]
    return answer


def _timed(line: httpx.Client, door: str, knock: Ask) -> Told:
    answer = knock(line)
    return Told(door, answer, answer.elapsed.total_seconds())


def _wrong_with(told: list[Told]) -> list[str]:
    """Say which answer is bare: without words, without a header that all have, or a fault."""
    wrong = []
    for each in told:
        headers, status = each.answer.headers, each.answer.status_code
        if status in {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY}:
            wrong.append(f"{each.door} answered {status}: {each.answer.text[:200]}")
        if "x-content-type-options" not in headers or "content-security-policy" not in headers:
            wrong.append(f"{each.door} answered {status} without the headers that all have")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            if not each.answer.text.strip() or "retry-after" not in headers:
                wrong.append(f"{each.door} answered {status} without words, or without when to try again")
            if headers.get("cache-control") != "no-store":
                wrong.append(f"{each.door} answered {status}, which may be kept")
    return wrong


def _wait_until(server: DelegateServer, *, is_ready: bool) -> httpx.Response:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            answer = httpx.get(f"{server.url}/readyz", timeout=30)
            if answer.is_success is is_ready:
                return answer
        time.sleep(0.1)
    raise RuntimeError(f"/readyz did not become {'ready' if is_ready else 'unready'} within a minute")


@contextmanager
def locked(server: DelegateServer) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    with closing(sqlite3.connect(_file(server), isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(server: DelegateServer) -> Iterator[None]:
    """No file can grow past what the write-ahead log has reached: the log of the app stays far below."""
    log = Path(f"{_file(server)}-wal")
    with closing(sqlite3.connect(_file(server), isolation_level=None, timeout=60)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM meetingrequest").fetchone()  # so that nobody begins it again
        with closing(sqlite3.connect(_file(server), timeout=60)) as filler:
            filler.execute("CREATE TABLE filler AS SELECT zeroblob(2000000) AS filling")
            filler.execute("DROP TABLE filler")
            filler.commit()
        _limit(server, log.stat().st_size)
        try:
            yield
        finally:
            _limit(server, resource.RLIM_INFINITY)


def _limit(server: DelegateServer, most: int) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getpgid(int(process.name)) == server.group:
                resource.prlimit(int(process.name), resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _file(server: DelegateServer) -> str:
    return str(database_address(server.environment["COPAPP_DATABASE_URL"]).database)


def read_only(postgres: Postgres) -> Trouble:
    """PostgreSQL takes no writing, as a standby does."""

    @contextmanager
    def trouble(server: DelegateServer) -> Iterator[None]:
        postgres.set_read_only(server.environment["COPAPP_DATABASE_URL"], is_on=True)
        yield
        postgres.set_read_only(server.environment["COPAPP_DATABASE_URL"], is_on=False)

    return trouble


def stopped(service: Postgres | RedisServer) -> Trouble:
    """PostgreSQL or Redis ends, and comes back with what it had, or nothing."""

    @contextmanager
    def trouble(_: DelegateServer) -> Iterator[None]:
        service.stop()
        yield
        service.start()

    return trouble
