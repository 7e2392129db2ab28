"""No chore dies of anything: it is logged by its name, seen, done again, and keeps no other waiting."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from copapp import clock, database
from copapp.chore_runs import chore_runs
from copapp.chores import CHORES, Chore, attempt, do_chores
from copapp.database import engine, reading, scrub, writing
from copapp.domain.source import SourceProgramme
from copapp.i18n import catalogue
from copapp.models import (
    Attempt,
    Channel,
    GivenFile,
    MeetingReply,
    MeetingRequest,
    OutboxMessage,
    RequestStatus,
    StaffCalendar,
    WatchedAddress,
)
from copapp.services import meetings, watching
from copapp.services.clock_watch import believe
from copapp.services.given_files import keep_file
from copapp.services.safety_copies import keep_copy
from copapp.settings import settings
from tests.conftest import Environment
from tests.listeners import WebPage, mail_server, settle, web_page
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms
from tests.programme_files import PAGES
from tests.reply_mails import mailed, reply
from tests.services import ImapServer

AFTERWARDS = MONDAY + timedelta(days=90)
HOUR = timedelta(hours=1)
TEXT = (PAGES / "connecting.txt").read_bytes()
CANARY = "dana@ministry.example"


class MadeUpError(Exception):
    """No library raises it, and its text is what no log may quote."""


@dataclass
class Work:
    """What one chore has to do at an instant, and whether it is done; `again` brings what a try uses up."""

    at: datetime
    is_done: Callable[[Session], bool]
    again: Callable[[], None] = lambda: None


@dataclass
class World:
    """A staffed conference, and servers beside it, for the chores to work on."""

    house: Staffed
    page: WebPage
    imap: ImapServer
    monkeypatch: pytest.MonkeyPatch


def erasing(world: World) -> Work:
    asked(world.house.db)
    return Work(AFTERWARDS, lambda db: db.exec(select(MeetingRequest)).first() is None)


def calendars(world: World) -> Work:
    member = world.house.aigul.id or 0
    world.house.db.add(
        StaffCalendar(member_id=member, of_team=False, token_hash="x", language="en", created_at=MONDAY)
    )
    return Work(AFTERWARDS, lambda db: db.exec(select(StaffCalendar)).first() is None)


def lapsing(world: World) -> Work:
    asked(world.house.db)
    lapsed = RequestStatus.LAPSED
    return Work(TEN + minutes(1), lambda db: db.exec(select(MeetingRequest)).one().status is lapsed)


def attempts(world: World) -> Work:
    world.house.db.add(Attempt(kind="ask", key="x", at=MONDAY))
    return Work(MONDAY + timedelta(days=2), lambda db: db.exec(select(Attempt)).first() is None)


def files(world: World) -> Work:
    keep_file(world.house.db, world.house.aigul, b"a", MONDAY)
    return Work(MONDAY + timedelta(days=2), lambda db: db.exec(select(GivenFile)).first() is None)


def scrubbing(world: World) -> Work:
    """What is erased stays in the write-ahead log while somebody reads what was there before."""
    log = Path(f"{engine().url.database}-wal")

    def again() -> None:
        with reading() as reader:
            reader.exec(select(MeetingRequest)).all()
            with writing() as db:
                db.add(Attempt(kind="ask", key="x", at=MONDAY))
            scrub()
        assert log.stat().st_size > 0

    return Work(MONDAY, lambda _: log.stat().st_size == 0, again)


def delivery(world: World) -> Work:
    asked(world.house.db)
    unsent = select(OutboxMessage).where(
        OutboxMessage.channel == Channel.MAIL, col(OutboxMessage.sent_at).is_(None)
    )
    return Work(MONDAY, lambda db: db.exec(unsent).first() is None)


def copies(world: World) -> Work:
    folder = settings().safety_copies

    def again() -> None:
        keep_copy("erasing", MONDAY)

    return Work(MONDAY + timedelta(days=2), lambda _: not list(folder.iterdir()), again)


def replies(world: World) -> Work:
    request = asked(world.house.db)
    meetings.propose(world.house.db, request.id or 0, world.house.aigul, terms(world.house.aigul), MONDAY)
    number, uid, user = request.id, request.uid, "chores@altyndala.example"
    world.monkeypatch.setenv("SSL_CERT_FILE", str(world.imap.certificate))
    address = f"imaps://{user.replace('@', '%40')}:right@localhost:{world.imap.port}/INBOX"
    settle(world.monkeypatch, IMAP_URL=address)

    def again() -> None:
        mailbox = world.imap.open(user)
        mailbox.append("INBOX", "", "", mailed(reply(uid)))
        mailbox.logout()

    def is_done(db: Session) -> bool:
        """Followed, or left to staff: a mail that cannot be followed keeps none after it waiting."""
        is_followed = db.get_one(MeetingRequest, number).status is RequestStatus.ACCEPTED
        return is_followed or bool(db.exec(select(MeetingReply)).all())

    return Work(MONDAY, is_done, again)


def looking(world: World) -> Work:
    watching.watch(world.house.db, world.house.aigul, world.page.url, TEXT, MONDAY)
    settle(world.monkeypatch, FETCH_ALLOW=world.page.place)
    first = MONDAY + HOUR

    def is_done(db: Session) -> bool:
        found = db.exec(select(WatchedAddress)).one()
        return found.looked_at >= first and not found.problem

    return Work(first, is_done)


WORK: dict[str, Callable[[World], Work]] = {
    "erasing": erasing,
    "calendars": calendars,
    "lapsing": lapsing,
    "attempts": attempts,
    "files": files,
    "scrubbing": scrubbing,
    "delivery": delivery,
    "copies": copies,
    "replies": replies,
    "watching": looking,
}


@pytest.fixture
def world(
    db: Session, cop14: SourceProgramme, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    with web_page(TEXT) as page, mail_server() as smtp:
        settle(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{smtp.port}?from=us@altyndala.example")
        yield World(staffed(db, cop14), page, imap, monkeypatch)


@contextmanager
def broken_at(step: int) -> Iterator[list[int]]:
    """Fail at one of the steps to the database: connections, statements and commits are counted from one."""
    taken = [0]

    def take(*_: object) -> None:
        taken[0] += 1
        if taken[0] == step:
            raise MadeUpError(CANARY)

    steps = [(engine(), name, take) for name in ("checkout", "before_cursor_execute", "commit")]
    for each in steps:
        event.listen(*each)
    yield taken
    for each in steps:
        event.remove(*each)


def restored(kept: bytes) -> None:
    """Put the database back as it was."""
    file = Path(engine().url.database or "")
    for name in list(database._engines):
        database._engines.pop(name).dispose()
    for beside in ("-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    file.write_bytes(kept)


def is_done(work: Work) -> bool:
    with reading() as db:
        return work.is_done(db)


def test_every_chore_is_tried_here() -> None:
    assert list(WORK) == [each.name for each in CHORES]


@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.name)
def test_chore_goes_on_whichever_step_fails(
    chore: Chore, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """One exception of an unforeseen kind ended all mail of a worker until its restart, in silence."""

    def tell_time(instant: datetime) -> None:
        settle(world.monkeypatch, NOW=instant.isoformat())
        clock.clock.cache_clear()

    work = WORK[chore.name](world)
    world.house.db.commit()
    world.house.db.close()
    engine().dispose()
    kept = Path(engine().url.database or "").read_bytes()
    step, steps = 0, 1
    while step <= steps:
        restored(kept)
        with writing() as db:
            believe(db, work.at)
        work.again()
        caplog.clear()
        tell_time(work.at)
        assert not is_done(work)
        with broken_at(step) as taken:
            attempt(chore)
        steps = max(steps, taken[0])
        told = [each for each in caplog.records if each.levelno == logging.ERROR]
        has_broken = 0 < step <= taken[0]
        assert has_broken == any("MadeUpError at " in each.getMessage() for each in told)
        assert CANARY not in caplog.text
        if has_failed := [each for each in chore_runs() if each.failing_since]:
            assert [each.name for each in has_failed] == [chore.name]
            assert any(f"The chore {chore.name} failed" in each.getMessage() for each in told)

        for later in (minutes(0), HOUR, 25 * HOUR):  # at once, or when a lease or a wait is over
            tell_time(work.at + later)
            attempt(chore)

        assert is_done(work), f"not done after a failure at step {step} of {steps}"
        assert [each.name for each in chore_runs() if each.failing_since] == []
        step += 1
    assert steps > 0


DEADLY = [
    ValueError,
    LookupError,
    MemoryError,
    RecursionError,
    GeneratorExit,
    SystemExit,
    KeyboardInterrupt,
    asyncio.CancelledError,
]


@pytest.mark.parametrize("deadly", DEADLY)
def test_nothing_but_the_end_of_the_process_ends_a_chore(
    environment: Environment, deadly: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """Also what is no Exception: in a thread it would end that thread's work, or the whole worker."""
    turns = {"dying": 0, "living": 0}

    async def live() -> bool:
        loop, has_gone_on = asyncio.get_running_loop(), asyncio.Event()

        def die() -> None:
            turns["dying"] += 1
            if turns["dying"] < 4:
                raise deadly(CANARY)
            loop.call_soon_threadsafe(has_gone_on.set)

        def go_on() -> None:
            turns["living"] += 1

        chores = asyncio.create_task(do_chores(Chore("dying", 0.0, die), Chore("living", 0.0, go_on)))
        await has_gone_on.wait()
        chores.cancel()
        await asyncio.gather(chores, return_exceptions=True)
        return chores.cancelled()

    with ThreadPoolExecutor(1) as pool:  # in this one a browser's loop may run already
        assert pool.submit(asyncio.run, live()).result()

    assert turns["living"] > 0
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert [
        f"The chore dying failed, {count} in a row: {deadly.__name__}" in told[count - 1]
        for count in (1, 2, 3)
    ]
    assert CANARY not in caplog.text


def test_chore_that_fails_waits_longer_each_time_up_to_a_minute(environment: Environment) -> None:

    def die() -> None:
        raise MadeUpError

    waits = [attempt(Chore("dying", 5.0, die)) for _ in range(40)]

    assert waits[:4] == [10.0, 20.0, 40.0, 60.0]
    assert {*waits[4:]} == {60.0}
    [run] = chore_runs()
    assert (run.name, run.failures, run.last_good) == ("dying", 40, None)


def test_every_chore_has_a_name_that_staff_read() -> None:
    names = {
        key.removeprefix("chore.name.") for key in catalogue("en", "staff") if key.startswith("chore.name.")
    }

    assert names == {each.name for each in CHORES} | {"pages"}
