"""Clashes of random days against their meaning, which is tried with many possible ends."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from copapp.domain.clashes import ClashKind, Engagement, Verdict, Walks, clashes, judge
from copapp.domain.day import Entry, lines
from copapp.interop.conference_folder import read_folder
from copapp.settings import DATA
from tests.test_rules import HERE, RULES

SITES = ("expo-centre", "savitsky-plaza", "main-building", "yurt-camp", None)
ZONES = [
    ZoneInfo(name) for name in ("Asia/Samarkand", "Europe/Lisbon", "America/St_Johns", "Australia/Lord_Howe")
]
MOMENT = timedelta(milliseconds=1)
# From before the clocks go forward in Lisbon until after, and the same for the night they go back.
NIGHTS = [datetime(2024, 3, 30, 22, tzinfo=UTC), datetime(2024, 10, 26, 22, tzinfo=UTC)]

# Trying every end of every pair takes its time on a busy machine.
UNHURRIED = settings(deadline=None)

walks = some.dictionaries(
    some.sets(some.sampled_from(SITES[:4]), min_size=2, max_size=2).map(frozenset),
    some.integers(1, 40),
    max_size=6,
)
assumptions = some.integers(1, 120)


@some.composite
def engagements(draw: some.DrawFn, *, is_cancelled: bool | None = False) -> Entry:
    """Draw something to do in one of two nights, written in any zone."""
    starts = draw(some.sampled_from(NIGHTS)) + timedelta(minutes=draw(some.integers(0, 240)))
    minutes = draw(some.none() | some.integers(1, 150))
    ends = None if minutes is None else starts + timedelta(minutes=minutes)
    zone = draw(some.sampled_from(ZONES))
    return Entry(
        starts.astimezone(zone),
        ends and ends.astimezone(draw(some.sampled_from(ZONES))),
        site=draw(some.sampled_from(SITES)),
        is_cancelled=draw(some.booleans()) if is_cancelled is None else is_cancelled,
        slug=draw(some.uuids()).hex,
    )


def _seconds(instant: datetime) -> float:
    return instant.timestamp()


def _warns(one: Engagement, other: Engagement, given: Walks) -> ClashKind | None:
    """Say it of two known ends, by its definition: they overlap, or the gap is shorter than the walk."""
    assert one.ends is not None
    assert other.ends is not None
    if max(_seconds(one.starts), _seconds(other.starts)) < min(_seconds(one.ends), _seconds(other.ends)):
        return ClashKind.OVERLAP
    gap = max(_seconds(one.starts), _seconds(other.starts)) - min(_seconds(one.ends), _seconds(other.ends))
    walk = given.get(frozenset({one.site or "", other.site or ""}), 0) if one.site != other.site else 0
    return ClashKind.WALK if gap < walk * 60 else None


def _ends(each: Engagement) -> Iterator[datetime]:
    """Try the known end; or a moment, every minute of an evening, and a day."""
    if each.ends is not None:
        yield each.ends
        return
    start = each.starts.astimezone(UTC)
    yield start + MOMENT
    yield from (start + timedelta(minutes=count) for count in range(1, 300, 7))
    yield start + timedelta(days=1)


def _with_every_end(one: Engagement, other: Engagement, given: Walks) -> list[ClashKind | None]:
    tried = product(_ends(one), _ends(other))
    return [_warns(replace(one, ends=end), replace(other, ends=its), given) for end, its in tried]


def _assume(each: Engagement, minutes: int) -> Engagement:
    return replace(each, ends=each.ends or each.starts.astimezone(UTC) + timedelta(minutes=minutes))


@UNHURRIED
@given(engagements(), engagements(), walks, assumptions)
def test_certain_is_what_holds_with_every_end(one: Entry, other: Entry, ways: Walks, minutes: int) -> None:
    always = all(_with_every_end(one, other, ways))

    assert (judge(one, other, ways, minutes).verdict is Verdict.CERTAIN) == always


@UNHURRIED
@given(engagements(), engagements(), walks, assumptions)
def test_a_warning_appears_if_and_only_if_one_is_due(
    one: Entry, other: Entry, ways: Walks, minutes: int
) -> None:
    """Due it is where every end proves it, and else where the assumed ends do; then it is only possible."""
    proven = all(_with_every_end(one, other, ways))
    due = _warns(_assume(one, minutes), _assume(other, minutes), ways)
    judged = judge(one, other, ways, minutes)

    assert judged.verdict is (Verdict.CERTAIN if proven else Verdict.POSSIBLE if due else Verdict.NONE)
    assert proven or judged.kind is due


@UNHURRIED
@given(engagements(), engagements(), walks, assumptions)
def test_possible_rests_on_an_unknown_end_and_says_on_what(
    one: Entry, other: Entry, ways: Walks, minutes: int
) -> None:
    judged = judge(one, other, ways, minutes)

    if one.ends and other.ends:
        assert judged.verdict is not Verdict.POSSIBLE
        assert judged.assumed is None
    if judged.verdict is Verdict.POSSIBLE:
        assert judged.assumed == minutes
    if judged.verdict is Verdict.CERTAIN:
        assert judged == judge(one, other, ways, minutes + 1)


@UNHURRIED
@given(engagements(is_cancelled=None), engagements(is_cancelled=None), walks, assumptions)
def test_both_ends_are_told_the_same(one: Entry, other: Entry, ways: Walks, minutes: int) -> None:
    assert judge(one, other, ways, minutes) == judge(other, one, ways, minutes)


@UNHURRIED
@given(engagements(is_cancelled=None), engagements(), walks, assumptions, some.sampled_from(ZONES))
def test_zone_in_which_instants_are_written_changes_nothing(
    one: Entry, other: Entry, ways: Walks, minutes: int, zone: ZoneInfo
) -> None:
    """Python subtracts what the clocks show where both are of one zone: an hour too much, or too little."""

    def written(each: Entry) -> Entry:
        ends = each.ends and each.ends.astimezone(zone)
        return replace(each, starts=each.starts.astimezone(zone), ends=ends)

    assert judge(written(one), written(other), ways, minutes) == judge(one, other, ways, minutes)


@UNHURRIED
@given(some.lists(engagements(is_cancelled=None), max_size=6), walks, assumptions, some.randoms())
def test_order_in_which_a_day_is_given_changes_nothing(
    day: list[Entry], ways: Walks, minutes: int, chance: random.Random
) -> None:
    shuffled = chance.sample(day, len(day))

    assert lines(shuffled, ways, minutes, ZONES[0]) == lines(day, ways, minutes, ZONES[0])


@UNHURRIED
@given(some.lists(engagements(is_cancelled=None), max_size=6), walks, assumptions)
def test_every_clash_of_a_day_is_named_at_both_ends_and_held_together(
    day: list[Entry], ways: Walks, minutes: int
) -> None:
    found = lines(day, ways, minutes, ZONES[1])
    stops = [stop for line in found.values() for held in line for stop in held]
    named = {(stop.entry.slug, other.slug) for stop in stops for other, _ in stop.clashes}

    assert [stop.entry.slug for stop in stops] == [
        each.slug for each in sorted(day, key=lambda each: (each.starts.astimezone(UTC), each.slug))
    ]
    assert named == {
        (one.slug, other.slug)
        for one, other in product(day, day)
        if one is not other
        and not one.is_cancelled
        and not other.is_cancelled
        and (
            all(_with_every_end(one, other, ways))
            or _warns(_assume(one, minutes), _assume(other, minutes), ways)
        )
    }
    for line in found.values():
        for earlier, later in pairwise(line):
            assert not named & set(product(_slugs(earlier), _slugs(later)))


def _slugs(held: list[Any]) -> list[str]:
    return [stop.entry.slug for stop in held]


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Europe/Lisbon"])
def test_phone_says_of_random_days_what_the_server_says(zone: str, tmp_path: Path) -> None:
    """In whatever zone the phone is."""
    chance = random.Random(zone)
    cases: list[dict[str, Any]] = [{"rule": "lines", "input": _random_day(chance)} for _ in range(300)]
    table = tmp_path / "days.json"
    table.write_text(json.dumps(cases), "utf-8")

    node = Path(sys.executable).with_name("node")
    rules = HERE.parent / "copapp" / "offline" / "store" / "rules.js"
    said = subprocess.run(
        [node, "--no-warnings", HERE / "rules.mjs", rules.as_uri(), table],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": zone},
    )

    expected = [RULES["lines"](**case["input"]) for case in cases]
    assert json.loads(said.stdout) == expected
    assert any(stop["clashes"] for days in expected for _, line in days for held in line for stop in held)


def _random_day(chance: random.Random) -> dict[str, Any]:
    def entry(number: int) -> dict[str, Any]:
        starts = chance.choice(NIGHTS) + timedelta(minutes=chance.randrange(240))
        ends = starts + timedelta(minutes=chance.randrange(1, 120))
        return {
            "slug": f"{chance.randrange(1000)}-{number}",
            "starts": starts.astimezone(chance.choice(ZONES)).isoformat(),
            "ends": chance.choice([None, ends.astimezone(chance.choice(ZONES)).isoformat()]),
            "site": chance.choice(SITES),
            "status": chance.choice(["confirmed", "confirmed", "cancelled"]),
        }

    return {
        "entries": [entry(number) for number in range(chance.randrange(8))],
        "walks": [
            {"from": one, "to": other, "minutes": chance.randrange(1, 40)}
            for one, other in pairwise(chance.sample(SITES[:4], 4))
        ],
        "assumed_minutes": chance.choice([30, 60, 90]),
        "zone": chance.choice(ZONES).key,
    }


def _real_tuesday() -> tuple[dict[str, Engagement], Walks, int]:
    source = read_folder(DATA / "cop14")
    sites = {room.slug: room.site for room in source.rooms}
    engaged = {
        event.slug: Engagement(event.starts, event.ends, event.title, sites[event.room])
        for event in source.events
    }
    ways = {frozenset({walk.from_site, walk.to_site}): walk.minutes for walk in source.walks}
    return engaged, ways, source.conference.assumed_length_minutes


def test_real_tuesday_tells_the_truth() -> None:
    engaged, ways, minutes = _real_tuesday()
    saiga, networking, cats, connectivity = (
        engaged[slug]
        for slug in ("saiga-recovery", "saiga-networking", "cats-of-the-silk-road", "ecological-connectivity")
    )

    at_networking = clashes(networking, [connectivity, cats, saiga], ways, minutes)

    assert [(each.other, each.judgement.verdict, each.judgement.kind) for each in at_networking] == [
        (saiga, Verdict.CERTAIN, ClashKind.OVERLAP),
        (cats, Verdict.POSSIBLE, ClashKind.OVERLAP),
    ]
    assert [(each.judgement.assumed, each.judgement.walk) for each in at_networking] == [(None, 12), (60, 12)]
    assert [each.other for each in clashes(saiga, [networking, cats], ways, minutes)] == [networking]
    assert [each.other for each in clashes(cats, [networking, saiga], ways, minutes)] == [networking]
    assert clashes(cats, [connectivity], ways, minutes) == []
