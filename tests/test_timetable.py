"""The rules of time on the tiny conference, in whose night the clocks go forward."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.source import SourceProgramme
from copapp.domain.timetable import Running, assumed_end, conference_days, days, now_and_next, phase

LISBON = ZoneInfo("Europe/Lisbon")


def test_night_over_the_change_is_as_long_as_it_is(tiny: SourceProgramme) -> None:
    night = next(event for event in tiny.events if event.slug == "night-walk")

    assert night.ends is not None
    assert night.ends - night.starts == timedelta(hours=2)  # 23:30 to 02:30, less the hour that never was


def test_event_past_midnight_belongs_to_the_day_it_starts(tiny: SourceProgramme) -> None:
    found = {day: [event.slug for event in held] for day, held in days(reversed(tiny.events), LISBON).items()}

    assert found == {
        date(2024, 3, 30): ["opening", "night-walk"],
        date(2024, 3, 31): ["open-end", "called-off"],
    }
    assert list(found) == conference_days(tiny.conference.starts, tiny.conference.ends)


@pytest.mark.parametrize(
    ("now", "running", "following"),
    [
        ("2024-03-30T23:29:59+00:00", [], ["night-walk"]),
        ("2024-03-30T23:30:00+00:00", [Running("night-walk", is_assumed=False)], ["open-end"]),
        ("2024-03-31T02:29:59+01:00", [Running("night-walk", is_assumed=False)], ["open-end"]),
        ("2024-03-31T02:30:00+01:00", [], ["open-end"]),
        ("2024-03-31T09:44:59+01:00", [Running("open-end", is_assumed=True)], []),
        ("2024-03-31T09:45:00+01:00", [], []),
    ],
)
def test_now_and_next_over_the_change(
    tiny: SourceProgramme, now: str, running: list[Running], following: list[str]
) -> None:
    assumed = tiny.conference.assumed_length_minutes

    assert now_and_next(tiny.events, datetime.fromisoformat(now), assumed) == (running, following)


def test_assumed_end_counts_real_minutes(tiny: SourceProgramme) -> None:
    """Adding in the venue's own zone would count an hour that the clocks leave out."""
    at_night = datetime(2024, 3, 31, 0, 30, tzinfo=LISBON)
    late = replace(tiny.events[0], starts=at_night, ends=None)

    assert assumed_end(late, 60) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


def test_last_day_ends_by_the_venues_clock(tiny: SourceProgramme) -> None:
    starts, ends = tiny.conference.starts, tiny.conference.ends
    last = datetime(2024, 3, 31, 23, 59, 59, tzinfo=LISBON)

    assert phase(last, starts, ends, LISBON) == "during"
    assert phase(last.astimezone(UTC) + timedelta(seconds=1), starts, ends, LISBON) == "after"
