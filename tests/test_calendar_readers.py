"""Every kind of calendar file in every language, as five independent readers read it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.i18n import LANGUAGES
from copapp.interop.conference_folder import read_folder
from copapp.interop.icalendar import calendar
from copapp.interop.personal_calendar import MeetingState, PersonalMeeting, Wishes, personal_calendar
from copapp.interop.staff_calendar import CoveredEvent, StaffMeeting, staff_calendar
from copapp.services.seed import seed
from tests.browser.thousand import write_thousand
from tests.calendar_readers import READERS, Read, expected
from tests.conftest import NOW

PUBLIC = "https://cop.example"
TEN = datetime(2024, 2, 13, 5, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
MEETINGS = [
    PersonalMeeting(f"meeting-{at}@cop14.copapp", at, NOW, TEN, TEN + HALF_AN_HOUR, state, "Room Ferghana")
    for at, state in enumerate(MeetingState)
]
MET: Read = {
    each.uid: (each.starts, each.ends, each.sequence, each.state.value)
    for each in MEETINGS
}  # fmt: skip

Case = tuple[bytes, Read]


def released(db: Session, programme: SourceProgramme) -> dict[str, Any]:
    """Give a conference in its public shape, with one event cancelled since."""
    release = seed(db, programme, NOW)
    assert release is not None
    public: dict[str, Any] = json.loads(release.document)
    public["events"][-1] |= {"status": "cancelled", "sequence": 3}
    return public


def written(programme: dict[str, Any], language: str) -> dict[str, Case]:
    """Write a conference as each kind of calendar."""
    wishes, events = Wishes(language, 15), expected(programme)
    slugs = [each["slug"] for each in programme["events"]]
    covered = [CoveredEvent(slug, "aigul", "Айгуль") for slug in slugs]
    met = [StaffMeeting(number, "Айгуль", each) for number, each in enumerate(MEETINGS, 1)]
    everything = calendar(programme, PUBLIC, None, language)
    assert everything is not None
    return {
        "the programme": (everything, events),
        "a phone's": (personal_calendar(programme, slugs, MEETINGS, wishes, PUBLIC), events | MET),
        "one's own": (staff_calendar(programme, covered, met, wishes, PUBLIC, of_team=False), events | MET),
        "the team's": (
            staff_calendar(programme, covered, met, wishes, PUBLIC, of_team=True),
            {f"aigul.{uid}": each for uid, each in events.items()} | MET,
        ),
    }


def read_otherwise(cases: dict[str, Case]) -> list[tuple[str, str]]:
    """Name which reader reads which calendar otherwise than it was meant."""
    return [
        (reader.__name__, name)
        for name, (body, meant) in cases.items()
        for reader in READERS
        if reader(body) != meant
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_conference_is_read_alike_with_a_meeting_in_each_state(
    db: Session, cop14: SourceProgramme, language: str
) -> None:
    cases = written(released(db, cop14), language)

    assert {name: len(meant) for name, (_, meant) in cases.items()} == {
        "the programme": 8,
        "a phone's": 11,
        "one's own": 11,
        "the team's": 11,
    }
    assert read_otherwise(cases) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_conference_across_a_change_of_clocks_is_read_alike(
    db: Session, tiny: SourceProgramme, language: str
) -> None:
    programme = released(db, tiny)
    offsets = {each["starts"][-6:] for each in programme["events"]}

    assert offsets == {"+00:00", "+01:00"}
    assert read_otherwise(written(programme, language)) == []


def test_cyrillic_is_folded_by_octets_between_characters(db: Session, cop14: SourceProgramme) -> None:
    programme = released(db, cop14)
    for event in programme["events"]:
        event["descriptions"] = {"ru": "Сохранение сайгака и мигрирующих видов Центральной Азии. " * 4}

    for body, _ in written(programme, "ru").values():
        lines = body.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert [line.decode() for line in lines]  # no character is cut in two
        assert sum(line.startswith(b" ") and not line.isascii() for line in lines) >= 8 * 5


def test_a_thousand_events_are_read_alike(db: Session, tmp_path: Path) -> None:
    programme = released(db, read_folder(write_thousand(tmp_path)))
    found = {
        name: case for name, case in written(programme, "ru").items() if name in {"a phone's", "the team's"}
    }

    assert len(programme["events"]) == 1_000
    assert read_otherwise(found) == []
