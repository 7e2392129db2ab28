"""iCalendar files, of other producers."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.imported import Imported
from copapp.interop.programme_file import Frame, read
from tests.programme_files import shared_file, told

FRAME = Frame(ZoneInfo("Asia/Samarkand"), date(2024, 2, 12), date(2024, 2, 17))
BERLIN = """BEGIN:VTIMEZONE
TZID:Their own
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, title: str = "Cats") -> str:
    return "\n".join(["BEGIN:VEVENT", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def a_calendar(*parts: str, line_end: str = "\r\n") -> bytes:
    return (
        ("\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]))
        .replace("\n", line_end)
        .encode()
    )


def left_out(found: Imported) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in found.skipped]


def times(found: Imported) -> list[tuple[str, str | None]]:
    return [each[1:3] for each in told(found)]


def test_real_file_is_read_whole() -> None:
    found = read(shared_file("pdc-2021.schedule.ics").read_bytes(), FRAME)

    assert (found.format, len(found.events), found.skipped) == ("icalendar", 47, [])
    assert told(found)[0] == (
        "Une histoire de l'informatique, du métier à tisser à la machine de Babbage...",
        "2019-10-03 09:00",
        "2019-10-03 09:40",
        "Stack Labs",
        "",
    )
    assert {event.room for event in found.events} == {"Stack Labs", "Airbus", "SII", "Capgemini", "Cenareo"}
    assert all(event.ends and event.key for event in found.events)


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("DTSTART:20240212T134500", "13:45"),
        ("DTSTART:20240212T134500Z", "18:45"),
        ("DTSTART;TZID=Europe/Paris:20240212T134500", "17:45"),
        ('DTSTART;TZID="Europe/Paris":20240212T134500', "17:45"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20240212T134500", "17:45"),
        ("DTSTART;TZID=W. Europe Standard Time:20240212T134500", "17:45"),
        ("DTSTART;TZID=Their own:20240212T134500", "17:45"),
        ("dtstart:20240212T1345", "13:45"),
        ("DTSTART:2024-02-12T13:45:00", "13:45"),
        ("DTSTART;VALUE=DATE-TIME:20240212\n T134500", "13:45"),
    ],
)
def test_start_is_read_in_its_zone(start: str, at: str) -> None:
    found = read(a_calendar(BERLIN, event(start)), FRAME)

    assert times(found) == [(f"2024-02-12 {at}", None)]
    assert found.skipped == []


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "BEGIN:VTIMEZONE\nTZID:Nowhere\nEND:VTIMEZONE",
        "BEGIN:VTIMEZONE\nTZID:Nowhere\nRRULE:FREQ=SECONDLY\nBEGIN:STANDARD\nTZOFFSETTO:+99\nEND:VTIMEZONE",
        BERLIN.replace("Their own", "Nowhere").replace("FREQ=YEARLY", "FREQ=SECONDLY"),
        BERLIN.replace("Their own", "Nowhere").replace("+0100", "+wrong"),
    ],
)
def test_zone_that_cannot_be_found_is_the_venues_and_said_to_be(zone: str) -> None:
    found = read(a_calendar(zone, event("DTSTART;TZID=Nowhere:20240212T134500")), FRAME)

    assert times(found) == [("2024-02-12 13:45", None)]
    assert [each.code for each in found.skipped] == ["zone-unknown"]


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("DTEND:20240212T143000", "2024-02-12 14:30"),
        ("DTEND:20240212T093000Z", "2024-02-12 14:30"),
        ("DURATION:PT45M", "2024-02-12 14:30"),
        ("DURATION:PT12H", "2024-02-13 01:45"),
        ("DTEND:wrong\nDURATION:PT45M", "2024-02-12 14:30"),
        ("X-NOTE:no end", None),
    ],
)
def test_end_is_given_by_dtend_or_duration_or_is_unknown(line: str, ends: str | None) -> None:
    found = read(a_calendar(event("DTSTART:20240212T134500", line)), FRAME)

    assert times(found) == [("2024-02-12 13:45", ends)]
    assert found.skipped == []


@pytest.mark.parametrize(
    "line", ["DTEND:20240212T134500", "DTEND:20240211T134500", "DTEND:soon", "DURATION:-PT5M", "DURATION:x"]
)
def test_impossible_end_is_unknown_and_said_to_be(line: str) -> None:
    found = read(a_calendar(event("DTSTART:20240212T134500", line)), FRAME)

    assert times(found) == [("2024-02-12 13:45", None)]
    assert [each.code for each in found.skipped] in (["end-before-start"], ["end-not-read"])


def test_texts_are_unescaped_unfolded_and_of_their_language() -> None:
    lines = (
        "UID:a@b",
        "DTSTART:20240212T134500",
        "LOCATION:Hall A\\, North",
        "DESCRIPTION;LANGUAGE=fr-CA:Un\\, deux\\; trois\\\\n\\nqua\n tre",
        "STATUS:CANCELLED",
        "BEGIN:VALARM\nDESCRIPTION:Alarm\nDTSTART:20200101T000000\nEND:VALARM",
    )

    found = read(a_calendar(event(*lines, title="Cats\\, dogs")), FRAME)

    [only] = found.events
    assert (only.key, only.title, only.room, only.site, only.is_cancelled) == (
        "a@b",
        "Cats, dogs",
        "Hall A",
        "North",
        True,
    )
    assert only.descriptions == {"fr": "Un, deux; trois\\n\nquatre"}


def test_calendar_of_cancellations_cancels() -> None:
    found = read(a_calendar("METHOD:CANCEL", event("DTSTART:20240212T134500")), FRAME)

    assert [event.is_cancelled for event in found.events] == [True]


def test_all_day_events_are_left_out_with_a_reason() -> None:
    found = read(a_calendar(event("DTSTART;VALUE=DATE:20240212"), event("DTSTART:20240213T090000")), FRAME)

    assert times(found) == [("2024-02-13 09:00", None)]
    assert left_out(found) == [("line 3", "all-day")]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RRULE:FREQ=DAILY;COUNT=3", [12, 13, 14]),
        ("RRULE:FREQ=DAILY;INTERVAL=2", [12, 14, 16]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR", [12, 14, 16]),
        ("RRULE:FREQ=DAILY;UNTIL=20240214T040000Z", [12, 13, 14]),
        ("RRULE:FREQ=DAILY;UNTIL=20240213", [12, 13]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20240213T090000", [12, 14]),
        ("RDATE:20240215T090000,20240220T090000", [12, 15]),
        ("RRULE:FREQ=WEEKLY", [12]),
    ],
)
def test_repeated_event_is_told_for_each_day_of_the_conference(rule: str, days: list[int]) -> None:
    found = read(a_calendar(event("UID:u", "DTSTART:20240212T090000", "DTEND:20240212T093000", rule)), FRAME)

    assert times(found) == [(f"2024-02-{day} 09:00", f"2024-02-{day} 09:30") for day in days]
    assert [event.key for event in found.events] == [f"u/202402{day}T040000Z" for day in days]


def test_changed_occurrence_replaces_the_one_of_the_rule() -> None:
    daily = event("UID:u", "DTSTART:20240212T090000", "RRULE:FREQ=DAILY;COUNT=2")
    changed = event("UID:u", "RECURRENCE-ID:20240213T090000", "DTSTART:20240213T110000", title="Lynx")

    found = read(a_calendar(daily, changed), FRAME)

    assert [(event.title, event.key) for event in found.events] == [
        ("Cats", "u/20240212T040000Z"),
        ("Lynx", "u/20240213T040000Z"),
    ]
    assert times(found) == [("2024-02-12 09:00", None), ("2024-02-13 11:00", None)]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20240212T090000", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20240212T090000", "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2"),
        ("DTSTART:20240212T090000", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20240212T090000", "RRULE:nonsense"),
        ("DTSTART:20240212T090000", "RRULE:FREQ=YEARLY;BYMONTH=99"),
        ("DTSTART:20240212T090000", "RRULE:FREQ=DAILY;UNTIL=later"),
        ("DTSTART:19000101T090000", "RRULE:FREQ=DAILY"),
        ("DTSTART:20250101T090000", "RRULE:FREQ=DAILY"),
        ("RRULE:FREQ=DAILY",),
    ],
)
def test_rule_that_cannot_be_followed_is_left_out_with_a_reason(lines: tuple[str, ...]) -> None:
    found = read(a_calendar(event(*lines)), FRAME)

    assert (found.events, left_out(found)) == ([], [("line 3", "recurrence")])


def test_repeated_uids_are_revisions_where_they_are_numbered() -> None:
    old = event("UID:u", "SEQUENCE:1", "DTSTART:20240212T090000")
    new = event("UID:u", "SEQUENCE:2", "DTSTART:20240212T100000", title="Lynx")

    found = read(a_calendar(old, new), FRAME)

    assert [(event.title, event.key) for event in found.events] == [("Lynx", "u")]
    assert left_out(found) == [("line 3", "older-revision")]


def test_repeated_uids_without_a_number_are_events_without_a_key() -> None:
    found = read(
        a_calendar(*(event("UID:same", f"DTSTART:20240212T{hour}0000") for hour in (10, 11, 11))), FRAME
    )

    assert [event.key for event in found.events] == [None, None]
    assert [each.code for each in found.skipped] == ["repeated"]


def test_broken_lines_and_components_leave_the_others_readable() -> None:
    parts = (
        event("DTSTART:20240230T090000", title="No such day"),
        event("DTSTART", ":::", "\tfolded", "DESCRIPTION;=:x", title="No start"),
        "BEGIN:VEVENT\nDTSTART:20240212T090000",
        event("UID:u", 'DTSTART;X="unclosed:20240212T090000', "DTSTART:20240213T090000"),
        "END:VEVENT\nBEGIN:VTODO\nSUMMARY:To do\nEND:VTODO",
        "BEGIN:VEVENT\nSUMMARY:Never ended\nDTSTART:20240214T090000",
    )

    found = read(a_calendar(*parts, line_end="\n"), FRAME)

    assert [each[:2] for each in told(found)] == [
        ("Cats", "2024-02-13 09:00"),
        ("Never ended", "2024-02-14 09:00"),
    ]
    assert [each.code for each in found.skipped] == ["no-start", "no-start", "no-title"]
