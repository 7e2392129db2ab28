"""What may be wrong with a draft: a hint for each, and none where nothing is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.hints import Frame, Hint, HintKind, Planned, hints

ZONE = ZoneInfo("Asia/Samarkand")
NOON = datetime(2024, 2, 13, 12, 45, tzinfo=ZONE)
FRAME = Frame(
    zone=ZONE,
    starts=date(2024, 2, 12),
    ends=date(2024, 2, 17),
    assumed_minutes=60,
    usual_slots=frozenset({"12:45-13:30", "13:45-14:30"}),
    rooms=frozenset({"bukhara", "ferghana", "avantegarde"}),
    walks={frozenset({"expo-centre", "savitsky-plaza"}): 12},
)


def event(slug: str, starts: datetime = NOON, minutes: int | None = 45, room: str = "bukhara") -> Planned:
    site = "savitsky-plaza" if room == "avantegarde" else "expo-centre"
    return Planned(slug, starts, starts + timedelta(minutes=minutes) if minutes else None, room, site)


def found(*events: Planned, covered: dict[str, set[str]] | None = None, frame: Frame = FRAME) -> list[Hint]:
    return hints(events, covered or {}, frame)


def test_a_usual_event_gives_no_hint() -> None:
    assert found(event("saiga"), event("cats", NOON + timedelta(hours=1))) == []


def test_an_unknown_end_is_named_and_is_no_unusual_slot() -> None:
    assert found(event("saiga", minutes=None)) == [Hint(HintKind.NO_END, "saiga")]


def test_another_slot_than_the_usual_is_named() -> None:
    assert found(event("saiga", minutes=50)) == [Hint(HintKind.UNUSUAL_SLOT, "saiga")]
    assert found(event("saiga", minutes=50), frame=replace(FRAME, usual_slots=frozenset())) == []


@pytest.mark.parametrize(
    ("starts", "is_outside"),
    [
        (datetime(2024, 2, 11, 18, 59, tzinfo=UTC), True),
        (datetime(2024, 2, 11, 19, 0, tzinfo=UTC), False),
        (datetime(2024, 2, 17, 18, 59, tzinfo=UTC), False),
        (datetime(2024, 2, 17, 19, 0, tzinfo=UTC), True),
    ],
)
def test_days_are_counted_at_the_venue(starts: datetime, is_outside: bool) -> None:  # noqa: FBT001
    kinds = {hint.kind for hint in found(event("saiga", starts))}

    assert (HintKind.OUTSIDE in kinds) is is_outside


def test_a_room_that_is_not_drawn_is_named_where_there_is_a_plan() -> None:
    tent = event("saiga", room="tent")

    assert found(tent) == [Hint(HintKind.NOT_ON_THE_PLAN, "saiga")]
    assert found(tent, frame=replace(FRAME, rooms=None)) == []


def test_a_room_that_is_taken_twice_is_named() -> None:
    assert found(event("saiga"), event("cats")) == [Hint(HintKind.ROOM_TWICE, "cats", "saiga")]


def test_a_person_cannot_be_at_two_places_nor_walk_in_no_time() -> None:
    later = event("networking", NOON + timedelta(hours=1), room="avantegarde")
    next_door = event("cats", NOON + timedelta(minutes=45), minutes=45, room="avantegarde")

    names = {"Aigul": {"saiga", "networking", "cats"}, "Bek": {"saiga"}}

    assert found(event("saiga"), later, covered=names) == []
    assert Hint(HintKind.PERSON_TWICE, "saiga", "cats", "Aigul") in found(
        event("saiga"), next_door, covered=names
    )


def test_a_cancelled_event_is_in_nobodys_way() -> None:
    cancelled = replace(event("cats", minutes=None), is_cancelled=True)

    assert found(event("saiga"), cancelled, covered={"Aigul": {"saiga", "cats"}}) == []


def test_hints_do_not_depend_on_the_order() -> None:
    events = [event("a"), event("b"), event("c", minutes=None), event("d", room="tent")]
    covered = {"Aigul": {"a", "c"}, "Bek": {"b", "c"}}

    assert found(*events, covered=covered) == found(*reversed(events), covered=covered)


def test_a_long_event_is_in_the_way_of_every_later_one_until_its_end() -> None:
    day = event("exhibition", NOON, 600)
    later = [event(f"talk-{hour}", NOON + timedelta(hours=hour), 45) for hour in (2, 5, 9, 11)]

    pairs = [(hint.event, hint.other) for hint in found(day, *later) if hint.kind is HintKind.ROOM_TWICE]

    assert pairs == [("exhibition", "talk-2"), ("exhibition", "talk-5"), ("exhibition", "talk-9")]
