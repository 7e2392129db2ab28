"""Ends and moves count on the venue's clocks, also in the nights in which they change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.wall_clock import wall_end, wall_instant, wall_shift

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"
NEW_YORK, LORD_HOWE = "America/New_York", "Australia/Lord_Howe"


def at(zone: str, wall: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "starts", "clock", "ends", "minutes"),
    [
        (LISBON, "2027-10-30T23:30", "02:30", "2027-10-31T02:30", 240),
        (LISBON, "2027-03-27T23:30", "02:30", "2027-03-28T02:30", 120),
        (NEW_YORK, "2027-11-06T22:00", "03:00", "2027-11-07T03:00", 360),
        (NEW_YORK, "2027-03-13T22:00", "03:00", "2027-03-14T03:00", 240),
        (SAO_PAULO, "2018-02-17T20:00", "01:00", "2018-02-18T01:00", 360),
        (LORD_HOWE, "2027-04-03T23:00", "02:30", "2027-04-04T02:30", 240),
        (LORD_HOWE, "2027-10-02T23:00", "03:00", "2027-10-03T03:00", 210),
        (LISBON, "2027-10-31T00:30", "03:00", "2027-10-31T03:00", 210),
        (LISBON, "2027-06-01T13:45", "14:30", "2027-06-01T14:30", 45),
        (LISBON, "2027-06-01T22:00", "10:00", "2027-06-02T10:00", 720),
    ],
)
def test_end_is_the_next_time_that_the_clocks_show_it(
    zone: str, starts: str, clock: str, ends: str, minutes: int
) -> None:
    found = wall_end(at(zone, starts), time.fromisoformat(clock), ZoneInfo(zone))

    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(ends)
    assert found - at(zone, starts) == timedelta(minutes=minutes)


def test_end_in_the_hour_that_comes_twice_is_after_its_start() -> None:
    second = at(LISBON, "2027-10-31T01:40", fold=1)

    assert wall_end(second, time(1, 50), ZoneInfo(LISBON)) - second == timedelta(minutes=10)
    assert wall_end(at(LISBON, "2027-10-31T01:40"), time(1, 20), ZoneInfo(LISBON)) == at(
        LISBON, "2027-10-31T01:20", fold=1
    )


def test_end_that_no_evening_reaches_is_before_its_start_to_be_named() -> None:
    assert wall_end(at(LISBON, "2027-10-30T20:00"), time(9), ZoneInfo(LISBON)) == at(
        LISBON, "2027-10-30T09:00"
    )


@pytest.mark.parametrize("zone", [LISBON, NEW_YORK, LORD_HOWE])
@pytest.mark.parametrize(
    "day", ["2027-03-13", "2027-03-27", "2027-04-03", "2027-10-02", "2027-10-30", "2027-11-06"]
)
@pytest.mark.parametrize("clock", ["00:30", "13:45", "23:30"])
def test_moved_by_a_day_is_at_the_same_time(zone: str, day: str, clock: str) -> None:
    starts = at(zone, f"{day}T{clock}")

    moved = wall_shift(starts, timedelta(days=1), ZoneInfo(zone))

    expected = datetime.fromisoformat(f"{day}T{clock}") + timedelta(days=1)
    assert moved.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == expected
    assert wall_shift(moved, -timedelta(days=1), ZoneInfo(zone)) == starts


def test_move_within_the_hour_that_comes_twice_stays_in_its_half() -> None:
    second = at(LISBON, "2027-10-31T01:15", fold=1)

    assert wall_shift(second, timedelta(minutes=15), ZoneInfo(LISBON)) - second == timedelta(minutes=15)


def test_time_that_is_shown_twice_stays_the_one_that_is_known() -> None:
    second = at(LISBON, "2027-10-31T01:15", fold=1)
    wall = datetime.fromisoformat("2027-10-31T01:15")

    assert wall_instant(wall, ZoneInfo(LISBON), second) == second
    assert wall_instant(wall, ZoneInfo(LISBON)) == at(LISBON, "2027-10-31T01:15")
    assert wall_instant(wall, ZoneInfo(LISBON), at(LISBON, "2027-10-30T10:00")) == at(
        LISBON, "2027-10-31T01:15"
    )
