"""Meeting requests at full size: races for one time, kills of the server, floods of requests."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from copapp.database import hang_up, migrate, writing
from copapp.interop.conference_folder import read_folder
from copapp.settings import DATA, settings
from tests import services
from tests.askers import PROOF_WANTED
from tests.browser.server import DelegateServer
from tests.floods import flood, honest, scripted
from tests.kills import kill_under_writers
from tests.listeners import mail_server
from tests.meeting_requests import staffed
from tests.races import OVERLAPPING, SAME, by_staff, in_threads, over_http, processes, run_rounds

CONTENDERS, WORKERS = 100, 4
KILLS, WRITERS = 100, 20
PEOPLE, SCRIPTS, SCRIPTS_LET_IN = 1_000, 10_000, 20
SOLVED, MOST_TO_ANSWER, MOST_HEARD, ANSWERED_WITHIN_SECONDS = 10_000, 20, 1_000_000, 10


def races(rounds: int) -> list[str]:
    """Race for one time on each database, from one process, several, and through a served app."""
    wrong = []
    with services.postgres() as postgres, services.redis_server() as redis:
        for given in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory() as folder:
                url = postgres.new_database() if given == "PostgreSQL" else f"sqlite:///{folder}/copapp.db"
                with _database(url):
                    wrong += _races_on(given, Path(folder), url, redis, rounds)
    return wrong


@contextmanager
def _database(url: str) -> Iterator[None]:
    """Let this process use a database, with the conference and two of us."""
    before = os.environ.get("COPAPP_DATABASE_URL")
    os.environ["COPAPP_DATABASE_URL"] = url
    settings.cache_clear()
    migrate()
    with writing() as db:
        staffed(db, read_folder(DATA / "cop14"))
    yield
    hang_up()
    os.environ.pop("COPAPP_DATABASE_URL")
    os.environ.update({"COPAPP_DATABASE_URL": before} if before else {})
    settings.cache_clear()


def _races_on(name: str, folder: Path, url: str, redis: str, rounds: int) -> list[str]:
    wrong = []
    with ExitStack() as open_:
        several = open_.enter_context(processes(WORKERS))
        one_worker = open_.enter_context(_served(folder / "one", url, {}))
        workers = open_.enter_context(
            _served(folder / "several", url, {"WORKERS": str(WORKERS), "COPAPP_REDIS_URL": redis})
        )
        ways = {
            "threads of one process": (in_threads, True),
            f"{WORKERS} processes": (several, True),
            "a served worker": (over_http(one_worker.url), False),
            f"{WORKERS} served workers with Redis": (over_http(workers.url), False),
            f"staff's pages on {WORKERS} workers with Redis": (by_staff(workers), True),
        }
        for way, (race, is_named) in ways.items():
            for what, offsets in (("the same slot", SAME), ("overlapping times", OVERLAPPING)):
                tally = run_rounds(race, rounds, CONTENDERS, offsets, is_named=is_named)
                print(
                    f"{tally.rounds} races of {CONTENDERS} for {what} on {name}, {way}: "
                    f"{len(tally.wrong)} wrong.",
                    flush=True,
                )
                wrong += [f"{name}, {way}, {what}: {each}" for each in tally.wrong]
    return wrong


@contextmanager
def _served(folder: Path, url: str, given: dict[str, str]) -> Iterator[DelegateServer]:
    folder.mkdir()
    server = DelegateServer(
        folder, {"COPAPP_DATABASE_URL": url, "COPAPP_SITES": str(folder / "site")} | given
    )
    server.run("seed")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def kills(number: int) -> list[str]:
    """Kill the server under writers; what was acknowledged must be there once."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/copapp.db"
        with _served(Path(folder) / "served", url, {}) as server:
            outcome = kill_under_writers(server, number, WRITERS, alive=0.5)
    print(
        f"{outcome.kills} kills under {WRITERS} writers: {outcome.acknowledged:,} requests acknowledged, "
        f"{outcome.kept_unanswered} kept whose answer was lost, {len(outcome.wrong)} wrong."
    )
    return outcome.wrong


def solved_flood(number: int) -> list[str]:
    """Let a script that does the work ask so often from one network, and a delegate in the middle of it."""
    with tempfile.TemporaryDirectory() as folder, mail_server() as smtp:
        url = f"sqlite:///{folder}/copapp.db"
        given = {"COPAPP_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}?from=meetings@altyndala.example"}
        with _database(url), _served(Path(folder) / "served", url, given) as server:
            found = flood(server, smtp, number)
    print(
        f"{number:,} solved requests from one network: {found.before}; the desk page got "
        f"{found.heard / 1e6:.2f} MB; a delegate was answered by mail after {found.seconds:.1f} s, "
        f"{found.in_by_then:,} being in; one tap left {found.after}."
    )
    checks = {
        "more wait for an answer than can be read": found.before["answer"] <= MOST_TO_ANSWER,
        "not every request is there": found.before["answer"] + found.before["held_back"] == number,
        "one tap did not clear the rest": found.after["held_back"] == 0,
        "the desk page got too much": found.heard < MOST_HEARD,
        "the delegate waited too long": found.seconds < ANSWERED_WITHIN_SECONDS,
        "the delegate waited for the flood's end": found.in_by_then < number,
    }
    return [words for words, is_right in checks.items() if not is_right]


def floods(people: int, scripts: int) -> list[str]:
    """Let scripts flood a served app, and people ask meanwhile and after."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/copapp.db"
        with (
            _served(Path(folder) / "served", url, {}) as server,
            httpx.Client(base_url=server.url, timeout=60) as line,
        ):
            of_scripts = scripted(line, scripts, at_once=20)
            of_people = honest(line, people, at_once=8)
    print(f"{scripts:,} scripted requests: {_said(of_scripts)}; {people:,} of people: {_said(of_people)}.")
    let_in = of_scripts[201]
    checks: dict[str, Callable[[], bool]] = {
        f"{let_in} scripted requests were let in": lambda: let_in <= SCRIPTS_LET_IN,
        f"scripts were told {_said(of_scripts)}": lambda: of_scripts.keys() <= {201, PROOF_WANTED},
        f"people were told {_said(of_people)}": lambda: of_people == {201: people},
    }
    return [words for words, is_right in checks.items() if not is_right()]


def _said(answers: Counter[int]) -> str:
    return ", ".join(f"{number:,} got {status}" for status, number in sorted(answers.items()))
