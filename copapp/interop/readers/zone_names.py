"""Zones by name, as calendars and schedules give them."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_NAME = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){0,2}")


def find_zone(name: str) -> ZoneInfo | None:
    """Find a zone by its IANA name, also behind a prefix such as /mozilla.org/2005/, or by Windows' name."""
    for each in (name, "/".join(name.split("/")[-2:]), WINDOWS_TO_OLSON.get(name, "")):
        if _NAME.fullmatch(each):
            try:
                return ZoneInfo(each)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return None
