"""What an import would change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copapp.domain.difference import Difference, FieldChange, Known, difference
from copapp.domain.imported import ImportedEvent, guid
from copapp.domain.source import SourceProgramme
from copapp.interop.programme_file import Frame, read
from tests.programme_files import PAGES

ZONE = ZoneInfo("Asia/Samarkand")
NINE = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

CATS = Known("cats", "cats@x", "Cats of the Silk Road", NINE, NINE + HOUR, "Room Ferghana", "Expo Centre")
BIRDS = Known("birds", "birds@x", "Birds", NINE + HOUR, None, "Room Bukhara", "Expo Centre")


def as_file(known: Known, **changed: object) -> ImportedEvent:
    """Give a known event as a file without keys gives it."""
    return replace(
        ImportedEvent(
            key=None,
            where="line 1",
            title=known.title,
            starts=known.starts,
            ends=known.ends,
            room=known.room,
            site=known.site,
            descriptions=known.descriptions,
            is_cancelled=known.is_cancelled,
        ),
        **changed,  # type: ignore[arg-type]  # the names of fields, each with its value
    )


def told(found: Difference) -> tuple[list[str], dict[str, list[FieldChange]], list[str]]:
    """Give titles added, changes by slug, and slugs removed."""
    changed = {pair.known.slug: pair.changes for pair in found.changed}
    return [event.title for event in found.added], changed, [event.slug for event in found.removed]


def test_the_same_again_is_no_difference() -> None:
    found = difference([CATS, BIRDS], [as_file(BIRDS), as_file(CATS)], ZONE)

    assert found.is_empty
    assert {pair.known.slug: pair.imported.title for pair in found.same} == {
        "cats": CATS.title,
        "birds": BIRDS.title,
    }


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        ({"title": "Cats and dogs"}, FieldChange("title", CATS.title, "Cats and dogs")),
        ({"title": "Something else"}, FieldChange("title", CATS.title, "Something else")),
        ({"title": "CATS of the Silk Road"}, FieldChange("title", CATS.title, "CATS of the Silk Road")),
        ({"ends": None}, FieldChange("ends", CATS.ends, None)),
        ({"ends": NINE + 2 * HOUR}, FieldChange("ends", CATS.ends, NINE + 2 * HOUR)),
        (
            {"room": "Room Bukhara"},
            FieldChange("room", ("Room Ferghana", "Expo Centre"), ("Room Bukhara", "Expo Centre")),
        ),
        (
            {"site": "Main Building"},
            FieldChange("room", ("Room Ferghana", "Expo Centre"), ("Room Ferghana", "Main Building")),
        ),
        ({"is_cancelled": True}, FieldChange("status", "confirmed", "cancelled")),
        ({"descriptions": {"fr": "Félins"}}, FieldChange("descriptions.fr", "", "Félins")),
    ],
)
def test_one_change_is_one_field(changed: dict[str, object], change: FieldChange) -> None:
    found = difference([CATS, BIRDS], [as_file(CATS, **changed), as_file(BIRDS)], ZONE)

    assert told(found) == ([], {"cats": [change]}, [])


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "  Cats of the  Silk Road"},
        {"room": "Ferghana"},
        {"room": "Ferghana Room", "site": ""},
        {"room": "", "site": ""},
        {"descriptions": {}},
    ],
)
def test_what_a_file_writes_otherwise_or_not_at_all_is_no_change(changed: dict[str, object]) -> None:
    known = replace(CATS, descriptions={"en": "About cats."})

    found = difference([known], [as_file(known, **changed)], ZONE)

    assert found.is_empty


def test_quotes_and_dashes_are_no_change() -> None:
    known = replace(CATS, title="IUCN’s “cats” – and more")

    found = difference([known], [as_file(known, title='IUCN\'s "cats" - and more')], ZONE)

    assert found.is_empty


def test_a_moved_event_is_a_change_of_time() -> None:
    later = NINE + timedelta(days=2)

    found = difference([CATS, BIRDS], [as_file(CATS, starts=later, ends=later + HOUR), as_file(BIRDS)], ZONE)

    assert told(found) == (
        [],
        {"cats": [FieldChange("starts", NINE, later), FieldChange("ends", NINE + HOUR, later + HOUR)]},
        [],
    )


def test_a_similar_title_in_the_room_that_day_is_the_same_event() -> None:
    later = as_file(CATS, title="Cats of the Silk Road, again", starts=NINE + HOUR, ends=NINE + 2 * HOUR)

    found = difference([CATS], [later], ZONE)

    assert told(found)[0] == told(found)[2] == []
    assert [change.field for change in found.changed[0].changes] == ["title", "starts", "ends"]


def test_another_event_at_another_time_is_added_and_the_missing_one_reported() -> None:
    other = ImportedEvent(None, "line 9", "Lynx", NINE + 5 * HOUR, None, "Room Bukhara")

    found = difference([CATS, BIRDS], [as_file(BIRDS), other], ZONE)

    assert told(found) == (["Lynx"], {}, ["cats"])


def test_a_cancelled_event_that_the_file_dropped_is_no_difference() -> None:
    found = difference([replace(CATS, is_cancelled=True), BIRDS], [as_file(BIRDS)], ZONE)

    assert found.is_empty


@pytest.mark.parametrize("key", ["from-their-system", "cats@x", "cats", guid("cats@x")])
def test_a_key_is_surer_than_title_time_and_room(key: str) -> None:
    known = replace(CATS, key="from-their-system" if key == "from-their-system" else None)
    twin = as_file(CATS, title="Another", where="line 2")
    moved = as_file(CATS, key=key, title="Renamed", starts=NINE + 30 * HOUR, ends=None, room="Elsewhere")

    found = difference([known], [twin, moved], ZONE)

    assert told(found)[0] == ["Another"]
    assert [(pair.known.slug, pair.imported.title) for pair in found.changed] == [("cats", "Renamed")]


def test_two_keys_of_one_system_in_one_slot_are_two_events() -> None:
    known = replace(CATS, key="25")

    found = difference([known], [as_file(CATS, key="26", title="Lynx")], ZONE)

    assert told(found) == (["Lynx"], {}, ["cats"])


def test_one_title_many_times_is_matched_by_time() -> None:
    breaks = [
        replace(
            CATS, slug=f"break-{day}", uid=f"break-{day}", title="Break", starts=NINE + timedelta(days=day)
        )
        for day in range(5)
    ]
    file = [as_file(each) for each in breaks if each.slug != "break-2"]

    found = difference(breaks, file, ZONE)

    assert told(found) == ([], {}, ["break-2"])


@pytest.mark.parametrize("name", ["connecting.txt", "connecting.html"])
def test_the_page_changes_nothing_of_what_it_made(name: str, cop14: SourceProgramme) -> None:
    page = (PAGES / name).read_text("utf-8")
    frame = Frame(ZONE, cop14.conference.starts, cop14.conference.ends)
    sites = {site.slug: site.name for site in cop14.sites}
    rooms = {room.slug: (room.name, sites[room.site]) for room in cop14.rooms}
    known = [
        Known(each.slug, each.slug, each.title, each.starts, each.ends, *rooms[each.room])
        for each in cop14.events
    ]

    again = difference(known, read(page.encode(), frame).events, ZONE)
    edited = page.replace("13:45-14:30", "13:50-14:30")
    changed = difference(known, read(edited.encode(), frame).events, ZONE)

    assert again.is_empty
    assert [change.field for change in told(changed)[1].pop("cats-of-the-silk-road")] == ["starts"]
    assert told(changed) == ([], {"cats-of-the-silk-road": changed.changed[0].changes}, [])


titles = st.sampled_from(["Cats", "Cats again", "Birds of prey", "Break", "Snow leopard", "Saiga"])
rooms = st.sampled_from(["Room A", "Room B", ""])
starts = st.integers(0, 60).map(lambda slots: NINE + slots * timedelta(minutes=45))
keys = st.none() | st.integers(0, 9).map(str)


@st.composite
def known_events(draw: st.DrawFn) -> list[Known]:
    count = draw(st.integers(0, 8))
    return [
        Known(
            f"event-{number}",
            f"uid-{number}",
            draw(titles),
            draw(starts),
            None,
            draw(rooms),
            key=f"key-{number}" if draw(st.booleans()) else None,
        )
        for number in range(count)
    ]


@st.composite
def imported_events(draw: st.DrawFn) -> list[ImportedEvent]:
    count = draw(st.integers(0, 8))
    return [
        ImportedEvent(
            f"key-{number}" if draw(st.booleans()) else None,
            f"{number}",
            draw(titles),
            draw(starts),
            None,
            draw(rooms),
        )
        for number in range(count)
    ]


@given(known_events())
def test_identity_is_empty(known: list[Known]) -> None:
    file = [as_file(each, key=each.key, where=each.slug) for each in known]

    assert difference(known, file, ZONE).is_empty


@given(known_events(), imported_events(), st.randoms())
def test_order_changes_nothing(known: list[Known], file: list[ImportedEvent], chance: object) -> None:
    found = difference(known, file, ZONE)
    turned = difference(known[::-1], file[::-1], ZONE)

    pairs = [
        {(pair.known.slug, pair.imported.where) for pair in each.changed + each.same}
        for each in (found, turned)
    ]
    assert pairs[0] == pairs[1]


@given(known_events(), imported_events())
def test_each_event_is_told_once(known: list[Known], file: list[ImportedEvent]) -> None:
    found = difference(known, file, ZONE)

    pairs = found.changed + found.same
    assert sorted([event.where for event in found.added] + [pair.imported.where for pair in pairs]) == sorted(
        event.where for event in file
    )
    assert sorted([event.slug for event in found.removed] + [pair.known.slug for pair in pairs]) == sorted(
        event.slug for event in known
    )
