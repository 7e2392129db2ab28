"""The zones of an iCalendar file: by IANA name, by Windows' names, else as the file defines them."""

import re
from datetime import tzinfo

from icalendar import Timezone

from copapp.domain.imported import Reason
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.gathered import Gathered
from copapp.interop.readers.plain_text import shown
from copapp.interop.readers.zone_names import find_zone

# Zones change their clocks once a year; another rule would keep its reader busy for centuries.
_RULE = re.compile(
    r"RRULE:(?:(?:FREQ=YEARLY|INTERVAL=1|BYMONTH=\d+|BYDAY=[+-]?\d?[A-Z]{2}|WKST=..|UNTIL=[\dTZ]+);?)+"
)
_LINES = 60
_MOST_READ = 200


class CalendarZones:
    """Finds zones by TZID; one that cannot be found is the venue's, and said to be."""

    def __init__(self, defined: dict[str, str], frame: Frame, found: Gathered) -> None:
        self.defined, self.frame, self.found = defined, frame, found
        self.known: dict[str, tzinfo] = {}

    def zone(self, name: str, where: str) -> tzinfo:
        """Give the zone of that TZID."""
        if name not in self.known:
            definition = self.defined.get(name, "") if len(self.known) < _MOST_READ else ""
            self.known[name] = find_zone(name) or _defined(definition) or self._venue(name, where)
        return self.known[name]

    def _venue(self, name: str, where: str) -> tzinfo:
        words = f"The zone {shown(name)} is not known: its times are taken as the venue's."
        self.found.skip(where, Reason.ZONE_UNKNOWN, words, name)
        return self.frame.zone


def _defined(text: str) -> tzinfo | None:
    """Read a VTIMEZONE; None if it is none, or one that would take long."""
    rules = [line for line in text.splitlines() if line.upper().startswith("RRULE")]
    if not text or text.count("\n") > _LINES or not all(_RULE.fullmatch(rule.upper()) for rule in rules):
        return None
    try:
        read = Timezone.from_ical(text)
        return read.to_tz(lookup_tzid=False) if isinstance(read, Timezone) else None
    except Exception:  # noqa: BLE001  # icalendar and dateutil raise whatever a broken one leads them to
        return None
