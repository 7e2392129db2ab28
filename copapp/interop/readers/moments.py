"""What a table's cell says of a time: a spreadsheet's own values, ISO 8601, or as people write it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from copapp.interop.readers.days import read_day
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.plain_text import one_line
from copapp.interop.readers.times import read_clock, split_times

_DAY = 24 * 60


@dataclass(frozen=True)
class Moment:
    """A day, a time of it, or both as an instant in UTC; `minutes` until its own end."""

    day: date | None = None
    clock: time | None = None
    instant: datetime | None = None
    minutes: int | None = None

    @property
    def has_time(self) -> bool:
        return self.clock is not None or self.instant is not None


def read_moment(cell: Any, frame: Frame) -> Moment | None:
    """Read a cell as a day, a time, or both; None if it is neither."""
    if isinstance(cell, datetime):
        is_day = cell.time() == time() and not cell.tzinfo
        return Moment(cell.date()) if is_day else _both(cell, frame)
    if isinstance(cell, date):
        return Moment(cell)
    if isinstance(cell, time):
        return Moment(clock=cell.replace(tzinfo=None))
    if isinstance(cell, timedelta):
        return _clock(cell)
    if isinstance(cell, float) and 0 < cell < 1:
        return _clock(timedelta(days=cell))
    return _written(one_line(cell), frame) if isinstance(cell, str) else None


def read_length(cell: Any) -> timedelta | None:
    """Read a duration: minutes as a number, hours and minutes as 0:45, or a spreadsheet's own."""
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    text = one_line(cell)
    clock = read_clock(text)
    if clock:
        return timedelta(hours=clock.hour, minutes=clock.minute)
    digits = text.partition(" ")[0].removesuffix("min").removesuffix(".0")
    return timedelta(minutes=int(digits)) if digits.isdecimal() and len(digits) < 6 else None


def _both(given: datetime, frame: Frame) -> Moment | None:
    instant = frame.in_utc(given)
    return Moment(instant.astimezone(frame.zone).date(), None, instant) if instant else None


def _clock(length: timedelta) -> Moment | None:
    minutes = round(length / timedelta(minutes=1))
    return Moment(clock=time(minutes // 60, minutes % 60)) if 0 <= minutes < _DAY else None


def _written(text: str, frame: Frame) -> Moment | None:
    iso = _iso(text)
    if iso:
        return _both(iso, frame)
    day = read_day(text, frame)
    if day:
        return Moment(day.date) if day.date else None
    return _day_and_times(text, frame)


def _iso(text: str) -> datetime | None:
    """Read an ISO 8601 date with a time; a day alone or a time alone is none."""
    if ":" not in text and "T" not in text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _day_and_times(text: str, frame: Frame) -> Moment | None:
    """Read "13:45", "13:45 – 14:30", and "12.02.2024 13:45"."""
    found = split_times(text)
    if not found or not found[2] or found[2].starts >= _DAY:
        return None
    left, times = found[0], found[2]
    day = read_day(left.strip(" ,"), frame) if left else None
    if left and not (day and day.date):
        return None
    minutes = times.ends - times.starts if times.ends is not None else None
    return Moment(day.date if day else None, time(times.starts // 60, times.starts % 60), None, minutes)
