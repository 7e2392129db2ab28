"""What stands in the way of a meeting: what overlaps, and walks that do not fit. A warning, never a wall."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from copapp.domain.slots import Span


class ClashKind(StrEnum):
    """An overlap, or a walk that is longer than the time for it."""

    OVERLAP = "overlap"
    WALK = "walk"


@dataclass(frozen=True)
class Engagement:
    """Something a person does at a time; `site` is a slug or None, `has_end` false for an assumed end."""

    span: Span
    name: str
    site: str | None = None
    is_meeting: bool = False
    has_end: bool = True


@dataclass(frozen=True)
class Clash:
    """One engagement in the way; `gap` and `walk` are minutes, of a walk only."""

    kind: ClashKind
    other: Engagement
    gap: int = 0
    walk: int = 0


Walks = Mapping[frozenset[str], int]


def clashes(planned: Engagement, others: Iterable[Engagement], walks: Walks) -> list[Clash]:
    """List what overlaps `planned`, or lies too near in another site; `walks` are minutes between two."""
    found = (_clash(planned, other, walks) for other in others)
    return sorted((each for each in found if each), key=lambda each: each.other.span.starts)


def _clash(planned: Engagement, other: Engagement, walks: Walks) -> Clash | None:
    if planned.span.overlaps(other.span):
        return Clash(ClashKind.OVERLAP, other)
    if planned.site is None or other.site is None or planned.site == other.site:
        return None
    walk = walks.get(frozenset({planned.site, other.site}), 0)
    gap = max(planned.span.starts - other.span.ends, other.span.starts - planned.span.ends)
    return Clash(ClashKind.WALK, other, _minutes(gap), walk) if gap < timedelta(minutes=walk) else None


def _minutes(gap: timedelta) -> int:
    return int(gap.total_seconds() // 60)
