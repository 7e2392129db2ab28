"""The organisation's own page, as text and as HTML."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.imported import Fault, ProgrammeFileError
from copapp.domain.source import SourceProgramme
from copapp.interop.programme_file import Frame, read
from tests.programme_files import PAGES, shared_file, told

FRAME = Frame(ZoneInfo("Asia/Samarkand"), date(2024, 2, 12), date(2024, 2, 17))
COP14 = Frame(
    zone=FRAME.zone,
    starts=FRAME.starts,
    ends=FRAME.ends,
    rooms=(
        ("Room Ferghana", "Expo Centre"),
        ("Room Bukhara", "Expo Centre"),
        ("Avantegarde Room", "Savitsky Plaza"),
        ("Snow Leopard Room", "Main Building"),
    ),
)
LINE = "Monday 12th:\n• A title, with commas, Expo Centre, Room Ferghana, {}"


def pages() -> list[bytes]:
    return [(PAGES / name).read_bytes() for name in ("connecting.txt", "connecting.html")]


def expected(cop14: SourceProgramme) -> list[tuple[str, str, str | None, str, str]]:
    sites = {site.slug: site.name for site in cop14.sites}
    rooms = {room.slug: (room.name, sites[room.site]) for room in cop14.rooms}
    return [
        (
            event.title,
            f"{event.starts.astimezone(FRAME.zone):%Y-%m-%d %H:%M}",
            f"{event.ends.astimezone(FRAME.zone):%Y-%m-%d %H:%M}" if event.ends else None,
            *rooms[event.room],
        )
        for event in cop14.events
    ]


@pytest.mark.parametrize("frame", [COP14, FRAME], ids=["names known", "no name known"])
@pytest.mark.parametrize("content", pages(), ids=["text", "html"])
def test_page_holds_the_eight_events(content: bytes, frame: Frame, cop14: SourceProgramme) -> None:
    found = read(content, frame)

    assert told(found) == expected(cop14)
    assert found.skipped == []


@pytest.mark.parametrize("content", pages(), ids=["text", "html"])
def test_page_gives_place_and_time_as_published(content: bytes, cop14: SourceProgramme) -> None:
    found = read(content, COP14)

    assert [event.published for event in found.events] == [event.published for event in cop14.events]


def test_source_page_holds_the_eight_events(cop14: SourceProgramme) -> None:
    content = shared_file("../source/cop14-connecting.txt").read_bytes()

    found = read(content, COP14)

    assert (told(found), found.skipped) == (expected(cop14), [])
    assert [event.where for event in found.events][:3] == ["line 17", "line 21", "line 22"]


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("13:45 – 14:30", "13:45", "14:30"),
        ("13:45-14:30", "13:45", "14:30"),
        ("13.45—14.30", "13:45", "14:30"),
        ("from 13:45 to 14:30", "13:45", "14:30"),
        ("13h45 à 14h30", "13:45", "14:30"),
        ("1:45 – 2:30 pm", "13:45", "14:30"),
        ("11:45 am – 2:30 pm", "11:45", "14:30"),
        ("9:00", "09:00", None),
        ("9 a.m.", "09:00", None),
        ("13:45 – 14:30.", "13:45", "14:30"),
        ("13:45 – 14:30 (cancelled)", "13:45", "14:30"),
    ],
)
def test_page_reads_times_as_people_write_them(written: str, starts: str, ends: str | None) -> None:
    found = read(LINE.format(written).encode(), FRAME)

    day = "2024-02-12"
    its_end = f"{day} {ends}" if ends else None
    assert told(found) == [
        ("A title, with commas", f"{day} {starts}", its_end, "Room Ferghana", "Expo Centre")
    ]


def test_page_reads_an_evening_past_midnight() -> None:
    found = read(LINE.format("22:00 – 01:30").encode(), FRAME)

    assert [each[1:3] for each in told(found)] == [("2024-02-12 22:00", "2024-02-13 01:30")]


def test_page_takes_an_impossible_end_as_unknown_and_says_so() -> None:
    found = read(LINE.format("14:30 – 13:45").encode(), FRAME)

    assert [each[1:3] for each in told(found)] == [("2024-02-12 14:30", None)]
    assert [(each.where, each.code) for each in found.skipped] == [("line 2", "end-not-read")]


@pytest.mark.parametrize(
    "heading",
    [
        "Tuesday 13th:",
        "Tuesday 13th",
        "TUESDAY, 13 FEBRUARY 2024",
        "Tue 13 Feb",
        "February 13, 2024",
        "2024-02-13",
        "13.02.2024",
        "13/02/2024",
        "02/13/2024",
        "mardi 13 février",
        "Martes 13 de febrero de 2024",
        "Вторник, 13 февраля 2024 года",
        "• Tuesday 13th",
    ],
)
def test_page_reads_days_as_people_write_them(heading: str) -> None:
    found = read(f"{heading}\n• Cats, Expo Centre, Room Ferghana, 13:45".encode(), FRAME)

    assert [each[1] for each in told(found)] == ["2024-02-13 13:45"]


@pytest.mark.parametrize(
    ("line", "title", "room", "site"),
    [
        ("Cats, Expo Centre, Room Ferghana", "Cats", "Room Ferghana", "Expo Centre"),
        ("Cats, Room Ferghana, Expo Centre", "Cats", "Room Ferghana", "Expo Centre"),
        ("Cats, dogs, Ferghana room", "Cats, dogs", "Room Ferghana", "Expo Centre"),
        ("Cats, dogs, Expo Center, Room Ferghana", "Cats, dogs", "Room Ferghana", "Expo Centre"),
        ("Cats, dogs, Expo Centre, Registan", "Cats, dogs", "Registan", "Expo Centre"),
        ("Cats, dogs, Registan, Expo Centre", "Cats, dogs", "Registan", "Expo Centre"),
        ("Cats, dogs, Registan Room, New Plaza", "Cats, dogs", "Registan Room", "New Plaza"),
        ("Cats, dogs, New Plaza, Registan Room", "Cats, dogs", "Registan Room", "New Plaza"),
        ("Cats, Registan", "Cats", "Registan", ""),
        ("Expo Centre, Expo Centre, Room Ferghana", "Expo Centre", "Room Ferghana", "Expo Centre"),
        ("Cats", "Cats", "", ""),
    ],
)
def test_page_finds_room_and_site_by_name_else_by_position(
    line: str, title: str, room: str, site: str
) -> None:
    found = read(f"Monday 12th\n• {line}, 13:45 – 14:30".encode(), COP14)

    assert [(each[0], *each[3:]) for each in told(found)] == [(title, room, site)]


def test_page_joins_an_item_that_was_wrapped() -> None:
    page = (
        "Monday 12th\n"
        "  • Recognising and Building on\n"
        "    the Success, Expo Centre,\n"
        "    Room Bukhara, 12:45 – 13:30\n"
    )

    found = read(page.encode(), COP14)

    assert told(found) == [
        (
            "Recognising and Building on the Success",
            "2024-02-12 12:45",
            "2024-02-12 13:30",
            "Room Bukhara",
            "Expo Centre",
        )
    ]


def test_page_without_bullets_is_read_by_its_lines() -> None:
    page = "Monday 12th\nCats, Expo Centre, Room Ferghana, 13:45\nWe are there from 9:00.\n"

    found = read(page.encode(), COP14)

    assert [each[0] for each in told(found)] == ["Cats"]


@pytest.mark.parametrize(
    ("line", "is_cancelled"),
    [
        ("Cats, Expo Centre, Room Ferghana, 13:45 (cancelled)", True),
        ("CANCELLED: Cats, Expo Centre, Room Ferghana, 13:45", True),
        ("Cats, Expo Centre, Room Ferghana, 13:45 – annulé", True),
        ("Cats, Expo Centre, Room Ferghana, 13:45", False),
    ],
)
def test_page_knows_what_is_called_off(line: str, is_cancelled: bool) -> None:  # noqa: FBT001  # a column of a table
    found = read(f"Monday 12th\n• {line}".encode(), COP14)

    assert [(event.title, event.is_cancelled) for event in found.events] == [("Cats", is_cancelled)]


def test_struck_words_of_a_page_were_replaced_and_a_struck_line_is_called_off() -> None:
    page = (
        "<h3>Monday 12th</h3><ul>"
        "<li>Cats, Expo Centre, Room Ferghana, <s>12:45</s> 13:45 – 14:30</li>"
        "<li><del>Dogs, Expo Centre, Room Ferghana, 13:45 – 14:30</del></li></ul>"
    )

    found = read(page.encode(), COP14)

    assert [(event.title, event.is_cancelled) for event in found.events] == [("Cats", False), ("Dogs", True)]
    assert [each[1] for each in told(found)] == ["2024-02-12 13:45", "2024-02-12 13:45"]


def test_page_says_what_it_left_out_and_where() -> None:
    page = (
        "Where to find us\n"
        "Monday 13th\n"
        "• Cats, Expo Centre, Room Ferghana, 13:45\n"
        "• A note without a time\n"
        "• Cats, Expo Centre, Room Ferghana, 25:00\n"
        "Wednesday 32nd\n"
        "• Dogs, Expo Centre, Room Ferghana, 13:45\n"
        "Thursday 15th\n"
        "• 12:00 – 13:00\n"
        "• Lynx, Expo Centre, Room Ferghana, 9:00\n"
        "• Lynx, Expo Centre, Room Ferghana, 9:00\n"
    )

    found = read(page.encode(), COP14)

    assert [event.title for event in found.events] == ["Cats", "Lynx"]
    assert [(each.where, each.code) for each in found.skipped] == [
        ("line 2", "weekday"),
        ("line 4", "no-start"),
        ("line 5", "no-start"),
        ("line 6", "day-unknown"),
        ("line 7", "no-day"),
        ("line 9", "no-title"),
        ("line 11", "repeated"),
    ]
    assert all(each.words for each in found.skipped)


def test_a_number_without_month_is_the_conferences_day() -> None:
    over_a_month = Frame(FRAME.zone, date(2024, 2, 28), date(2024, 3, 2))

    found = read(b"Thursday 29th\n- A, B, C, 9:00\nFriday 1st\n- A, B, C, 9:00", over_a_month)

    assert [each[1] for each in told(found)] == ["2024-02-29 09:00", "2024-03-01 09:00"]


@pytest.mark.parametrize("content", [b"", b"  \n ", b"Just a letter.\nNothing else.", b"<p>Just a page</p>"])
def test_a_page_without_a_day_is_refused(content: bytes) -> None:
    with pytest.raises(ProgrammeFileError) as refused:
        read(content, COP14)

    assert refused.value.code in (Fault.EMPTY, Fault.UNKNOWN_FORMAT)
    assert refused.value.words
