"""What cannot be done together: overlaps, and walks that do not fit. A warning, never a wall.

An end may be unknown. Certain is what holds whatever that end is (an event lasts at least a moment); possible
is what holds only if it lasts as long as the conference assumes. Twin: copapp/offline/store/clashes.js.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

Walks = Mapping[frozenset[str], int]


class ClashKind(StrEnum):
    """An overlap, or a walk that is longer than the time for it."""

    OVERLAP = "overlap"
    WALK = "walk"


class Verdict(StrEnum):
    """How sure it is."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True)
class Engagement:
    """Something a person does; `ends` is None where unknown, `site` a slug or None, instants are aware."""

    starts: datetime
    ends: datetime | None
    name: str = ""
    site: str | None = None
    is_meeting: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True)
class Judgement:
    """How two engagements stand to each other, whichever is asked first.

    `gap` is minutes between them (0 where they overlap), `walk` minutes between their sites (None for one
    site, or where it is not known), `assumed` the assumed length in minutes (None where nothing rests on it).
    """

    verdict: Verdict
    kind: ClashKind | None
    gap: int = 0
    walk: int | None = None
    assumed: int | None = None


@dataclass(frozen=True)
class Clash:
    """One engagement in the way, and how."""

    other: Engagement
    judgement: Judgement


def judge(one: Engagement, other: Engagement, walks: Walks, assumed_minutes: int) -> Judgement:
    """Say whether two engagements can be done one after the other; `walks` are minutes between two sites."""
    first, second = sorted((one, other), key=lambda each: each.starts.astimezone(UTC))
    walk = _walk(first, second, walks)
    since_start = _between(first.starts, second.starts)
    if one.is_cancelled or other.is_cancelled:
        return Judgement(Verdict.NONE, None)
    if not since_start:
        return Judgement(Verdict.CERTAIN, ClashKind.OVERLAP, 0, walk)
    if first.ends is not None:
        return _judgement(_between(first.ends, second.starts), walk, Verdict.CERTAIN, None)
    if since_start <= timedelta(minutes=walk or 0):
        return Judgement(Verdict.CERTAIN, ClashKind.WALK, _minutes(since_start), walk)
    gap = since_start - timedelta(minutes=assumed_minutes)
    return _judgement(gap, walk, Verdict.POSSIBLE, assumed_minutes)


def clashes(
    planned: Engagement, others: Iterable[Engagement], walks: Walks, assumed_minutes: int
) -> list[Clash]:
    """List what is in the way of `planned`, certain or possible, by time."""
    found = (Clash(other, judge(planned, other, walks, assumed_minutes)) for other in others)
    held = (each for each in found if each.judgement.verdict is not Verdict.NONE)
    return sorted(held, key=lambda each: each.other.starts.astimezone(UTC))


def _judgement(gap: timedelta, walk: int | None, verdict: Verdict, assumed: int | None) -> Judgement:
    if gap < timedelta():
        return Judgement(verdict, ClashKind.OVERLAP, 0, walk, assumed)
    if gap < timedelta(minutes=walk or 0):
        return Judgement(verdict, ClashKind.WALK, _minutes(gap), walk, assumed)
    return Judgement(Verdict.NONE, None, _minutes(gap), walk, assumed)


def _walk(one: Engagement, other: Engagement, walks: Walks) -> int | None:
    if one.site is None or other.site is None:
        return None
    return walks.get(frozenset({one.site, other.site}))


def _between(one: datetime, other: datetime) -> timedelta:
    # In UTC: within one zone, Python would subtract what the clocks show, across a change of clocks too.
    return other.astimezone(UTC) - one.astimezone(UTC)


def _minutes(gap: timedelta) -> int:
    return int(gap.total_seconds() // 60)
