"""What the event's form means: times on the venue's clock, and whatever nobody touched stays as it is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from copapp.domain.source import SourceProgramme
from copapp.models import Event
from copapp.presenters.draft import event_fields
from copapp.services import draft
from copapp.services.draft import Batch
from copapp.services.slots import the_conference
from copapp.staff.event_state import form_of
from copapp.staff.guard import ACTS
from copapp.staff.handlers import HANDLERS
from tests.meeting_requests import MONDAY, Staffed, staffed

LISBON = ZoneInfo("Europe/Lisbon")
# The mailbox is the environment's alone: no other could have been shown.
FROM_NOTHING = {"ChannelsState.try_mailbox"}


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    found = staffed(db, cop14)
    the_conference(db).timezone = LISBON.key
    return found


def at(wall: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=LISBON, fold=fold).astimezone(UTC)


def owls(db: Session, starts: datetime, ends: datetime | None) -> Event:
    event = db.exec(select(Event).where(Event.slug == "saiga-networking")).one()
    event.starts, event.ends = starts, ends
    return event


def on_the_page(event: Event, **changed: Any) -> dict[str, Any]:
    return vars(event_fields(event, "bukhara", LISBON)) | changed


@pytest.mark.parametrize(
    ("day", "ends"), [("2027-10-30", "2027-10-31T02:30+00:00"), ("2027-03-27", "2027-03-28T02:30+01:00")]
)
def test_end_past_midnight_is_typed_and_shown_on_the_venues_clock(
    house: Staffed, day: str, ends: str
) -> None:
    event = owls(house.db, at("2027-10-30T10:00"), None)

    form = form_of(on_the_page(event, day=day, starts="23:30", ends="02:30"), LISBON, event)

    assert form.ends == datetime.fromisoformat(ends)
    shown = on_the_page(owls(house.db, form.starts, form.ends))
    assert (shown["day"], shown["starts"], shown["ends"], shown["ends_day"]) == (day, "23:30", "02:30", "")


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (at("2027-10-31T01:15", fold=1), at("2027-10-31T01:45", fold=1)),
        (at("2027-10-31T01:45"), at("2027-10-31T01:15", fold=1)),
        (at("2027-10-30T10:00"), at("2027-10-31T18:00")),
        (at("2027-10-30T20:00"), at("2027-10-31T09:00")),
        (at("2027-10-30T10:00") + timedelta(seconds=30), None),
    ],
)
def test_times_that_nobody_touched_stay_to_the_second(
    house: Staffed, starts: datetime, ends: datetime | None
) -> None:
    event = owls(house.db, starts, ends)

    form = form_of(on_the_page(event, title="Owls"), LISBON, event)

    assert (form.title, form.starts, form.ends) == ("Owls", starts, ends)


def test_form_that_lacks_a_field_is_no_form(house: Staffed) -> None:
    event = owls(house.db, at("2027-10-30T10:00"), None)
    given = on_the_page(event)
    del given["published"]

    with pytest.raises(KeyError, match="published"):
        form_of(given, LISBON, event)


def test_events_move_on_the_venues_clock(house: Staffed) -> None:
    event = owls(house.db, at("2027-10-30T13:45"), at("2027-10-31T02:30"))

    draft.change_several(house.db, house.aigul, {event.slug: 1}, Batch(minutes=24 * 60), MONDAY)

    assert (event.starts, event.ends) == (at("2027-10-31T13:45"), at("2027-11-01T02:30"))


def test_every_act_is_told_what_was_on_the_screen() -> None:
    told = {
        f"{each.state.__name__}.{name}": handler.fn.__code__.co_argcount - 1
        for each in HANDLERS
        for name, handler in each.state.event_handlers.items()
    }

    assert {name for name in ACTS if not told[name]} <= FROM_NOTHING
