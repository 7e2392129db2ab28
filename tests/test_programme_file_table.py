"""CSV and Excel, of other producers."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.programme_file import Frame, read
from tests.programme_files import told

FRAME = Frame(
    ZoneInfo("Asia/Samarkand"),
    date(2024, 2, 12),
    date(2024, 2, 17),
    rooms=(("Room Ferghana", "Expo Centre"), ("Snow Leopard Room", "Main Building")),
)
CATS = ("Cats", "2024-02-13 13:45", "2024-02-13 14:30", "Room Ferghana", "Expo Centre")


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def left_out(found: Imported) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in found.skipped]


@pytest.mark.parametrize(
    "table",
    [
        "Title,Date,Start,End,Room\nCats,2024-02-13,13:45,14:30,Room Ferghana",
        "title;date;starts;ends;room;site\nCats;13.02.2024;13:45;14:30;Ferghana;Expo Centre",
        "Titre\tJour\tDébut\tFin\tSalle\nCats\tmardi 13\t13h45\t14h30\tFerghana",
        "Título|Fecha|Inicio|Fin|Sala\nCats|martes 13 de febrero|13.45|14.30|Ferghana",
        "Название;Дата;Начало;Конец;Зал\nCats;13 февраля;13:45;14:30;Ferghana",
        "Subject,Start Date,Start Time,End Date,End Time,Location\n"
        'Cats,02/13/2024,1:45 PM,02/13/2024,2:30 PM,"Room Ferghana, Expo Centre"',
        "Event,Start,End,Room\nCats,2024-02-13T13:45:00+05:00,2024-02-13T09:30:00Z,Ferghana",
        "Event,Start,End,Room\nCats,2024-02-13 13:45,2024-02-13 14:30,Ferghana",
        "Event,Day,Time,Room\nCats,Tuesday 13th,13:45 – 14:30,Ferghana",
        "Event,Date,Start,Duration,Room\nCats,13/02/2024,13:45,45,Ferghana",
        "Event,Date,Start,Duration,Room\nCats,13/02/2024,13:45,0:45,Ferghana",
        "Programme of the week,,,\n,,,\nDay,Time,Event,Room\nTuesday 13th,,,\n,13:45-14:30,Cats,Ferghana",
        '"Title","Date","Start","End","Room"\r\n"Cats","2024-02-13","13:45","14:30","Ferghana"\r\n\r\n',
    ],
    ids=range(13),
)
def test_csv_is_read_whatever_its_headings_and_signs(table: str) -> None:
    found = read(table.encode(), FRAME)

    assert (found.format, told(found), found.skipped) == ("table", [CATS], [])


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r", "cp866"],
)
def test_russian_csv_is_read_in_each_encoding(encoding: str) -> None:
    title = "Восстановление сайгака в Казахстане"
    table = f"Название;Дата;Начало;Зал\n{title};13.02.2024;13:45;Зал Фергана\n"

    found = read(table.encode(encoding), FRAME)

    assert [(each[0], each[3]) for each in told(found)] == [(title, "Зал Фергана")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_western_csv_is_read_in_each_encoding(encoding: str) -> None:
    title = "L’été à Samarkand – où, señor?"
    table = f"Titre;Date;Début;Salle\n{title};13.02.2024;13:45;Forêt\n"

    found = read(table.encode(encoding), FRAME)

    assert [(each[0], each[3]) for each in told(found)] == [(title, "Forêt")]


def test_other_columns_are_read_by_name_and_language() -> None:
    table = (
        "ID,Title,Date,Start,Status,As published,Description,Description (FR),description_es,Описание\n"
        '7,Cats,2024-02-13,13:45,Cancelled,Hall,"A\nB",F,E,R\n'
    )

    found = read(table.encode(), FRAME)

    [cats] = found.events
    assert (cats.key, cats.is_cancelled, cats.published) == ("7", True, "Hall")
    assert cats.descriptions == {"en": "A\nB", "fr": "F", "es": "E", "ru": "R"}


@pytest.mark.parametrize(
    ("end", "ends", "code"),
    [
        ("", None, None),
        ("tbc", None, None),
        ("?", None, None),
        ("later", None, "end-not-read"),
        ("13:00", None, "end-before-start"),
        ("14:30", "2024-02-13 14:30", None),
        ("2024-02-14 01:00", "2024-02-14 01:00", None),
        ("01:00", "2024-02-14 01:00", None),
    ],
)
def test_end_is_read_or_unknown(end: str, ends: str | None, code: str | None) -> None:
    found = read(f"Title,Date,Start,End\nCats,2024-02-13,13:45,{end}".encode(), FRAME)

    assert [each[2] for each in told(found)] == [ends]
    assert left_out(found) == ([("line 2", code)] if code else [])


def test_csv_says_what_it_left_out_and_where() -> None:
    table = (
        "Title,Date,Start,All day event\n"
        ",2024-02-13,13:45,\n"
        "No time,2024-02-13,soon,\n"
        "No day,Someday,13:45,\n"
        "All day,2024-02-13,,TRUE\n"
        "A note alone,,,\n"
        "Cats,2024-02-13,13:45,\n"
        "Cats,2024-02-13,13:45,\n"
    )

    found = read(table.encode(), FRAME)

    assert [event.title for event in found.events] == ["Cats"]
    assert left_out(found) == [
        ("line 2", "no-title"),
        ("line 3", "no-start"),
        ("line 4", "no-start"),
        ("line 5", "all-day"),
        ("line 6", "not-an-event"),
        ("line 8", "repeated"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["Cats", datetime(2024, 2, 13), time(13, 45), time(14, 30), "Ferghana"],  # noqa: DTZ001  # as Excel keeps it
        ["Cats", date(2024, 2, 13), timedelta(hours=13, minutes=45), timedelta(hours=14.5), "Ferghana"],
        ["Cats", "Tuesday 13th", 0.572916666666667, 0.604166666666667, "Ferghana"],
        ["Cats", None, datetime(2024, 2, 13, 13, 45), datetime(2024, 2, 13, 14, 30), "Ferghana"],  # noqa: DTZ001  # see above
        ["Cats", "13.02.2024", "13:45", "14:30", "Ferghana"],
    ],
    ids=range(5),
)
def test_excel_is_read_whatever_its_cells_hold(row: list[Any]) -> None:
    found = read(workbook(["Programme"], [], ["Title", "Date", "Start", "End", "Room"], row), FRAME)

    assert (found.format, told(found), found.skipped) == ("excel", [CATS], [])
    assert found.events[0].where == "Sheet, row 4"


def test_excel_finds_the_sheet_that_holds_the_programme() -> None:
    book = Workbook()
    book.active.append(["Read me"])
    book.create_sheet("Events").append(["Title", "Start"])
    book["Events"].append(["Cats", "2024-02-13 13:45"])
    book["Events"].append([123, "2024-02-13 14:45"])
    file = BytesIO()
    book.save(file)

    found = read(file.getvalue(), FRAME)

    assert [(event.title, event.where) for event in found.events] == [
        ("Cats", "Events, row 2"),
        ("123", "Events, row 3"),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a,b,c\n1,2,3\n", Fault.UNKNOWN_FORMAT),
        (b"Title,Start\n", Fault.NO_EVENTS),
        (workbook(["a", "b"], [1, 2]), Fault.UNKNOWN_FORMAT),
        (b"PK\x03\x04 this is no zip", Fault.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", Fault.OLD_EXCEL),
        (b"%PDF-1.7", Fault.UNKNOWN_FORMAT),
        (b'Title,Start\n"' + b"x" * 200_000, Fault.BROKEN),
    ],
    ids=range(7),
)
def test_table_of_which_nothing_can_be_made_is_refused(content: bytes, fault: Fault) -> None:
    with pytest.raises(ProgrammeFileError) as refused:
        read(content, FRAME)

    assert refused.value.code == fault
    assert refused.value.words


@pytest.mark.parametrize("row", ["30.10.2027;23:30;02:30", "30.10.2027;23:30 – 02:30;"])
@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("Europe/Lisbon", "2027-10-30", "2027-10-31T02:30+00:00"),
        ("Europe/Lisbon", "2027-03-27", "2027-03-28T02:30+01:00"),
        ("America/New_York", "2027-11-06", "2027-11-07T02:30-05:00"),
        ("Australia/Lord_Howe", "2027-04-03", "2027-04-04T02:30+10:30"),
    ],
)
def test_end_past_midnight_counts_on_the_venues_clock(row: str, zone: str, day: str, ends: str) -> None:
    frame = replace(FRAME, zone=ZoneInfo(zone), starts=date.fromisoformat(day), ends=date.fromisoformat(day))
    table = f"Title;Date;Start;End\nOwls;{row.replace('30.10.2027', day)}\n"

    [owls] = read(table.encode(), frame).events

    assert owls.ends == datetime.fromisoformat(ends)


def test_length_in_the_night_of_a_change_is_one_that_passes() -> None:
    day = date(2027, 10, 30)
    frame = replace(FRAME, zone=ZoneInfo("Europe/Lisbon"), starts=day, ends=day)

    [owls] = read(b"Title;Date;Start;Duration\nOwls;2027-10-30;23:30;180\n", frame).events

    assert owls.ends == datetime.fromisoformat("2027-10-31T01:30+00:00")
