"""What an import would change, in plain text at the venue's time: for page and command line."""

from datetime import datetime, tzinfo
from typing import Any

_LONGEST = 200


def plain_when(starts: datetime, ends: datetime | None, zone: tzinfo) -> str:
    """Write "2024-02-12 13:45–14:30", or the start alone."""
    return f"{starts.astimezone(zone):%Y-%m-%d %H:%M}" + (f"–{ends.astimezone(zone):%H:%M}" if ends else "")


def plain_place(room: str, site: str) -> str:
    """Write room and site, as far as they are known."""
    return ", ".join(part for part in (room, site) if part)


def plain_value(value: Any, zone: tzinfo) -> str:
    """Write one field's value on one line: an instant, a room with its site, a text, or "–" for none."""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, tuple):
        return plain_place(*value)
    return "–" if value in {None, ""} else " ".join(str(value).split())[:_LONGEST]
