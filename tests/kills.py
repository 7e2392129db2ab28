"""Writers who ask while the server dies again and again, and what they and the database must agree on."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from sqlalchemy import create_engine, make_url, text

from copapp.services.tokens import hash_of
from tests.askers import Asked, ask, new_request
from tests.browser.server import DelegateServer

AGAIN_SECONDS = 0.2


@dataclass
class Letters:
    """What the writers sent, and what they were told: the token of each key that was acknowledged."""

    sent: dict[str, Asked] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What was found after the last kill; `kept_unanswered` are requests whose reply was lost."""

    kills: int
    acknowledged: int
    kept_unanswered: int
    wrong: list[str]


def kill_under_writers(server: DelegateServer, kills: int, writers: int, alive: float) -> Outcome:
    """Kill a running server so often, each time after about `alive` seconds, while writers write."""
    letters, kept = Letters(), 0
    with writing(server.url, letters, writers):
        for _ in range(kills):
            wait_for_news(letters, alive)
            server.kill()
            waiting = {hash_of(key) for key in list(letters.sent) if key not in letters.acknowledged}
            kept += len(_rows(server).keys() & waiting)
            server.start()
        wait_for_news(letters, alive)
    acknowledged = len(letters.acknowledged)
    look_for_lost(server, letters)
    return Outcome(kills, acknowledged, kept, letters.wrong)


def look_for_lost(server: DelegateServer, letters: Letters) -> None:
    """Add to `letters.wrong` whatever the database and the writers do not agree on."""
    _compare(server, letters, list(letters.acknowledged))  # before the replays: they bring back what was lost
    _replay(server, letters)
    _compare(server, letters, list(letters.sent))
    if len(_rows(server)) != len(letters.sent):
        letters.wrong.append(f"{len(_rows(server))} requests are there, {len(letters.sent)} were sent")


def wait_for_news(letters: Letters, seconds: float) -> None:
    """A kill before anything was acknowledged would prove nothing."""
    before, end = len(letters.acknowledged), time.monotonic() + 60
    time.sleep(seconds)
    while len(letters.acknowledged) == before:
        if time.monotonic() > end:
            raise RuntimeError("nothing was acknowledged for a minute")
        time.sleep(0.01)


@contextmanager
def writing(url: str, letters: Letters, writers: int) -> Iterator[None]:
    ended = threading.Event()
    with ThreadPoolExecutor(writers) as pool:
        running = [pool.submit(_write, url, letters, f"Writer {each}", ended) for each in range(writers)]
        try:
            yield
        finally:
            ended.set()
    for each in running:
        each.result()


def _write(url: str, letters: Letters, who: str, ended: threading.Event) -> None:
    """Ask for one meeting after another; each until it is acknowledged, as a phone does, or all is over."""
    turn = 0
    with httpx.Client(base_url=url, timeout=10) as line:
        while not ended.is_set():
            turn += 1
            asked = new_request(f"{who} turn {turn}")
            letters.sent[asked.key] = asked
            while not _deliver(line, letters, asked) and not ended.wait(AGAIN_SECONDS):
                pass


def _deliver(line: httpx.Client, letters: Letters, asked: Asked) -> bool:
    try:
        answer = ask(line, asked)
    except httpx.TransportError:
        return False
    if answer.status_code == HTTPStatus.CREATED:
        letters.acknowledged[asked.key] = answer.json()["token"]
    elif answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
        letters.wrong.append(f"a writer was told {answer.status_code}: {answer.text}")
    return bool(answer.status_code == HTTPStatus.CREATED)


def _replay(server: DelegateServer, letters: Letters) -> None:
    """Send everything again: what was acknowledged has its token, what was not gets one that stays."""
    with httpx.Client(base_url=server.url, timeout=30) as line:
        for key, asked in letters.sent.items():
            tokens = [ask(line, asked).json().get("token") for _ in range(2)]
            if {*tokens} != {letters.acknowledged.get(key, tokens[0])}:
                letters.wrong.append(f"a key has several tokens: {tokens}")
            letters.acknowledged.setdefault(key, tokens[0])


def _compare(server: DelegateServer, letters: Letters, keys: list[str]) -> None:
    """Each is there once, by its key and by what was written."""
    rows = _rows(server)
    contents = Counter(content for _, content in rows.values())
    for key in keys:
        content = _content(letters.sent[key])
        if rows.get(hash_of(key)) != (hash_of(letters.acknowledged[key]), content):
            letters.wrong.append("an acknowledged request is not in the database")
        if contents[content] != 1:
            letters.wrong.append(f"a request is there {contents[content]} times")


def _content(asked: Asked) -> tuple[str, ...]:
    return tuple(str(asked.body[name]) for name in ("name", "organisation", "email", "reason"))


def _rows(server: DelegateServer) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Read what is stored, past the app: the token's hash and the content by the key's hash."""
    address = make_url(server.environment["COPAPP_DATABASE_URL"])
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT key_hash, token_hash, name, organisation, email, reason FROM meetingrequest")
        ).all()
    engine.dispose()
    return {key_hash: (token_hash, tuple(content)) for key_hash, token_hash, *content in found}
