"""A person's days as lines from top to bottom: what comes when, the gaps, and what clashes held together.

The twin of this is `lines` in copapp/offline/store/clashes.js.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from copapp.domain.clashes import Engagement, Judgement, Verdict, Walks, judge
from copapp.domain.timetable import assumed_end


@dataclass(frozen=True)
class Entry(Engagement):
    """An engagement with a name of its own."""

    slug: str = ""


@dataclass(frozen=True)
class Stop:
    """One entry of a line; `clashes` are by time, `before` is how it follows what ends last before it."""

    entry: Entry
    clashes: list[tuple[Entry, Judgement]]
    before: tuple[Entry, Judgement] | None


Line = list[list[Stop]]


def lines(entries: Sequence[Entry], walks: Walks, assumed_minutes: int, zone: ZoneInfo) -> dict[date, Line]:
    """Give for each date at the venue its stops in order, those that clash held together in one list."""
    ordered = sorted(entries, key=lambda each: (each.starts.astimezone(UTC), each.slug))
    found: dict[date, list[Entry]] = {}
    for entry in ordered:
        found.setdefault(entry.starts.astimezone(zone).date(), []).append(entry)
    return {
        day: _held_together([_stop(each, held, ordered, walks, assumed_minutes) for each in held])
        for day, held in found.items()
    }


def _stop(
    entry: Entry, day: Sequence[Entry], everything: Sequence[Entry], walks: Walks, assumed_minutes: int
) -> Stop:
    judged = [
        (other, judge(entry, other, walks, assumed_minutes)) for other in everything if other is not entry
    ]
    earlier = [each for each in day[: day.index(entry)] if not each.is_cancelled]
    before = None
    if earlier and not entry.is_cancelled:
        last = max(earlier, key=lambda each: _end(each, assumed_minutes))
        before = (last, judge(entry, last, walks, assumed_minutes))
    return Stop(entry, [each for each in judged if each[1].verdict is not Verdict.NONE], before)


def _held_together(stops: list[Stop]) -> Line:
    """Cut the day between two stops wherever no clash spans the cut."""
    line: Line = []
    names = [stop.entry.slug for stop in stops]
    reach = -1
    for place, stop in enumerate(stops):
        if place > reach:
            line.append([])
        line[-1].append(stop)
        clashing = [names.index(other.slug) for other, _ in stop.clashes if other.slug in names]
        reach = max([reach, place, *clashing])
    return line


def _end(entry: Entry, assumed_minutes: int) -> datetime:
    return assumed_end(entry, assumed_minutes).astimezone(UTC)
