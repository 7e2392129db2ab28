"""Nobody of us is ever promised twice, whoever accepts and from wherever. `make soak` does this for long."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from copapp.database import migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Hold, MeetingMove, MeetingRequest, MoveKind
from copapp.services import erasure
from tests.browser.server import DelegateServer
from tests.conftest import Environment, every_database
from tests.meeting_requests import MONDAY, TEN, asked, minutes, staffed
from tests.races import (
    OVERLAPPING,
    SAME,
    WON,
    Answer,
    accept,
    at_once,
    by_staff,
    in_threads,
    over_http,
    processes,
    run_rounds,
    take_the_constraint_out,
)

pytestmark = every_database


@pytest.fixture(autouse=True)
def house(environment: Environment, cop14: SourceProgramme) -> None:
    """Two of us at the conference, in a database that others may open."""
    migrate()
    with writing() as db:
        staffed(db, cop14)


@pytest.mark.parametrize("offsets", [SAME, OVERLAPPING], ids=["same slot", "overlapping"])
def test_one_of_many_accepts_wins(offsets: tuple[int, ...]) -> None:
    tally = run_rounds(in_threads, rounds=1, contenders=40, offsets=offsets)

    assert (tally.rounds, tally.wrong) == (1, [])


def test_one_accept_wins_among_several_processes() -> None:
    with processes(3) as race:
        same = run_rounds(race, rounds=1, contenders=48, offsets=SAME)
        overlapping = run_rounds(race, rounds=1, contenders=48, offsets=OVERLAPPING)

    assert (same.rounds, same.wrong) == (1, [])
    assert (overlapping.rounds, overlapping.wrong) == (1, [])


@pytest.fixture
def workers(tmp_path: Path, database_url: str, redis_url: str, house: None) -> Iterator[DelegateServer]:
    """Three workers on the same database."""
    given = {
        "COPAPP_DATABASE_URL": database_url,
        "COPAPP_REDIS_URL": redis_url,
        "WORKERS": "3",
    }
    server = DelegateServer(tmp_path, given)
    server.start()
    yield server
    server.close()


def test_one_accept_wins_among_several_workers(workers: DelegateServer) -> None:
    race = over_http(workers.url)

    same = run_rounds(race, 1, contenders=30, offsets=SAME, is_named=False)
    overlapping = run_rounds(race, 1, contenders=30, offsets=OVERLAPPING, is_named=False)

    assert (same.rounds, same.wrong) == (1, [])
    assert (overlapping.rounds, overlapping.wrong) == (1, [])


def test_one_of_us_wins_on_the_pages_of_several_workers(workers: DelegateServer) -> None:
    """The others' pages name who has the time."""
    same = run_rounds(by_staff(workers), 1, contenders=20, offsets=SAME)
    overlapping = run_rounds(by_staff(workers), 1, contenders=20, offsets=OVERLAPPING)

    assert (same.rounds, same.wrong) == (1, [])
    assert (overlapping.rounds, overlapping.wrong) == (1, [])


@pytest.mark.parametrize("offsets", [SAME, OVERLAPPING], ids=["same slot", "overlapping"])
def test_several_win_where_the_constraint_is_taken_out(offsets: tuple[int, ...]) -> None:
    take_the_constraint_out()

    tally = run_rounds(in_threads, rounds=1, contenders=20, offsets=offsets)

    assert "20 won" in tally.wrong


def _request() -> int:
    with writing() as db:
        return asked(db, slot=None).id or 0


def test_two_of_us_who_accept_one_request_agree_to_one_time() -> None:
    """The constraint says nothing here: the times differ, the request is one."""
    number = _request()
    wanted = [(number, TEN + minutes(30 * turn)) for turn in range(10)]

    said = Counter(said for _, said, _ in in_threads(wanted))

    with reading() as db:
        history = db.exec(select(MeetingMove.kind).where(MeetingMove.request_id == number)).all()
        held = db.exec(select(Hold)).all()
    assert said == {WON: 1, "MoveRefusedError: A request that is accepted cannot take: accept": 9}
    assert history == [MoveKind.ASK, MoveKind.ACCEPT]
    assert len(held) == 6


def _accept_or_erase(number: int, starts: datetime) -> Answer:
    if starts != MONDAY:
        return accept(number, starts)
    with writing() as db:
        erasure.erase_all(db)
    return number, "erased", None


def test_request_that_is_erased_while_it_is_accepted_leaves_nothing() -> None:
    for _ in range(20):
        number = _request()

        answers = at_once([(number, TEN), (number, MONDAY)], _accept_or_erase)

        with reading() as db:
            left = [len(db.exec(select(table)).all()) for table in (MeetingRequest, MeetingMove, Hold)]
        assert {said for _, said, _ in answers} <= {WON, "erased", "UnknownRequestError: "}
        assert left == [0, 0, 0]
