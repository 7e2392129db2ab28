"""What every calendar file of ours is made of (RFC 5545): its head, its zone, its texts."""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Timezone, vText

_PRODID = "-//copapp//Conference companion//EN"
_AROUND = timedelta(days=30)


def empty_calendar(method: str) -> Calendar:
    """Begin a calendar for one method of iTIP (RFC 5546)."""
    made = Calendar()
    made.add("prodid", _PRODID)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    return made


def add_zone(made: Calendar, days: Iterable[date]) -> None:
    """Add the VTIMEZONE of the weeks around these days, not of a century."""
    known = sorted(each.date() if isinstance(each, datetime) else each for each in days)
    first, last = known[0] - _AROUND, known[-1] + _AROUND
    made.add_missing_timezones(first, last)
    if not made.subcomponents:  # RFC 5545, 3.6: a calendar without an entry yet must hold something
        made.add_component(Timezone.from_tzid(str(made["x-wr-timezone"]), first_date=first, last_date=last))
    for observance in (part for zone in made.timezones for part in zone.subcomponents):
        # RFC 5545, 3.6.5: an onset is told in the offset before it. icalendar 7.3 tells one at which clocks
        # go forward in the offset after it, which moves the events of that hour.
        observance.DTSTART -= max(observance.TZOFFSETTO - observance.TZOFFSETFROM, timedelta())


def plain(text: str) -> vText:
    """Leave out what a content line may not hold (RFC 5545, 3.1): NUL and its like break some readers."""
    kept = (each for each in text if each in "\t\r\n" or unicodedata.category(each) != "Cc")
    return vText("".join(kept))
