"""A wrong clock erases nothing, lets nothing lapse and mails nothing; on the true day it all is done."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from copapp import clock
from copapp.chores import CHORES, attempt
from copapp.database import newest_revision, reading, writing
from copapp.domain.clock_trust import HELD_FOR, LARGEST_STEP, Mark, look
from copapp.domain.source import SourceProgramme
from copapp.models import (
    MeetingRequest,
    OutboxMessage,
    RequestStatus,
)
from copapp.services import sign_in
from copapp.services.backup import restore_backup
from copapp.services.clock_watch import believe, may_act
from copapp.services.safety_copies import drop_copies
from copapp.services.staff import open_session, session_member
from copapp.services.tokens import hash_of
from copapp.settings import settings
from tests.conftest import every_database
from tests.listeners import mail_server, settle
from tests.meeting_requests import MONDAY, Staffed, asked, minutes, staffed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WRONG = [datetime(2026, 11, 26, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC), MONDAY + 40 * DAY]
AFTERWARDS = MONDAY + 40 * DAY


@given(st.lists(st.integers(-4_000_000, 4_000_000), max_size=60))
def test_a_jump_of_more_than_a_day_is_never_believed_before_an_hour(
    steps: list[int],
) -> None:
    """Whatever a clock does in steps of seconds, small and large."""
    mark, now, ran = Mark(MONDAY), MONDAY, timedelta()
    for step in steps:
        now += timedelta(seconds=step)
        was = mark.seen
        mark = look(mark, now)
        ran = ran + timedelta(seconds=step) if 0 <= step <= 300 else timedelta()
        if mark.since is None and abs(now - was) > LARGEST_STEP:
            assert ran >= HELD_FOR


def test_a_jump_is_believed_after_an_hour_without_a_gap() -> None:
    now = AFTERWARDS
    mark = look(Mark(MONDAY), now)
    for _ in range(59):
        now += minutes(1)
        mark = look(mark, now)
        assert mark.since == AFTERWARDS
    assert look(mark, now + minutes(1)) == Mark(now + minutes(1))
    assert look(mark, now + minutes(6)).since == now + minutes(6)


@pytest.fixture
def house(
    db: Session, cop14: SourceProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Staffed]:
    settle(monkeypatch, BACKUPS=str(tmp_path / "copies"))
    yield staffed(db, cop14)
    clock.clock.cache_clear()


def _at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    settle(monkeypatch, NOW=instant.isoformat())
    clock.clock.cache_clear()


def _work(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Do each chore at an instant."""
    _at(monkeypatch, instant)
    for each in CHORES:
        attempt(each)


@every_database
@pytest.mark.parametrize("wrong", WRONG, ids=["2026", "1970", "a month ahead"])
def test_a_wrong_clock_erases_lapses_and_mails_nothing(
    wrong: datetime, house: Staffed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = asked(house.db).id
    house.db.commit()
    with mail_server() as smtp:
        settle(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{smtp.port}?from=us@altyndala.example")
        _at(monkeypatch, MONDAY)
        assert may_act(MONDAY)
        house.db.close()

        for instant in (wrong, MONDAY, wrong, wrong + minutes(1), wrong + minutes(30), wrong):
            _work(monkeypatch, instant) if instant != MONDAY else _at(monkeypatch, MONDAY)
        with reading() as db:
            assert db.exec(select(MeetingRequest.status)).all() == [RequestStatus.PENDING]
            assert {each.sent_at for each in db.exec(select(OutboxMessage))} == {None}
        assert smtp.mails == []
        assert "Nothing is erased, lapses or is mailed until it has run on for an hour" in caplog.text

        _work(monkeypatch, MONDAY + minutes(1))
        assert len(smtp.mails) > 0
        with reading() as db:
            assert db.get_one(MeetingRequest, number).status is RequestStatus.PENDING


@every_database
def test_the_true_day_after_erases_as_promised_with_a_copy_for_a_day_and_a_line_in_the_log(
    house: Staffed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked(house.db)
    house.db.commit()
    house.db.close()
    now = MONDAY
    while now < AFTERWARDS:
        _work(monkeypatch, now)
        now += 23 * HOUR
    with reading() as db:
        assert db.exec(select(MeetingRequest)).all() == []
    assert (
        "erasing: erased 1, promised to be kept until 2024-03-17 19:00 UTC, because it is 2024-03"
        in caplog.text
    )
    assert list(settings().safety_copies.iterdir()) == []


def test_the_copy_brings_back_what_a_wrong_date_erased(
    house: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone confirmed the wrong time."""
    number = asked(house.db).id
    house.db.commit()
    house.db.close()
    with writing() as db:
        believe(db, AFTERWARDS)
    _work(monkeypatch, AFTERWARDS)
    with reading() as db:
        assert db.exec(select(MeetingRequest)).all() == []

    [copy] = settings().safety_copies.iterdir()
    assert [each.stat().st_mode & 0o777 for each in (settings().safety_copies, copy)] == [0o700, 0o600]

    with writing() as db:
        restore_backup(db, copy.read_bytes(), newest_revision(), AFTERWARDS, replaces=False)
        assert db.get_one(MeetingRequest, number).name == "Dana"


def test_files_of_others_in_the_folder_of_copies_stay(house: Staffed) -> None:
    folder = settings().safety_copies
    folder.mkdir()
    (folder / "mine.backup").write_bytes(b"mine")
    (folder / "before-by-hand.backup").write_bytes(b"mine")

    assert drop_copies(MONDAY) == 0

    assert len(list(folder.iterdir())) == 2


FAR = MONDAY + 900 * DAY


def test_no_wait_is_longer_than_its_longest_after_a_clock_that_was_ahead(house: Staffed) -> None:
    """Seven failures a day ahead kept an account's owner waiting for a day, from every address."""
    for _ in range(7):
        with suppress(sign_in.SignInRefusedError):
            sign_in.count_try(house.db, "aigul@altyndala.example", "192.0.2.7", FAR)
    sign_in.count_try(house.db, "aigul@altyndala.example", "192.0.2.7", MONDAY)

    ahead = MONDAY + minutes(40)
    for _ in range(7):
        with suppress(sign_in.SignInRefusedError):
            sign_in.count_try(house.db, "bolat@altyndala.example", "192.0.2.8", ahead)
            ahead += minutes(1)
    with pytest.raises(sign_in.SignInRefusedError) as refused:
        sign_in.count_try(house.db, "bolat@altyndala.example", "192.0.2.8", MONDAY)
    assert refused.value.retry_after <= minutes(15)


def test_a_session_opened_under_a_clock_that_was_ahead_ends_with_it(house: Staffed) -> None:
    token = open_session(house.db, house.aigul.id or 0, FAR)

    assert session_member(house.db, hash_of(token), FAR + minutes(1)) is not None
    assert session_member(house.db, hash_of(token), FAR - HOUR) is not None, "a clock put back a little"
    assert session_member(house.db, hash_of(token), MONDAY) is None


def test_what_was_written_or_put_off_under_a_clock_that_was_ahead_is_sent(
    house: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(house.db)
    for each in house.db.exec(select(OutboxMessage)):
        each.created_at = each.due_at = FAR
        each.claimed_until = FAR + 300 * DAY
    house.db.commit()
    house.db.close()
    with mail_server() as smtp:
        settle(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{smtp.port}?from=us@altyndala.example")
        _work(monkeypatch, MONDAY)
        assert len(smtp.mails) > 0
