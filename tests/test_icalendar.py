"""Calendar files, as five independent readers read them."""

import json
import re
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.interop.icalendar import calendar
from copapp.services.seed import seed
from tests.calendar_readers import READERS, events_of, expected, read_by_icalendar
from tests.conftest import NOW

GOLDEN = Path(__file__).parent / "golden" / "programme.json"
PUBLIC = "https://cop.example"


@pytest.fixture
def released(db: Session, cop14: SourceProgramme) -> dict[str, Any]:
    """The real programme in its public shape."""
    release = seed(db, cop14, NOW)
    assert release is not None
    programme: dict[str, Any] = json.loads(release.document)
    return programme


@pytest.fixture
def tiny_released() -> dict[str, Any]:
    """The tiny conference in its public shape."""
    programme: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
    return programme


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_real_programme_is_read_alike(released: dict[str, Any], read: Any) -> None:
    body = calendar(released, PUBLIC)

    assert body is not None
    assert read(body) == expected(released)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_programme_across_a_change_of_clocks_is_read_alike(tiny_released: dict[str, Any], read: Any) -> None:
    body = calendar(tiny_released, PUBLIC)

    assert body is not None
    assert read(body) == expected(tiny_released)


def test_unknown_end_is_said_and_not_invented(released: dict[str, Any]) -> None:
    body = calendar(released, PUBLIC, "saiga-networking")

    assert body is not None
    event = events_of(body)[0]
    assert "DTEND" not in event
    assert "DURATION" not in event
    assert str(event["DESCRIPTION"]) == "End not announced."


def test_single_event_holds_that_event_only(released: dict[str, Any]) -> None:
    body = calendar(released, PUBLIC, "cats-of-the-silk-road")

    assert body is not None
    assert list(read_by_icalendar(body)) == ["cats-of-the-silk-road@cop14.copapp"]


def test_unknown_event_has_no_calendar(released: dict[str, Any]) -> None:
    assert calendar(released, PUBLIC, "nothing") is None


def test_two_writings_are_the_same_bytes(tiny_released: dict[str, Any]) -> None:
    assert calendar(tiny_released, PUBLIC) == calendar(tiny_released, PUBLIC)


def test_lines_are_folded_by_octets_and_end_in_crlf(tiny_released: dict[str, Any]) -> None:
    body = calendar(tiny_released, PUBLIC)

    assert body is not None
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines]  # no character is cut in two


def test_calendar_carries_its_zone_and_its_name(tiny_released: dict[str, Any]) -> None:
    body = calendar(tiny_released, PUBLIC)

    assert body is not None
    read: Any = icalendar.Calendar.from_ical(body)
    assert [str(zone["TZID"]) for zone in read.walk("VTIMEZONE")] == ["Europe/Lisbon"]
    assert str(read["NAME"]) == str(read["X-WR-CALNAME"]) == "Tiny Days · The Tiny Society"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert str(read["METHOD"]) == "PUBLISH"
    assert len(body) < 6_000  # the zone's rules of these days, not of a century


def test_event_leads_back_to_its_page(released: dict[str, Any]) -> None:
    body = calendar(released, PUBLIC + "/", "saiga-recovery")

    assert body is not None
    event = events_of(body)[0]
    assert str(event["URL"]) == "https://cop.example/event/saiga-recovery"
    assert str(event["LOCATION"]) == "Room Bukhara, Expo Centre, Samarkand, Uzbekistan"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (39.6596, 67.05576)


PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(str.strip)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(title=PRINTABLE.filter(bool), text=PRINTABLE)
def test_any_text_comes_back_as_it_was(title: str, text: str) -> None:
    programme = json.loads(GOLDEN.read_text("utf-8"))
    programme["events"][0] |= {"title": title, "descriptions": {"en": text}}

    body = calendar(programme)

    assert body is not None
    event = events_of(body)[0]
    assert (str(event["SUMMARY"]), str(event.get("DESCRIPTION", ""))) == (title, text)


@pytest.mark.parametrize(
    ("zone", "days", "onset"),
    [
        ("Europe/Lisbon", ("2024-03-30", "2024-03-31"), "20240331T010000 +0000 +0100"),
        ("America/New_York", ("2024-03-09", "2024-03-11"), "20240310T020000 -0500 -0400"),
        ("Australia/Sydney", ("2024-10-01", "2024-10-09"), "20241006T020000 +1000 +1100"),
    ],
)
def test_onset_is_told_in_the_offset_before_it(
    tiny_released: dict[str, Any], zone: str, days: tuple[str, str], onset: str
) -> None:
    """The library tells a spring's onset an hour late, and events of that hour with it."""
    tiny_released["conference"] |= {"timezone": zone, "starts": days[0], "ends": days[1]}

    body = calendar(tiny_released)

    assert body is not None
    [*_, summer] = re.findall(r"BEGIN:DAYLIGHT\r\n(.*?)END:DAYLIGHT", body.decode(), re.DOTALL)
    told = dict(line.split(":") for line in summer.split())
    assert f"{told['DTSTART']} {told['TZOFFSETFROM']} {told['TZOFFSETTO']}" == onset


def test_control_characters_stay_out(tiny_released: dict[str, Any]) -> None:
    tiny_released["events"][0]["title"] = "A\x00B\x0bC\x7fD\tE"

    body = calendar(tiny_released, only="opening")

    assert body is not None
    assert b"\r\nSUMMARY:ABCD\tE\r\n" in body


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_event_far_from_the_conference_is_read_alike(tiny_released: dict[str, Any], read: Any) -> None:
    """The zone's rules must reach it: half a year earlier other rules hold."""
    tiny_released["events"][0] |= {
        "starts": "2023-08-01T10:00:00+01:00",
        "ends": "2023-08-01T11:00:00+01:00",
    }

    body = calendar(tiny_released)

    assert body is not None
    assert read(body) == expected(tiny_released)
