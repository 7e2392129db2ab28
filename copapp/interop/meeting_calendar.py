"""An agreed meeting as a calendar file for its delegate (RFC 5545): nobody's address is in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Event, vUri

from copapp.i18n import catalogue
from copapp.presenters.calendar import add_zone, empty_calendar, plain


@dataclass(frozen=True)
class MeetingEntry:
    """What the file says; instants are aware, `starts` and `ends` in the venue's zone, `uid` for ever."""

    uid: str
    sequence: int
    updated_at: datetime
    starts: datetime
    ends: datetime
    is_cancelled: bool
    place: str
    organisation: str
    language: str
    url: str


def meeting_calendar(given: MeetingEntry) -> bytes:
    """Write METHOD:PUBLISH with one entry, from stored values only."""
    made = empty_calendar("PUBLISH")
    event = Event()
    event.add("uid", given.uid)
    event.add("dtstamp", given.updated_at.astimezone(UTC))
    event.add("last-modified", given.updated_at.astimezone(UTC))
    event.add("sequence", given.sequence)
    title = str(catalogue(given.language, "mail")["entry.summary"])
    event.add("summary", plain(title.format(who=given.organisation)))
    event.add("dtstart", given.starts)
    event.add("dtend", given.ends)
    event.add("status", "CANCELLED" if given.is_cancelled else "CONFIRMED")
    if given.place:
        event.add("location", plain(given.place))
    event.add("url", vUri(given.url))
    made.add_component(event)
    add_zone(made, [given.starts, given.ends])
    written: bytes = made.to_ical()
    return written
