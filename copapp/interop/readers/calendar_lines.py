"""An iCalendar file's lines as components (RFC 5545, 3.1): one broken event leaves the others readable."""

import re
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from copapp.interop.readers import limits

_LINES = 400_000
_LINE = 60_000
_OF_EVENT = (
    "UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "DESCRIPTION", "STATUS", "SEQUENCE",
    "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "ATTENDEE", "DTSTAMP", "COMMENT", "REQUEST-STATUS",
)  # fmt: skip  # one name a line would hide the sentence
_WANTED = re.compile(rf"({'|'.join(_OF_EVENT)})[;:]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Property:
    """One property: its parameters by upper-case name, its value unescaped."""

    value: str
    parameters: dict[str, str]


@dataclass
class Component:
    """An event: the properties that matter, by upper-case name; `where` is its first line."""

    where: str
    properties: dict[str, list[Property]] = field(default_factory=dict)

    def first(self, name: str) -> Property | None:
        return self.properties.get(name, [None])[0]

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.value if found else ""


@dataclass
class CalendarLines:
    """A file's events, the text of its zones by TZID, and its method."""

    events: list[Component] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    method: str = ""


def read_lines(text: str) -> CalendarLines:
    """Take a file apart."""
    limits.refuse_many("lines", text.count("\n"), _LINES)
    reader = _Reader()
    for number, line in _unfolded(text):
        reader.read(number, line)
    return reader.found


def _unfolded(text: str) -> list[tuple[int, str]]:
    """Join folded lines; each with the number of its first."""
    found: list[tuple[int, list[str]]] = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if raw[:1] in (" ", "\t") and found:
            found[-1][1].append(raw[1:])
        elif raw:
            found.append((number, [raw]))
    return [(number, "".join(parts)[:_LINE]) for number, parts in found]


class _Reader:
    """Follows BEGIN and END; what is nested in an event, such as an alarm, is passed over."""

    def __init__(self) -> None:
        self.found = CalendarLines()
        self.event: Component | None = None
        self.zone: list[str] | None = None
        self.nested = ""

    def read(self, number: int, line: str) -> None:
        name, _, value = line.partition(":")
        mark = f"{name}:{value.strip()}".upper()
        if mark == "BEGIN:VEVENT":
            self._begin(number)
        elif mark in ("END:VEVENT", "END:VCALENDAR"):
            self.event, self.nested = None, ""
        elif mark == "BEGIN:VTIMEZONE":
            self.zone = []
        elif mark == "END:VTIMEZONE":
            self._end_zone()
        elif self.zone is not None:
            self.zone.append(line)
        elif self.event:
            self._in_event(self.event, mark, line)
        elif name.upper() == "METHOD":
            self.found.method = value.strip().upper()

    def _begin(self, number: int) -> None:
        self.event, self.zone, self.nested = Component(f"line {number}"), None, ""
        self.found.events.append(self.event)
        limits.refuse_many("events", len(self.found.events), limits.EVENTS)

    def _in_event(self, event: Component, mark: str, line: str) -> None:
        if self.nested:
            self.nested = "" if mark == f"END:{self.nested}" else self.nested
        elif mark.startswith("BEGIN:"):
            self.nested = mark.removeprefix("BEGIN:")
        elif _WANTED.match(line):
            _take(event, line)

    def _end_zone(self) -> None:
        names = [line.partition(":")[2].strip() for line in self.zone or [] if line[:5].upper() == "TZID:"]
        for name in names[:1]:
            self.found.zones[name] = "\r\n".join(["BEGIN:VTIMEZONE", *(self.zone or []), "END:VTIMEZONE", ""])
        self.zone = None


def _take(event: Component, line: str) -> None:
    try:
        found = Contentline(_CONTROLS.sub("", line))  # type: ignore[no-untyped-call]  # it has no types
        name, parameters, value = found.parts()
    except ValueError:
        return
    named = {key.upper(): given if isinstance(given, str) else given[0] for key, given in parameters.items()}
    event.properties.setdefault(name.upper(), []).append(Property(value, named))
