"""A release as schedule.xml, schedule.json, CSV, Excel and iCalendar: valid, and read back as it was."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft6Validator, FormatChecker
from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles import Font
from sqlmodel import Session

from copapp.domain.difference import Difference, difference
from copapp.domain.imported import Fault, ProgrammeFileError, guid
from copapp.interop import table_file
from copapp.interop.conference_folder import read_folder
from copapp.interop.formula_guard import guarded, unguarded
from copapp.interop.icalendar import calendar
from copapp.interop.programme_file import read
from copapp.interop.programme_table import programme_csv, programme_xlsx, template_csv, template_xlsx
from copapp.interop.schedule import stable_ids
from copapp.interop.schedule_json import schedule_json
from copapp.interop.schedule_xml import schedule_xml
from copapp.interop.table_file import csv_table, xlsx_table
from copapp.services.seed import seed
from copapp.settings import DATA
from tests.browser.thousand import write_thousand
from tests.conftest import DATA as TEST_DATA
from tests.conftest import NOW
from tests.programme_files import frame_of, known_of, shared_file

Writer = Callable[[dict[str, Any]], bytes]

GOLDEN = Path(__file__).parent / "golden" / "programme.json"
PUBLIC = "https://cop.example"


def _calendar(programme: dict[str, Any]) -> bytes:
    written = calendar(programme, PUBLIC)
    assert written
    return written


WRITERS: dict[str, Writer] = {
    "schedule.xml": lambda programme: schedule_xml(programme, PUBLIC),
    "schedule.xml without an address": schedule_xml,
    "schedule.json": lambda programme: schedule_json(programme, PUBLIC),
    "schedule.json without an address": schedule_json,
    "csv": programme_csv,
    "excel": programme_xlsx,
    "icalendar": _calendar,
}
every_format = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())


@pytest.fixture(params=["cop14", "tiny", "halls", "thousand"])
def released(request: pytest.FixtureRequest, db: Session, tmp_path: Path) -> dict[str, Any]:
    """Each conference's programme in its public shape."""
    folder = {"cop14": DATA / "cop14", "tiny": TEST_DATA / "tiny", "halls": TEST_DATA / "halls"}.get(
        request.param
    )
    release = seed(db, read_folder(folder or write_thousand(tmp_path / "thousand")), NOW)
    assert release
    programme: dict[str, Any] = json.loads(release.document)
    return programme


@pytest.fixture
def tiny_released() -> dict[str, Any]:
    """The tiny conference in its public shape: an open end, a cancelled event, a night of changing clocks."""
    programme: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
    return programme


def read_back(programme: dict[str, Any], content: bytes) -> Difference:
    frame = frame_of(programme)
    found = read(content, frame)
    assert found.skipped == []
    return difference(known_of(programme), found.events, frame.zone)


@every_format
def test_export_read_back_is_no_difference(released: dict[str, Any], write: Writer) -> None:
    found = read_back(released, write(released))

    assert found.is_empty
    assert len(found.same) == len(released["events"])


@every_format
def test_export_is_the_same_bytes_each_time(tiny_released: dict[str, Any], write: Writer) -> None:
    assert write(tiny_released) == write(tiny_released)


@every_format
def test_renamed_and_moved_event_is_known_by_its_key(tiny_released: dict[str, Any], write: Writer) -> None:
    content = write(tiny_released)
    event = tiny_released["events"][0]
    event.update(title="Another", starts="2024-03-31T20:00:00+01:00", ends=None, room="alta")

    found = read_back(tiny_released, content)

    assert [pair.known.slug for pair in found.changed] == [event["slug"]]
    assert [change.field for change in found.changed[0].changes] == ["title", "starts", "ends", "room"]
    assert (found.added, found.removed) == ([], [])


def test_schedule_xml_is_valid(released: dict[str, Any]) -> None:
    schema = etree.XMLSchema(etree.parse(shared_file("schedule.xml.xsd")))

    for content in (schedule_xml(released, PUBLIC), schedule_xml(released)):
        schema.assertValid(etree.fromstring(content))


def test_schedule_json_is_valid(released: dict[str, Any]) -> None:
    schema = json.loads(shared_file("schema.json").read_bytes())
    check = Draft6Validator(schema, format_checker=FormatChecker())

    for content in (schedule_json(released, PUBLIC), schedule_json(released)):
        assert [error.message for error in check.iter_errors(json.loads(content))] == []


def test_unknown_end_is_assumed_and_said_to_be(tiny_released: dict[str, Any]) -> None:
    document = json.loads(schedule_json(tiny_released, PUBLIC))

    [event] = [
        event
        for day in document["schedule"]["conference"]["days"]
        for events in day["rooms"].values()
        for event in events
        if event["title"] == "Open end"
    ]
    assert (event["duration"], event["subtitle"]) == ("00:45", "End not announced: 45 minutes assumed.")
    assert (event["guid"], event["url"]) == (guid("open-end@tiny.copapp"), f"{PUBLIC}/event/open-end")


def test_rooms_of_one_name_keep_their_sites(tiny_released: dict[str, Any]) -> None:
    for room in tiny_released["rooms"]:
        room["name"] = "Room 1"

    content = [write(tiny_released) for write in WRITERS.values()]

    frame = frame_of(tiny_released)
    for each in content:
        found = difference(known_of(tiny_released), read(each, frame).events, frame.zone)
        assert found.is_empty
        assert {pair.imported.site for pair in found.same} == {"The Quay", "The Hill"}


def test_ids_follow_from_uids_and_are_never_shared() -> None:
    uids = [f"event-{number}@x" for number in range(5_000)]

    ids = stable_ids(uids)

    assert len(set(ids.values())) == len(uids)
    assert all(0 < number < 2**31 for number in ids.values())
    assert {uid: stable_ids([uid])[uid] for uid in uids[:50]} == {uid: ids[uid] for uid in uids[:50]}


def test_template_holds_the_headings_of_an_export(tiny_released: dict[str, Any]) -> None:
    assert programme_csv(tiny_released).startswith(template_csv())
    book = load_workbook(BytesIO(template_xlsx()))
    headings = template_csv().decode("utf-8-sig").strip().split(",")
    assert [cell.value for cell in book["Programme"][1]] == headings


@pytest.mark.parametrize("template", [template_csv(), template_xlsx()], ids=["csv", "excel"])
def test_empty_template_holds_no_event(template: bytes, tiny_released: dict[str, Any]) -> None:
    with pytest.raises(ProgrammeFileError) as refused:
        read(template, frame_of(tiny_released))

    assert refused.value.code == Fault.NO_EVENTS


RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x", " =x", "\uff1d1", "'=1", "''@x", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", RISKY, ids=range(len(RISKY)))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    [[written]] = _excel_rows(xlsx_table("T", [[text]]))
    in_csv = csv_table([[text]]).decode("utf-8-sig")

    assert re.match(r'"?\'', in_csv)
    assert written.startswith("'")
    assert not guarded(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text())
def test_guard_is_taken_off_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_risky_texts_of_a_programme_are_read_back(tiny_released: dict[str, Any]) -> None:
    for event, text in zip(tiny_released["events"], ["=1+1", "-minus", "'=quoted", "@all"], strict=True):
        event.update(title=text, descriptions={"en": f"{text} twice"})

    for write in WRITERS.values():
        assert read_back(tiny_released, write(tiny_released)).is_empty


def _excel_rows(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_table_of_requests_is_written_as_it_is_given() -> None:
    rows = [
        ["Name", "Reason"],
        ["Aysel", 'To talk,\nthen "lunch"'],
        ["=HYPERLINK()", "bell\x07, \ud800 half"],
    ]

    read_csv = csv_table(rows).decode("utf-8-sig")

    assert read_csv == 'Name,Reason\r\nAysel,"To talk,\nthen ""lunch"""\r\n\'=HYPERLINK(),"bell,  half"\r\n'
    assert _excel_rows(xlsx_table("Requests", rows)) == [
        ["Name", "Reason"],
        ["Aysel", 'To talk,\nthen "lunch"'],
        ["'=HYPERLINK()", "bell,  half"],
    ]
    assert xlsx_table("Requests", rows) == xlsx_table("Requests", rows)


def test_a_long_table_makes_its_styles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each cell of 7,000 requests kept a processor busy for eleven seconds."""
    made: list[dict[str, Any]] = []

    def count(**given: Any) -> Font:
        made.append(given)
        return Font(**given)

    monkeypatch.setattr(table_file, "Font", count)
    xlsx_table("Requests", [["Name", "Reason"]] * 100)

    assert made == [{"bold": True}, {"bold": False}]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp"]), max_size=40
)
titles = words.filter(lambda text: text.strip(" \u3000\u00a0") and any(each.isalnum() for each in text))


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    """A tiny conference with other titles, times and texts."""
    programme: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
    zone = ZoneInfo(programme["conference"]["timezone"])
    day = datetime(2024, 3, 30, tzinfo=UTC)
    for number, event in enumerate(programme["events"]):
        starts = day + timedelta(minutes=draw(st.integers(0, 2 * 24 * 60 - 1)))
        length = draw(st.none() | st.integers(1, 600))
        ends = (starts + timedelta(minutes=length)).astimezone(zone).isoformat() if length else None
        event.update(
            title=f"{draw(titles)} {number}",
            starts=starts.astimezone(zone).isoformat(),
            ends=ends,
            status=draw(st.sampled_from(["confirmed", "cancelled"])),
            descriptions={language: text for language in ("en", "fr") if (text := draw(words).strip())},
        )
    return programme


@every_format
@settings(max_examples=40, deadline=None)
@given(programme=programmes())
def test_any_programme_is_read_back(write: Writer, programme: dict[str, Any]) -> None:
    assert read_back(programme, write(programme)).is_empty
