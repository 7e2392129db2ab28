"""When an event that repeats takes place (RFC 5545, 3.8.5), within a conference's days."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice

from dateutil import rrule

_RULES = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
_OFTEN = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LONG_BEFORE = timedelta(days=400)
_MOST = 100


class NotRepeatableError(ValueError):
    """A rule cannot be followed; its words say why."""


def occurrences(rule: str, first: datetime, zone: tzinfo, starts: date, ends: date) -> list[datetime]:
    """List the wall times in `zone` at which a rule holds from `first` on, between two days.

    Raises NotRepeatableError for a rule that is broken, more often than daily, or older than a year.
    """
    if first.date() < starts - _LONG_BEFORE:
        raise NotRepeatableError("it began more than a year before the conference")
    last = datetime.combine(ends, time.max)
    try:
        given, count = _rule(rule, first, zone, last)
    except (ValueError, TypeError, OverflowError, KeyError, IndexError) as error:
        raise NotRepeatableError("its rule cannot be read") from error
    return [each for each in islice(given, count) if each.date() >= starts][:_MOST]


def _rule(rule: str, first: datetime, zone: tzinfo, last: datetime) -> tuple[rrule.rrule, int]:
    """Read a rule, and how often it holds at most. It always has an end: one that never holds would go on."""
    parts = dict(part.split("=", 1) for part in rule.upper().strip().rstrip(";").split(";"))
    if not parts.keys() <= _RULES or parts.get("FREQ") not in _OFTEN:
        raise NotRepeatableError("it repeats more often than daily, or by a rule that is not followed")
    given = rrule.rrule(
        _OFTEN[parts["FREQ"]],
        dtstart=first,
        interval=_between(parts.get("INTERVAL", "1"), 1, 999),
        until=min(last, _until(parts["UNTIL"], zone)) if "UNTIL" in parts else last,
        byweekday=_weekdays(parts["BYDAY"]) if "BYDAY" in parts else None,
        bymonthday=_numbers(parts, "BYMONTHDAY", 31),
        bymonth=_numbers(parts, "BYMONTH", 12),
    )
    return given, min(_between(parts.get("COUNT", "1000"), 1, 99_999), 1_000)


def _between(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= number <= most:
        raise NotRepeatableError("its rule cannot be read")
    return number


def _numbers(parts: dict[str, str], name: str, most: int) -> list[int] | None:
    return [_between(each, -most, most) for each in parts[name].split(",")][:most] if name in parts else None


def _weekdays(text: str) -> list[rrule.weekday]:
    found = [_DAY.fullmatch(each) for each in text.split(",")[:_MOST]]
    return [getattr(rrule, day[2])(int(day[1])) if day[1] else getattr(rrule, day[2]) for day in found if day]


def _until(text: str, zone: tzinfo) -> datetime:
    """Read the last moment as wall time; a day alone is one until its end."""
    given = datetime.fromisoformat(text)
    if "T" not in text:
        return datetime.combine(given, time.max)
    return given.astimezone(zone).replace(tzinfo=None) if given.tzinfo else given
