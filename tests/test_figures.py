"""The statistics count what there is, name nobody, and do not know what nobody can know."""

from dataclasses import asdict
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.models import EventStatus
from copapp.presenters.figures import DayCount, FiguresView, StateCount, figures_view, length
from copapp.presenters.programme import venue_instant
from copapp.services import calendars, draft, erasure, meetings
from copapp.services.calendars import CalendarChange
from copapp.services.figures import figures
from copapp.services.slots import the_conference
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms

ZONE = ZoneInfo("Asia/Samarkand")


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def view(house: Staffed) -> FiguresView:
    return figures_view(figures(house.db), the_conference(house.db), venue_instant(MONDAY, ZONE))


def states(house: Staffed) -> list[StateCount]:
    return view(house).states


def test_an_empty_house_has_days_and_no_answer_time(house: Staffed) -> None:
    shown = view(house)

    assert (shown.requests, shown.waiting, shown.agreed, shown.states) == (0, 0, 0, [])
    assert (shown.answered, shown.answer_unit, shown.answer_count) == (0, "", 0)
    assert shown.days == [DayCount(f"2024-02-{day}", 0, 0) for day in range(12, 18)]
    assert (shown.events, shown.cancelled, shown.releases) == (8, 0, 1)


def test_requests_are_counted_by_state_and_day(house: Staffed) -> None:
    db, by = house.db, house.aigul
    asked(db, "Early", now=MONDAY - timedelta(days=3), slot=None)
    agreed = asked(db, "Dana")
    declined = asked(db, "Erlan", slot=TEN + minutes(60))
    meetings.accept(db, agreed.id or 0, by, terms(by), MONDAY)
    meetings.decline(db, declined.id or 0, by, MONDAY)

    shown = view(house)

    assert shown.states == [StateCount("pending", 1), StateCount("accepted", 1), StateCount("declined", 1)]
    assert (shown.requests, shown.waiting, shown.agreed) == (3, 1, 1)
    assert shown.days[:3] == [
        DayCount("before", 1, 0),
        DayCount("2024-02-12", 2, 0),
        DayCount("2024-02-13", 0, 1),
    ]
    assert len(shown.days) == 7


def test_a_meeting_that_is_being_moved_is_still_agreed(house: Staffed) -> None:
    db, by = house.db, house.aigul
    request = asked(db)
    meetings.accept(db, request.id or 0, by, terms(by), MONDAY)

    meetings.propose(db, request.id or 0, by, terms(by, TEN + minutes(120)), MONDAY)

    assert (states(house), view(house).agreed) == ([StateCount("proposed", 1)], 1)


def test_the_first_answer_alone_is_timed_and_handing_over_is_none(house: Staffed) -> None:
    db, by = house.db, house.aigul
    request, waiting = asked(db), asked(db, "Erlan", slot=TEN + minutes(60))
    meetings.reassign(db, request.id or 0, by, house.bolat.id or 0, MONDAY + minutes(5))
    meetings.reassign(db, waiting.id or 0, by, house.bolat.id or 0, MONDAY + minutes(5))
    meetings.propose(db, request.id or 0, by, terms(by, TEN + minutes(120)), MONDAY + minutes(40))

    meetings.decline(db, request.id or 0, by, MONDAY + minutes(300))

    assert figures(db).answered_after == [minutes(40)]


def test_of_an_erased_request_only_its_number_is_left(house: Staffed) -> None:
    db = house.db
    request = asked(db)
    meetings.decline(db, request.id or 0, house.aigul, MONDAY)

    erasure.erase_all(db)

    shown = view(house)
    assert (shown.requests, shown.erased, shown.states) == (1, 1, [StateCount("erased", 1)])
    assert (shown.answered, [each for each in shown.days if each.asked]) == (0, [])


def test_nobody_is_named(house: Staffed) -> None:
    asked(house.db, "Canary", organisation="Canary", reason="Canary", email="canary@canary.example")

    assert "canary" not in str(asdict(view(house))).lower()
    assert view(house).requests == 1


def test_cancelled_events_are_counted_apart(house: Staffed) -> None:
    cancelled = draft.Batch(status=EventStatus.CANCELLED)
    draft.change_several(house.db, house.aigul, {"asiatic-wild-ass": 1}, cancelled, MONDAY)

    assert (view(house).events, view(house).cancelled) == (8, 1)


def test_calendars_are_counted_while_they_are_followed(house: Staffed) -> None:
    first, _ = [
        calendars.make(house.db, key, CalendarChange(), language="en", alarm=None, replaces=None, now=MONDAY)
        for key in ("a-phone", "another-phone")
    ]

    calendars.end(house.db, first, MONDAY)

    assert (view(house).calendars, view(house).staff_calendars) == (1, 0)


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], ("", 0)),
        ([minutes(0)], ("minutes", 0)),
        ([minutes(119)], ("minutes", 119)),
        ([minutes(1), minutes(150), minutes(9000)], ("hours", 2)),
        ([minutes(60 * 47)], ("hours", 47)),
        ([timedelta(days=2), timedelta(days=4)], ("days", 3)),
    ],
)
def test_the_median_is_said_in_the_unit_that_reads_best(
    spans: list[timedelta], shown: tuple[str, int]
) -> None:
    assert length(spans) == shown
