"""Many accepts at once for one of us: from threads, from several processes, and by delegates over HTTP."""

import multiprocessing
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from copapp.database import engine, reading, writing
from copapp.domain.meetings import Terms, blocks
from copapp.models import Hold, MeetingRequest, RequestStatus, StaffMember
from copapp.services import meetings
from copapp.services.holds import SlotTakenError
from copapp.services.moves import request_by_id, version
from copapp.services.staff import open_session
from copapp.services.tokens import request_token
from tests.browser.browsers import wait_until
from tests.browser.server import DelegateServer
from tests.browser.warm import LOADED
from tests.meeting_requests import MONDAY, TEN, asked
from tests.raw_socket import RawSocket

ONE_O_CLOCK = TEN + timedelta(hours=3)
SAME = (0,)
OVERLAPPING = (0, 15)
"""Minutes after 13:00 at which the wanted half hours begin, in turns."""

VENUE = ZoneInfo("Asia/Samarkand")
PAGE = "reflex___state____state.copapp___staff___request_state____request_state"
SLOWEST_SECONDS = 60

WON = "won"
Answer = tuple[int, str, int | None]
"""The request, WON or what was said instead, and the meeting that is named as in the way."""

Said = TypeVar("Said")
Race = Callable[[list[tuple[int, datetime]]], list[Answer]]


_people = count(1)


@dataclass
class Tally:
    """How many rounds were run, and whatever was wrong in one."""

    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


def accept(request_id: int, starts: datetime) -> Answer:
    """Accept as a worker does: one transaction of its own."""
    try:
        with writing() as db:
            aigul = _aigul(db)
            terms = Terms(starts, starts + timedelta(minutes=30), aigul.id or 0)
            meetings.accept(db, request_id, aigul, terms, MONDAY)
    except (
        OperationalError,
        PoolTimeoutError,
    ):  # a busy database did nothing: on a slow machine who comes last asks again
        return accept(request_id, starts)
    except SlotTakenError as taken:
        return request_id, "taken", taken.holder.id if taken.holder else None
    except Exception as error:  # noqa: BLE001 - whatever else is said is what the tally must tell
        return request_id, f"{type(error).__name__}: {error}", None
    return request_id, WON, None


def in_threads(wanted: list[tuple[int, datetime]]) -> list[Answer]:
    """Let all accept in the same moment, each in a thread."""
    return at_once(wanted, accept)


def at_once(wanted: list[tuple[int, datetime]], act: Callable[[int, datetime], Said]) -> list[Said]:
    """Let all begin in the same moment, each in a thread."""
    together = threading.Barrier(len(wanted))

    def run(one: tuple[int, datetime]) -> Said:
        together.wait()
        return act(*one)

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(run, wanted))


def behind(hold: Select[Any] | SelectOfScalar[Any], *acts: Callable[[], Said]) -> list[Said]:
    """Hold rows until each act waits for them, in this order (PostgreSQL); gives what they then said.

    Whoever holds something else by then, that one before wants, waits for him as he does.
    """
    said: list[Future[Said]] = []
    with ThreadPoolExecutor(len(acts)) as pool:
        with writing() as db:
            db.exec(hold.with_for_update()).all()
            for act in acts:
                said.append(pool.submit(act))
                _until_they_wait(said)
        return [each.result() for each in said]


def _until_they_wait(said: list[Future[Said]]) -> None:
    """Return once all wait for a lock, or are done; SQLite has but one, and shows nobody."""
    waits = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    if engine().dialect.name != "postgresql":
        return

    def all_wait() -> bool:
        with engine().connect() as connection:
            waiting: int = connection.execute(text(waits)).scalar_one()
        return waiting + sum(each.done() for each in said) >= len(said)

    wait_until(all_wait, "all of them to wait for a lock")


@contextmanager
def processes(number: int) -> Iterator[Race]:
    """Run races in that many processes, which all begin together."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    together = context.Barrier(number)
    with ProcessPoolExecutor(
        number, context, initializer=_join, initargs=(together, dict(os.environ))
    ) as pool:

        def run(wanted: list[tuple[int, datetime]]) -> list[Answer]:
            shares = [wanted[turn::number] for turn in range(number)]
            return [answer for share in pool.map(_in_this_process, shares) for answer in share]

        yield run


_together: list[threading.Barrier] = []


def _join(together: threading.Barrier, environment: dict[str, str]) -> None:
    os.environ.update(environment)  # what it was forked from began before this test
    _together.append(together)


def _in_this_process(wanted: list[tuple[int, datetime]]) -> list[Answer]:
    _together[0].wait()
    return in_threads(wanted)


def over_http(url: str) -> Race:
    """Let delegates accept what was proposed to them, all at a served app, whichever worker answers."""
    trust = httpx.create_ssl_context()

    def run(wanted: list[tuple[int, datetime]]) -> list[Answer]:
        offers = _propose(wanted)

        def answer(number: int, _: datetime) -> Answer:
            token, proposal = offers[number]
            body = {"action": "accept", "proposal": proposal}
            # Each delegate has a line of his own: in one pool a thread may close what another reads from.
            with httpx.Client(base_url=url, timeout=60, verify=trust) as line:
                said = line.post(f"/api/v1/meeting-requests/{token}/answer", json=body)
                while said.status_code == httpx.codes.SERVICE_UNAVAILABLE:  # busy: asked again, as phones do
                    said = line.post(f"/api/v1/meeting-requests/{token}/answer", json=body)
            # A delegate is told that it is taken, never by whom.
            return number, WON if said.is_success else said.json().get("code", said.text), None

        return at_once(wanted, answer)

    return run


def by_staff(server: DelegateServer) -> Race:
    """Let colleagues accept on their pages, each with a socket of his own to whichever worker."""

    def run(wanted: list[tuple[int, datetime]]) -> list[Answer]:
        with writing() as db:
            aigul = _aigul(db).id or 0
            sessions = {number: open_session(db, aigul, MONDAY) for number, _ in wanted}
        with ExitStack() as opened:
            pages = {
                number: opened.enter_context(RawSocket(server, f"copapp-staff={session}"))
                for number, session in sessions.items()
            }
            with ThreadPoolExecutor(len(wanted)) as pool:
                list(pool.map(lambda one: _prepare(pages[one[0]], one[0], one[1], aigul), wanted))
            answers = at_once(wanted, lambda number, starts: _accept_on(pages[number], number, starts, aigul))
        with reading() as db:
            numbers = {each.name: each.id for each in db.exec(select(MeetingRequest))}
        return [(number, said, numbers.get(holder)) for number, said, holder in answers]

    return run


def _prepare(page: RawSocket, number: int, starts: datetime, aigul: int) -> None:
    """Open a request's page and choose with whom and when."""
    path, at = f"/admin/request?id={number}", f"{starts.astimezone(VENUE):%Y-%m-%dT%H:%M}"
    page.connect(path)
    page.listen_for(f'"request_rx_state_":{{"id":{number},', SLOWEST_SECONDS)
    for name, value in (("starts", at), ("member", str(aigul))):
        page.event(f"{PAGE}.choose", {"name": name, "value": value}, path)
    page.listen_for(f'"draft_rx_state_":{{"starts":"{at}","minutes":30,"member":"{aigul}"', SLOWEST_SECONDS)
    page.heard = ""


def _accept_on(page: RawSocket, number: int, starts: datetime, aigul: int) -> tuple[int, str, str]:
    """Accept; gives what the page says then: that it is agreed, or the name of who has the time."""
    with reading() as db:
        at = version(db, request_by_id(db, number))
    terms = {"starts": f"{starts.astimezone(VENUE):%Y-%m-%dT%H:%M}", "minutes": "30", "member": str(aigul)}
    screen = {"number": number, "version": at} | terms
    page.event(f"{PAGE}.accept", {"screen": screen, "chosen": terms}, f"/admin/request?id={number}")
    end = time.monotonic() + SLOWEST_SECONDS
    while time.monotonic() < end:
        page.listen(0.1)
        if re.search(rf'"request_rx_state_":{{"id":{number},[^{{}}]*"status":"accepted"', page.heard):
            return number, WON, ""
        if problem := re.search(r'"problem_rx_state_":"(\w+)"', page.heard):
            holder = re.search(r'"taken_by_rx_state_":"([^,"]+)', page.heard)
            return number, problem[1], holder[1] if holder else ""
    return number, f"nothing but {page.heard}", ""


def _propose(wanted: list[tuple[int, datetime]]) -> dict[int, tuple[str, int]]:
    """Propose times by staff; gives each request's token and the proposal."""
    offers = {}
    with writing() as db:
        aigul = _aigul(db)
        for number, starts in wanted:
            terms = Terms(starts, starts + timedelta(minutes=30), aigul.id or 0)
            request = meetings.propose(db, number, aigul, terms, MONDAY)
            offers[number] = request_token(db, request), request.proposal or 0
    return offers


def run_rounds(
    race: Race, rounds: int, contenders: int, offsets: tuple[int, ...], *, is_named: bool = True
) -> Tally:
    """Race again and again for the same time, which is given back after each round.

    `is_named`: who loses is told which meeting has taken the time.
    """
    tally, waiting = Tally(), _requests(contenders)
    for _ in range(rounds):
        starts = [ONE_O_CLOCK + timedelta(minutes=offset) for offset in offsets]
        wanted = [(each, starts[turn % len(starts)]) for turn, each in enumerate(waiting)]
        won = check_round(race(wanted), dict(wanted), tally, is_named=is_named)
        waiting = [each for each in waiting if each not in won] + _requests(len(won))
        _give_back(won)
    return tally


def check_round(
    answers: list[Answer], starts: dict[int, datetime], tally: Tally, *, is_named: bool
) -> list[int]:
    """Note whatever is not as it must be: one winner, the others told of it, the database agreeing."""
    tally.rounds += 1
    won = [number for number, said, _ in answers if said == WON]
    others = {(said, holder) for _, said, holder in answers if said != WON}
    with reading() as db:
        accepted = db.exec(
            select(MeetingRequest.id).where(MeetingRequest.status == RequestStatus.ACCEPTED)
        ).all()
        held = {(each.request_id, each.block) for each in db.exec(select(Hold))}
    expected = {
        (number, each)
        for number in won
        for each in blocks(starts[number], starts[number] + timedelta(minutes=30))
    }
    told = {("taken", number if is_named else None) for number in won} if len(won) < len(answers) else set()
    for is_right, words in (
        (len(won) == 1, f"{len(won)} won"),
        (others == told, f"the others were told {sorted(map(str, others))}"),
        (set(accepted) == set(won), f"{len(accepted)} are accepted in the database"),
        (held == expected, "what is held is not what was won"),
    ):
        if not is_right:
            tally.wrong.append(words)
    return won


def _requests(number: int) -> list[int]:
    with writing() as db:
        return [asked(db, f"Person{next(_people)}", slot=None).id or 0 for _ in range(number)]


def _give_back(won: list[int]) -> None:
    with writing() as db:
        aigul = _aigul(db)
        for number in won:
            meetings.cancel(db, number, aigul, MONDAY)


def _aigul(db: Session) -> StaffMember:
    return db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()


def take_the_constraint_out() -> None:
    """Put a table in the place of the holds' that holds nothing against anybody."""
    with engine().begin() as connection:
        connection.exec_driver_sql("DROP TABLE hold")
        connection.exec_driver_sql("CREATE TABLE hold (member_id integer, block integer, request_id integer)")
