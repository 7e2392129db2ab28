"""Times of the day as people write them, at either end of a line: "13:45 – 14:30", "1.45 pm"."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_MERIDIEM = r"(?:\s*([ap])\.?\s?m\b\.?)?"
_CLOCK = rf"(\d{{1,2}})(?:\s?[:.h]\s?(\d{{2}})(?::\d{{2}})?|\s?h)?{_MERIDIEM}"
_DASH = r"\s*(?:-|–|—|−|‑|\bto\b|\buntil\b|\btill\b|\bà\b|\ba\b|\bдо\b)\s*"  # what people write
_BEFORE = r"(?:(?<=^)|(?<=[\s,;|(]))(?:from|at|de|à|a las|с|в)?\s*"  # Russian "from" and "at"
_AFTER = r"\s*(?:hrs?|hours|h|ч|local time)?[\s.)\]]*"
_OFF = r"cancell?ed|annulée?|cancelad[oa]|отменен[оа]?|отменён|отменена"  # Russian
_AT_END = re.compile(rf"[\s,;|(–—-]*+{_BEFORE}{_CLOCK}(?:{_DASH}{_CLOCK})?{_AFTER}$", re.IGNORECASE)
_AT_START = re.compile(rf"^{_CLOCK}(?:{_DASH}{_CLOCK})?{_AFTER}[\s,;:|–—-]+", re.IGNORECASE)
_CANCELLED_FIRST = re.compile(rf"\W{{0,9}}(?:{_OFF})\W{{0,9}}[:–—-]\s*", re.IGNORECASE)
_CANCELLED_LAST = re.compile(rf"[\s,;:–—-]*[(\[–—-]\s*(?:{_OFF})\W*$", re.IGNORECASE)
_WINDOW = 60
_LATEST = timedelta(hours=12)
_DAY = 24 * 60


@dataclass(frozen=True)
class Times:
    """Minutes after midnight; `ends` may be on the next day, and is None where none is given."""

    starts: int
    ends: int | None
    is_end_wrong: bool = False


def split_cancelled(line: str) -> tuple[str, bool]:
    """Take "(cancelled)" from a line, in four languages, and say whether it was there."""
    first = _CANCELLED_FIRST.match(line)
    if first:
        return line[first.end() :], True
    last = _CANCELLED_LAST.search(line, _near_end(line))
    return (line[: last.start()], True) if last else (line, False)


def split_times(line: str) -> tuple[str, str, Times | None] | None:
    """Take the times from a line: what is left, how they were written, what they say; None if none are there.

    The third is None where they say what is no time of the day, such as 25:00.
    """
    found = _at_end(line) or _AT_START.search(line)
    if not found or not _is_clock(found):
        return None
    left = line[: found.start()] + line[found.end() :]
    written = found[0].strip(" ,;:|–—-(.")  # dashes that people write
    return left.strip(), written, _times(found)


def read_clock(text: str) -> time | None:
    """Read one time of the day, such as 13:45, 13.45, 1:45 pm; None if it is none."""
    found = _AT_END.fullmatch(text.strip())
    times = _times(found) if found and _is_clock(found) and found[4] is None else None
    if times is None or times.starts >= _DAY:
        return None
    return time(times.starts // 60, times.starts % 60)


def at(midnight: datetime, minutes: int) -> datetime:
    """Give the wall time so many minutes after a midnight."""
    return midnight + timedelta(minutes=minutes)


def _at_end(line: str) -> re.Match[str] | None:
    return _AT_END.search(line, _near_end(line))


def _near_end(line: str) -> int:
    """Look at the end of a line only: a pattern that could begin anywhere is slow on a long one."""
    return max(0, len(line) - _WINDOW)


def _is_clock(found: re.Match[str]) -> bool:
    """Say whether it is a time rather than a number: minutes, an h or a meridiem tell."""
    return bool(found[2] or found[3] or found[5] or found[6] or "h" in found[0].casefold())


def _times(found: re.Match[str]) -> Times | None:
    starts = _minutes(found[1], found[2], found[3])
    if found[4] is None or starts is None:
        return None if starts is None else Times(starts, None)
    ends = _minutes(found[4], found[5], found[6])
    if ends is None:
        return Times(starts, None, is_end_wrong=True)
    if found[6] and not found[3]:
        starts = _with_meridiem_of_end(found, starts, ends)
    if ends <= starts:
        ends += _DAY
    return (
        Times(starts, ends)
        if timedelta(minutes=ends - starts) <= _LATEST
        else Times(starts, None, is_end_wrong=True)
    )


def _with_meridiem_of_end(found: re.Match[str], starts: int, ends: int) -> int:
    """Read "1:45 – 2:30 pm" as two times in the afternoon."""
    same = _minutes(found[1], found[2], found[6])
    return same if same is not None and same < ends else starts


def _minutes(hours: str, minutes: str | None, meridiem: str | None) -> int | None:
    hour, minute = int(hours), int(minutes or 0)
    if meridiem:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if meridiem.casefold() == "p" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return hour * 60 + minute
