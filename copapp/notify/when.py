"""Writes venue time in words, with its zone named."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copapp.notify.words import say


def when(starts: datetime, ends: datetime | None, zone: str, language: str) -> str:
    """Write a stretch of time: the day, from when to when, whose time it is."""
    local = starts.astimezone(ZoneInfo(zone))
    day = _day(local, language)
    hours = f"{local:%H:%M}"
    if ends:
        until = ends.astimezone(ZoneInfo(zone))
        has_same_day = until.date() == local.date()
        hours += f"–{until:%H:%M}" if has_same_day else f" – {_day(until, language)}, {until:%H:%M}"
    return f"{day}, {hours}, {_zone(local, zone, language)}"


def _day(local: datetime, language: str) -> str:
    return say(
        language,
        "when.date",
        weekday=say(language, f"weekday.{local.isoweekday()}"),
        day=say(language, "when.first") if local.day == 1 else str(local.day),
        month=say(language, f"month.{local.month}"),
    )


def _zone(local: datetime, zone: str, language: str) -> str:
    city = zone.rpartition("/")[2].replace("_", " ")
    return say(language, "when.zone", city=city, offset=_offset(local.utcoffset() or timedelta()))


def _offset(given: timedelta) -> str:
    minutes = int(given.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    written = f"{hours}:{rest:02}" if rest else f"{hours}"
    return f"UTC{'−' if minutes < 0 else '+'}{written}" if minutes else "UTC"
