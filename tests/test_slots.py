"""Which slots are offered, in which state and by whom."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from copapp.domain.event_form import EventForm
from copapp.domain.slots import Host, SlotState, Span, daily_windows, find_slot, offered_slots
from copapp.domain.source import SourceProgramme
from copapp.models import EventStatus
from copapp.services import draft, meetings, releasing
from copapp.services.seed import seed
from copapp.services.slots import offer
from tests.meeting_requests import MONDAY, TEN, add_member, asked, minutes, staffed, terms


def span(offset: int, length: int = 30) -> Span:
    return Span(TEN + minutes(offset), TEN + minutes(offset + length))


def host(slug: str | None = "aigul", busy: tuple[Span, ...] = (), buffer: int = 0) -> Host:
    return Host(slug, [span(0, 120)], busy, 30, buffer)


def states(*hosts: Host) -> list[SlotState]:
    return [each.state for each in offered_slots(hosts, [], MONDAY)]


def test_busy_slot_may_be_asked_for() -> None:
    assert states(host(busy=(span(30),))) == ["free", "ask", "free", "free"]


def test_buffer_keeps_time_around_what_is_busy() -> None:
    assert states(host(busy=(span(30),), buffer=10)) == ["ask", "ask", "ask", "free"]


def test_slot_is_free_where_anyone_is() -> None:
    slots = offered_slots([host("aigul", (span(0, 120),)), host("bolat")], [], MONDAY)

    assert {each.state for each in slots} == {SlotState.FREE}
    assert {(each.whom, each.asks) for each in slots} == {(("bolat",), ("aigul",))}


def test_unnamed_host_offers_slots_and_no_name() -> None:
    slots = offered_slots([host(None)], [], MONDAY)

    assert [(each.state, each.whom) for each in slots] == [(SlotState.FREE, ())] * 4


def test_slot_that_has_begun_is_not_to_be_had() -> None:
    slots = offered_slots([host()], [], TEN)

    assert [each.state for each in slots] == ["unavailable", "free", "free", "free"]


def test_times_that_no_host_has_are_shown_as_such() -> None:
    slots = offered_slots([host()], [span(-30), span(15), span(120)], MONDAY)

    assert [each.state for each in slots] == ["unavailable", "free", "free", "free", "free", "unavailable"]


def test_rest_of_a_window_that_is_too_short_is_left_out() -> None:
    assert len(offered_slots([Host("a", [span(0, 80)], [], 30)], [], MONDAY)) == 2


def test_hours_are_the_venue_s_across_a_change_of_clocks() -> None:
    windows = daily_windows(
        [date(2024, 3, 30), date(2024, 3, 31)], "09:00", "18:00", ZoneInfo("Europe/Lisbon")
    )

    assert [each.starts.hour for each in windows] == [9, 8]


def test_fresh_install_offers_the_conference_s_hours(db: Session, cop14: SourceProgramme) -> None:
    seed(db, cop14, MONDAY)

    given = offer(db, MONDAY)

    assert (len(given.slots), given.shown, given.is_open) == (6 * 18, [], True)
    during_saiga = find_slot(given.slots, TEN + minutes(180))
    assert find_slot(given.slots, TEN) is not None
    assert [each and each.state for each in (find_slot(given.slots, TEN), during_saiga)] == ["free", "ask"]


def test_members_hours_replace_the_conference_s(db: Session, cop14: SourceProgramme) -> None:
    house = staffed(db, cop14)
    request = asked(db)
    meetings.accept(db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)

    found = find_slot(offer(db, MONDAY).slots, TEN)
    wednesday = find_slot(offer(db, MONDAY).slots, TEN + minutes(24 * 60))

    assert found is not None
    assert (found.state, found.whom, found.asks) == (SlotState.FREE, (), ("aigul",))
    assert wednesday is not None
    assert wednesday.state is SlotState.UNAVAILABLE


@pytest.mark.parametrize("shown", [True, False])
def test_covered_event_makes_busy(db: Session, cop14: SourceProgramme, *, shown: bool) -> None:
    seed(db, cop14, MONDAY)
    add_member(db, "aigul", shown=shown, covers=("saiga-recovery",))

    at = {each.span.starts: each.state for each in offer(db, MONDAY).slots}

    assert [at[TEN + minutes(each)] for each in (120, 150, 180, 210)] == ["free", "ask", "ask", "free"]


def test_what_each_of_us_covers_says_nothing_of_the_draft(db: Session, cop14: SourceProgramme) -> None:
    seed(db, cop14, MONDAY)
    steppe = EventForm("Steppe", TEN, None, "ferghana")
    covers = ("saiga-recovery", "asiatic-wild-ass", "steppe")
    aigul = add_member(db, "aigul", covers=covers)
    draft.add_event(db, aigul, steppe, MONDAY)
    cancelled = draft.Batch(status=EventStatus.CANCELLED)
    draft.change_several(db, aigul, {"asiatic-wild-ass": 1}, cancelled, MONDAY)
    assert offer(db, MONDAY).covers[aigul.id or 0] == ["asiatic-wild-ass", "saiga-recovery"]

    releasing.make_release(db, aigul, releasing.preview(db).digest, "", MONDAY)

    assert offer(db, MONDAY).covers[aigul.id or 0] == ["saiga-recovery", "steppe"]
