"""schedule.json and schedule.xml, of other producers."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.programme_file import Frame, read
from tests.programme_files import shared_file, told

FRAME = Frame(ZoneInfo("Asia/Samarkand"), date(2024, 2, 12), date(2024, 2, 17))
EVENT = {
    "guid": "6f1c7e1c-0000-4000-8000-000000000001",
    "id": 1,
    "date": "2024-02-12T13:45:00+05:00",
    "start": "13:45",
    "duration": "00:45",
    "title": "Cats",
}


def in_days(*events: Any, **conference: Any) -> bytes:
    days = [{"index": 1, "date": "2024-02-12", "rooms": {"Hall A": list(events)}}]
    return json.dumps({"schedule": {"conference": {"days": days, **conference}}}).encode()


def flat(*events: Any, **conference: Any) -> bytes:
    return json.dumps({"schedule": {"conference": conference, "events": list(events)}}).encode()


def as_xml(fields: str, attributes: str = 'id="1" guid="a-guid"') -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!-- a <ul> of events -->'
        "<schedule><conference><title>C</title></conference>"
        f'<day index="1" date="2024-02-12"><room name="Hall A"><event {attributes}>{fields}</event></room>'
        "</day></schedule>"
    ).encode()


def left_out(found: Imported) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in found.skipped]


@pytest.mark.parametrize(
    ("name", "count", "first", "rooms"),
    [
        (
            "voc-example.pretalx-democon.json",
            36,
            ("Focused 5thgeneration hardware", "2020-12-14 09:00", "2020-12-14 09:30", "Gray Room", ""),
            {"Gray Room", "Tan Room"},
        ),
        (
            "voc-example.frab-camp2019.json",
            79,
            ("Opening Ceremony", "2019-08-21 11:00", "2019-08-21 11:30", "Curie", ""),
            {"Curie", "Meitner"},
        ),
        (
            "voc-example.hub-schedule2.json",
            2,
            ("38C3: Opening Ceremony", "2024-12-27 10:30", "2024-12-27 11:00", "Saal 1", ""),
            {"Saal 1", "Saal ZIGZAG"},
        ),
    ],
)
def test_real_file_is_read_whole(name: str, count: int, first: tuple[str, ...], rooms: set[str]) -> None:
    found = read(shared_file(name).read_bytes(), FRAME)

    assert (found.format, len(found.events), found.skipped) == ("schedule.json", count, [])
    assert told(found, "Europe/Berlin")[0] == first
    assert {event.room for event in found.events} == rooms
    assert len({event.key for event in found.events}) == count
    assert all(event.ends for event in found.events)


@pytest.mark.parametrize(
    ("duration", "ends"),
    [
        ("00:45", "14:30"),
        ("0:45", "14:30"),
        ("00:45:00", "14:30"),
        ("PT45M", "14:30"),
        (45, "14:30"),
        ("45 ", "14:30"),
        ("11:00", "00:45"),
        (None, None),
        ("", None),
        ("00:00", None),
        ("a while", None),
        ("-00:45", None),
        (["00:45"], None),
        ("9999:00", None),
        (1e308, None),
    ],
)
def test_duration_is_read_leniently(duration: Any, ends: str | None) -> None:
    found = read(in_days({**EVENT, "duration": duration}), FRAME)

    assert [(each[2] or "")[11:] or None for each in told(found)] == [ends]


@pytest.mark.parametrize(
    "changed",
    [
        {"date": "2024-02-12T08:45:00Z"},
        {"date": "2024-02-12T13:45:00"},
        {"date": "2024-02-12"},
        {"date": None},
        {"date": "2024-02-12T13:45:00+05:00", "start": None},
        {"date": 12, "start": "1:45 pm"},
    ],
)
def test_time_is_found_wherever_it_stands(changed: dict[str, Any]) -> None:
    found = read(in_days({**EVENT, **changed}), FRAME)

    assert [event.starts for event in found.events] == [datetime(2024, 2, 12, 8, 45, tzinfo=UTC)]


def test_time_without_offset_is_in_the_zone_that_the_file_names() -> None:
    found = read(in_days({**EVENT, "date": "2024-02-12T13:45:00"}, time_zone_name="UTC"), FRAME)

    assert [event.starts for event in found.events] == [datetime(2024, 2, 12, 13, 45, tzinfo=UTC)]


def test_unknown_zone_is_named_and_taken_as_the_venues() -> None:
    found = read(in_days({**EVENT, "date": "2024-02-12T13:45:00"}, time_zone_name="../Mars"), FRAME)

    assert [event.starts for event in found.events] == [datetime(2024, 2, 12, 8, 45, tzinfo=UTC)]
    assert left_out(found) == [("conference", "zone-unknown")]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, EVENT["guid"]),
        ({"guid": None}, "1"),
        ({"guid": "", "id": None, "code": "XYZ"}, "XYZ"),
        ({"guid": {}, "id": []}, None),
    ],
)
def test_key_is_the_first_that_the_event_has(changed: dict[str, Any], key: str | None) -> None:
    found = read(in_days({**EVENT, **changed}), FRAME)

    assert [event.key for event in found.events] == [key]


def test_key_that_two_events_share_is_none() -> None:
    found = read(in_days(EVENT, {**EVENT, "title": "Dogs"}, {**EVENT, "guid": "own", "title": "Lynx"}), FRAME)

    assert [event.key for event in found.events] == [None, None, "own"]


def test_texts_are_kept_by_language() -> None:
    german = {**EVENT, "language": "de-AT", "subtitle": "S", "abstract": "A", "description": "D\r\n\r\n\r\nE"}
    many = {
        **EVENT,
        "guid": "2",
        "title": "Lynx",
        "abstract": {"en": "A", "fr": "Un"},
        "description": {"fr": "D"},
    }

    found = read(in_days(german, many), FRAME)

    assert [event.descriptions for event in found.events] == [
        {"de": "S\n\nA\n\nD\n\nE"},
        {"en": "A", "fr": "Un\n\nD"},
    ]


@pytest.mark.parametrize(
    ("state", "told_as"),
    [("CONFIRMED", False), ("DELAYED", False), ("CANCELED", True), ("WITHDRAWN", None), ("DRAFT", None)],
)
def test_state_says_whether_it_takes_place(state: str, told_as: bool | None) -> None:  # noqa: FBT001  # a table's column
    found = read(flat({**EVENT, "start": "2024-02-12T13:45:00+05:00", "state": state}), FRAME)

    assert [event.is_cancelled for event in found.events] == ([] if told_as is None else [told_as])
    assert left_out(found) == ([(f"event {EVENT['guid']}", "not-confirmed")] if told_as is None else [])


def test_room_of_the_flat_shape_is_found_by_guid() -> None:
    event = {"title": "Cats", "start": "2024-02-12T13:45:00+05:00", "end": "2024-02-12T14:30:00+05:00"}

    found = read(
        flat({**event, "room": {"guid": "r1"}}, rooms=[{"guid": "r1", "name": "Hall A"}, None, 3]), FRAME
    )

    assert told(found) == [("Cats", "2024-02-12 13:45", "2024-02-12 14:30", "Hall A", "")]


def test_known_room_brings_its_site() -> None:
    frame = Frame(
        FRAME.zone,
        FRAME.starts,
        FRAME.ends,
        rooms=(("Room A", "North"), ("Room B", "South"), ("Room B", "North")),
    )

    found = read(
        in_days(
            {**EVENT, "room": "A"},
            {**EVENT, "room": "room b", "guid": "2"},
            {**EVENT, "room": "Room B, South", "guid": "3"},
            {**EVENT, "room": "Room C, East", "guid": "4"},
        ),
        frame,
    )

    assert [(event.room, event.site) for event in found.events] == [
        ("Room A", "North"),
        ("Room B", ""),
        ("Room B", "South"),
        ("Room C, East", ""),
    ]


def test_wrong_types_are_named_item_by_item() -> None:
    days = [
        None,
        {"rooms": "none"},
        {
            "date": 5,
            "rooms": {"Hall A": {"a": 1}, "Hall B": [None, 3, [], {}, {"title": True}, {"title": "No time"}]},
        },
    ]

    found = read(json.dumps({"schedule": {"conference": {"days": days, "rooms": 4}}}).encode(), FRAME)

    assert found.events == []
    assert left_out(found) == [
        ("day 2", "not-readable"),
        ("day 3", "not-readable"),
        ("day 3, Hall B, item 1", "not-an-event"),
        ("day 3, Hall B, item 2", "not-an-event"),
        ("day 3, Hall B, item 3", "not-an-event"),
        ("day 3, Hall B, item 4", "no-title"),
        ("day 3, Hall B, item 5", "no-title"),
        ("day 3, Hall B, item 6", "no-start"),
    ]


def test_xml_is_read_as_json_is() -> None:
    fields = (
        "<date>2024-02-12T13:45:00+05:00</date><start>13:45</start><duration>00:45</duration>"
        "<title>Cats &amp; <b>dogs</b></title><subtitle/><abstract>A</abstract><language>fr</language>"
    )

    found = read(as_xml(fields), FRAME)

    assert found.format == "schedule.xml"
    assert told(found) == [("Cats & dogs", "2024-02-12 13:45", "2024-02-12 14:30", "Hall A", "")]
    assert [(event.key, event.where, event.descriptions) for event in found.events] == [
        ("a-guid", "event a-guid", {"fr": "A"})
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "<start>13:45</start><title>Cats & dogs</title>",
        "<start>13:45</start><title>Cats &amp; dogs\x08</title>",
        "<START>1</START><start>13:45</start><title>Cats &#38; dogs</title>",
        "<!-- no date --><start>13:45</start><title><![CDATA[Cats & dogs]]></title>",
    ],
)
def test_xml_that_is_not_quite_right_is_read_all_the_same(fields: str) -> None:
    found = read(as_xml(fields, attributes='id="x"'), FRAME)

    assert [each[:2] for each in told(found)] == [("Cats & dogs", "2024-02-12 13:45")]


def test_xml_with_a_namespace_is_read() -> None:
    content = as_xml("<start>13:45</start><title>Cats</title>").replace(
        b"<schedule>", b'<schedule xmlns="urn:x">'
    )

    assert [each[0] for each in told(read(content, FRAME))] == ["Cats"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"schedule": ', Fault.BROKEN),
        (b'{"schedule": {"title": 1}}', Fault.UNKNOWN_FORMAT),
        (b"[1, 2, 3]", Fault.UNKNOWN_FORMAT),
        (b'{"schedule": {"conference": {"days": []}}}', Fault.NO_EVENTS),
        (b"<schedule><day></schedule>", Fault.BROKEN),
        (b"<schedule/>", Fault.NO_EVENTS),
        (b"<feed><title>Not a schedule</title></feed>", Fault.UNKNOWN_FORMAT),
    ],
)
def test_file_of_which_nothing_can_be_made_is_refused(content: bytes, fault: Fault) -> None:
    with pytest.raises(ProgrammeFileError) as refused:
        read(content, FRAME)

    assert refused.value.code == fault
    assert refused.value.words
