"""iCalendar (RFC 5545): events with their zones, durations, repetitions and revisions."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from icalendar.prop import vDuration

from copapp.domain.imported import Imported, Reason
from copapp.interop.assumed_end import NO_END
from copapp.interop.readers import limits
from copapp.interop.readers.calendar_lines import CalendarLines, Component, Property, read_lines
from copapp.interop.readers.calendar_zones import CalendarZones
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.gathered import Gathered
from copapp.interop.readers.places import Places
from copapp.interop.readers.plain_text import one_line, shown
from copapp.interop.readers.recurrence import NotRepeatableError, occurrences

_REPEATING = 200
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?(Z?)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-?\d\d-?\d\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


def read_calendar(text: str, frame: Frame) -> Imported:
    """Read a calendar; times without a zone are the venue's."""
    return _Calendar(read_lines(text), frame).read()


@dataclass(frozen=True)
class _Time:
    """A time as written: on the wall of a zone."""

    wall: datetime
    zone: tzinfo

    def instant(self, frame: Frame) -> datetime | None:
        return frame.in_utc(self.wall.replace(tzinfo=self.zone))


class _Calendar:
    """Reads a calendar's events one by one; a changed occurrence replaces the one that its rule gives."""

    def __init__(self, lines: CalendarLines, frame: Frame) -> None:
        self.lines, self.frame = lines, frame
        self.found = Gathered("icalendar")
        self.places = Places(frame)
        self.zones = CalendarZones(lines.zones, frame, self.found)
        self.latest = self._latest()
        self.moved = self._moved()
        self.repeating = 0

    def read(self) -> Imported:
        for event in self.lines.events:
            self._event(event)
        return self.found.imported()

    def _event(self, event: Component) -> None:
        title = event.text("SUMMARY")
        start = event.first("DTSTART")
        if start and _DAY.fullmatch(start.value.strip()):
            self.found.skip(
                event.where, Reason.ALL_DAY, f"{shown(title)} lasts all day and has no time.", title
            )
        elif _sequence(event) < self.latest.get(_revised(event), 0):
            words = f"{shown(title)} is an older revision of an event that the file holds again."
            self.found.skip(event.where, Reason.OLDER_REVISION, words, title)
        elif event.first("RRULE") or event.first("RDATE"):
            self._repeated(event, title)
        else:
            starts = self._time(event, start)
            again = self._time(event, event.first("RECURRENCE-ID"))
            self._add(event, starts, _key(event, again.instant(self.frame) if again else None))

    def _repeated(self, event: Component, title: str) -> None:
        self.repeating += 1
        starts = self._time(event, event.first("DTSTART"))
        try:
            times = self._occurrences(event, starts) if starts else []
        except NotRepeatableError as error:
            self.found.skip(event.where, Reason.RECURRENCE, f"{shown(title)} repeats, but {error}.", title)
            return
        for each in times:
            self._add(event, each, _key(event, each.instant(self.frame)), first=starts)
        if not times:
            words = f"{shown(title)} repeats, but on no day of the conference."
            self.found.skip(event.where, Reason.RECURRENCE, words, title)

    def _occurrences(self, event: Component, starts: _Time) -> list[_Time]:
        if self.repeating > _REPEATING:
            raise NotRepeatableError(f"only the first {_REPEATING} events that repeat are followed")
        rule = event.text("RRULE")
        walls = {starts.wall}
        if rule:
            walls |= {*occurrences(rule, starts.wall, starts.zone, self.frame.starts, self.frame.ends)}
        times = {_Time(wall, starts.zone) for wall in walls} | self._times(event, "RDATE")
        off = {each.instant(self.frame) for each in self._times(event, "EXDATE")}
        off |= self.moved.get(event.text("UID"), set())
        return sorted(
            (each for each in times if self._is_within(each) and each.instant(self.frame) not in off),
            key=lambda each: each.wall,
        )

    def _is_within(self, when: _Time) -> bool:
        instant = when.instant(self.frame)
        if instant is None:
            return False
        return self.frame.starts <= instant.astimezone(self.frame.zone).date() <= self.frame.ends

    def _add(
        self, event: Component, starts: _Time | None, key: str | None, first: _Time | None = None
    ) -> None:
        begins = starts.instant(self.frame) if starts else None
        ends = self._ends(event, first or starts)
        if ends and first and begins:
            # An occurrence is as long as the event that it repeats.
            original = first.instant(self.frame)
            ends = begins + (ends - original) if original else None
        self.found.add(
            event.where,
            event.text("SUMMARY"),
            begins,
            ends,
            place=self.places.of_location(one_line(event.text("LOCATION"))),
            key=key,
            descriptions=_descriptions(event),
            is_cancelled=event.text("STATUS").upper() == "CANCELLED" or self.lines.method == "CANCEL",
        )

    def _ends(self, event: Component, starts: _Time | None) -> datetime | None:
        if not starts:
            return None
        end = event.first("DTEND")
        length = event.text("DURATION")
        if not end and not length:
            return None
        time = self._time(event, end)
        if time:
            return time.instant(self.frame)
        try:
            return (starts.instant(self.frame) or starts.wall) + _length(length)
        except (ValueError, OverflowError):
            words = f"The end {shown(end.value if end else length)} cannot be read: it is taken as unknown."
            self.found.skip(event.where, Reason.END_NOT_READ, words, event.text("SUMMARY"))
            return None

    def _time(self, event: Component, given: Property | None) -> _Time | None:
        return self._read(event, given.value.strip(), given) if given else None

    def _times(self, event: Component, name: str) -> set[_Time]:
        """Read a list of times, of which a file may hold several."""
        values = [
            (value.strip(), given)
            for given in event.properties.get(name, [])
            for value in given.value.split(",")[: limits.SKIPPED]
        ]
        return {found for value, given in values if (found := self._read(event, value, given))}

    def _read(self, event: Component, value: str, given: Property) -> _Time | None:
        found = _TIME.match(value)
        if not found:
            return None
        try:
            parts = [part or "00" for part in found.groups()[:6]]
            wall = datetime.fromisoformat(f"{'-'.join(parts[:3])}T{':'.join(parts[3:])}")
        except ValueError:
            return None
        if found[7]:
            return _Time(wall, UTC)
        name = given.parameters.get("TZID", "")
        return _Time(wall, self.zones.zone(name, event.where) if name else self.frame.zone)

    def _latest(self) -> dict[tuple[str, str, str], int]:
        """Find the newest revision of each UID that stands in the file several times."""
        newest: dict[tuple[str, str, str], int] = {}
        for event in self.lines.events:
            newest[_revised(event)] = max(newest.get(_revised(event), 0), _sequence(event))
        return newest

    def _moved(self) -> dict[str, set[datetime | None]]:
        """Find the occurrences that an event of their own replaces, by UID."""
        moved: dict[str, set[datetime | None]] = {}
        for event in self.lines.events:
            again = self._time(event, event.first("RECURRENCE-ID"))
            if again:
                moved.setdefault(event.text("UID"), set()).add(again.instant(self.frame))
        return moved


def _revised(event: Component) -> tuple[str, str, str]:
    """Give what two revisions of one event share; events without a UID share nothing."""
    uid = event.text("UID")
    return (uid, event.text("RECURRENCE-ID"), "") if uid else ("", "", event.where)


def _sequence(event: Component) -> int:
    text = event.text("SEQUENCE").strip()
    return int(text) if text.isdecimal() and len(text) < limits.KEY else 0


def _key(event: Component, occurrence: datetime | None) -> str | None:
    uid = event.text("UID").strip()
    return f"{uid}/{occurrence:%Y%m%dT%H%M%SZ}" if uid and occurrence else uid or None


def _length(text: str) -> timedelta:
    found: timedelta = vDuration.from_ical(text.strip()[:40])  # type: ignore[no-untyped-call]  # it has no types
    return found


def _descriptions(event: Component) -> dict[str, str]:
    """Give the description in its language, without what our own files add where an end is unknown."""
    given = event.first("DESCRIPTION")
    if not given:
        return {}
    spoken = _LANGUAGE.match(given.parameters.get("LANGUAGE", "en").lower())
    return {spoken[0] if spoken else "en": given.value.strip().removesuffix(NO_END)}
