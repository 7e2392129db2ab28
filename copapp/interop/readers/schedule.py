"""Events of the c3voc family, schedule.xml and schedule.json: what both have in common."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from icalendar.prop import vDuration

from copapp.domain.imported import Reason
from copapp.interop.assumed_end import read_note
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.gathered import Gathered
from copapp.interop.readers.places import Places
from copapp.interop.readers.plain_text import lines, one_line, shown
from copapp.interop.readers.times import read_clock
from copapp.interop.readers.zone_names import find_zone

_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
_CLOCK_LENGTH = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?")
_MINUTES = re.compile(r"\d{1,5}")
# States of a proposal that never became an event (schema2.json).
_NOT_CONFIRMED = {"DRAFT", "SUBMITTED", "REJECTED", "WITHDRAWN", "DELETED"}
_CANCELLED = {"CANCELED", "CANCELLED"}


class ScheduleEvents:
    """Reads events given as mappings by their fields' names; what is missing is looked for elsewhere."""

    def __init__(self, format_: str, frame: Frame) -> None:
        self.frame, self.zone = frame, frame.zone
        self.places = Places(frame)
        self.found = Gathered(format_)

    def use_zone(self, name: Any) -> None:
        """Take times without an offset in the file's own zone, where that is one."""
        if not name:
            return
        found = find_zone(str(name))
        if found:
            self.zone = found
        else:
            words = f"The zone {shown(name)} is not known; times without an offset are the venue's."
            self.found.skip("conference", Reason.ZONE_UNKNOWN, words, name)

    def read(self, given: Any, position: str, day: date | None = None, room: str = "") -> None:
        """Read one event, which stands under a day and a room where the format has them."""
        if not isinstance(given, Mapping):
            self.found.skip(position, Reason.NOT_AN_EVENT, f"{shown(given)} is no event.", given)
            return
        key = next(
            (key for key in (one_line(given.get(name)) for name in ("guid", "id", "code")) if key), None
        )
        where = f"event {key[:40]}" if key else position
        state = one_line(given.get("state")).upper()
        if state in _NOT_CONFIRMED:
            words = f"{shown(given.get('title', ''))} is {state.lower()}, not confirmed."
            self.found.skip(where, Reason.NOT_CONFIRMED, words, given.get("title"))
            return
        is_assumed, is_off, note = read_note(one_line(given.get("subtitle")))
        starts = self._starts(given, day)
        self.found.add(
            where,
            given.get("title"),
            starts,
            None if is_assumed or not starts else self._ends(where, given, starts),
            place=self.places.of_room(_name(given.get("room")) or room),
            key=key,
            descriptions=_descriptions(given, note),
            is_cancelled=is_off or state in _CANCELLED,
        )

    def _starts(self, given: Mapping[str, Any], day: date | None) -> datetime | None:
        for name in ("date", "start"):
            found = self.instant(given.get(name))
            if found:
                return found
        clock = read_clock(one_line(given.get("start")))
        day = read_date(given.get("date")) or day
        if clock is None or not day:
            return None
        return self.frame.in_utc(datetime.combine(day, clock, self.zone))

    def _ends(self, where: str, given: Mapping[str, Any], starts: datetime) -> datetime | None:
        ends = self.instant(given.get("end"))
        if ends:
            return ends
        said = given.get("duration") or given.get("end")
        length = _length(said)
        if length is None and said:
            words = f"The duration {shown(said)} cannot be read: the end is taken as unknown."
            self.found.skip(where, Reason.END_NOT_READ, words, said)
        return starts + length if length else None

    def instant(self, given: Any) -> datetime | None:
        """Read an ISO 8601 instant; a date alone is none."""
        text = one_line(given)
        if len(text) <= len("2024-02-12") or not isinstance(given, str):
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return self.frame.in_utc(found if found.tzinfo else found.replace(tzinfo=self.zone))


def read_date(given: Any) -> date | None:
    """Read the date with which a text begins; None if it is none."""
    try:
        return date.fromisoformat(one_line(given)[: len("2024-02-12")])
    except ValueError:
        return None


def _length(given: Any) -> timedelta | None:
    """Read a duration: 0:45, 00:45:00, PT45M, or minutes; None if it is none, or nothing."""
    text = one_line(given)
    clock = _CLOCK_LENGTH.fullmatch(text)
    if clock:
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    if _MINUTES.fullmatch(text):
        return timedelta(minutes=int(text))
    try:
        found = vDuration.from_ical(text[:40])  # type: ignore[no-untyped-call]  # it has no types
    except (ValueError, OverflowError):
        return None
    return found if isinstance(found, timedelta) else None


def _name(given: Any) -> str:
    """Give a room's name, which is a text or stands in an object; of several languages the first."""
    if isinstance(given, Mapping):
        given = given.get("name")
    if isinstance(given, Mapping):
        given = next(iter(given.values()), "")
    return one_line(given)


def _descriptions(given: Mapping[str, Any], note: str) -> dict[str, str]:
    """Put together what an event says of itself, by language."""
    spoken = _LANGUAGE.match(one_line(given.get("language")).lower())
    own = spoken[0] if spoken else "en"
    texts: dict[str, list[str]] = {own: [note]} if note else {}
    for name in ("abstract", "description"):
        said = given.get(name)
        for language, text in said.items() if isinstance(said, Mapping) else ((own, said),):
            paragraphs = texts.setdefault(_code(language, own), [])
            if lines(text) not in paragraphs:
                paragraphs.append(lines(text))
    return {language: "\n\n".join(filter(None, paragraphs)) for language, paragraphs in texts.items()}


def _code(language: Any, own: str) -> str:
    found = _LANGUAGE.match(str(language).lower())
    return found[0] if found else own
