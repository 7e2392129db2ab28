"""What somebody saved as one calendar to subscribe to (RFC 5545, 7986), from stored values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event, vUri

from copapp.i18n import catalogue
from copapp.interop.icalendar import add_point, days, entry, name_calendar
from copapp.presenters.calendar import add_zone, empty_calendar, plain

# A name of CSS3 (RFC 7986, 5.9), near the gold of what is saved.
_COLOR = "darkgoldenrod"


class MeetingState(StrEnum):
    """How sure a meeting is (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class PersonalMeeting:
    """A meeting of the calendar's owner; instants are aware, `uid` that of the invitation by mail."""

    uid: str
    sequence: int
    updated_at: datetime
    starts: datetime
    ends: datetime
    state: MeetingState
    place: str


@dataclass(frozen=True)
class Wishes:
    """How somebody wants the calendar: its language, and minutes before an entry to be reminded (or None)."""

    language: str
    alarm: int | None


def personal_calendar(
    programme: dict[str, Any],
    bookmarks: Sequence[str],
    meetings: Sequence[PersonalMeeting],
    wishes: Wishes,
    public_url: str = "",
) -> bytes:
    """Write the saved events of a release (the public shape) and the meetings, by time.

    The same values are the same bytes. A cancelled event stays, as STATUS:CANCELLED and without an alarm; a
    slug that the release does not know is left out.
    """
    about, wanted = programme["conference"], frozenset(bookmarks)
    events = [each for each in programme["events"] if each["slug"] in wanted]
    made = empty_calendar("PUBLISH")
    name_calendar(made, say(wishes, "calendar.name", conference=about["name"]), about["timezone"], _COLOR)
    for event in events:
        written = entry(programme, event, public_url, wishes.language)
        made.add_component(with_alarm(written, wishes))
    for meeting in meetings:
        is_open = meeting.state is MeetingState.TENTATIVE
        key = "calendar.meeting_asked" if is_open else "calendar.meeting"
        summary = say(wishes, key, who=about["organisation"])
        url = f"{public_url.rstrip('/')}/saved" if public_url else ""
        made.add_component(with_alarm(meeting_entry(about, meeting, summary, url), wishes))
    add_zone(made, [*days(about, events), *(each.starts.date() for each in meetings)])
    body: bytes = made.to_ical()
    return body


def say(wishes: Wishes, key: str, **given: str) -> str:
    """Say something in the calendar's language."""
    return str(catalogue(wishes.language, "calendar")[key]).format(**given)


def meeting_entry(about: dict[str, Any], given: PersonalMeeting, summary: str, url: str) -> Event:
    """Write one meeting at the conference `about`, under that title, leading to `url` if any."""
    zone = ZoneInfo(about["timezone"])
    made = Event()
    made.add("uid", given.uid)
    made.add("dtstamp", given.updated_at.astimezone(UTC))
    made.add("last-modified", given.updated_at.astimezone(UTC))
    made.add("sequence", given.sequence)
    made.add("summary", plain(summary))
    made.add("dtstart", given.starts.astimezone(zone))
    made.add("dtend", given.ends.astimezone(zone))
    made.add("status", given.state.value)
    made.add("class", "PRIVATE")
    made.add("location", plain(", ".join(each for each in (given.place, about["place"]) if each)))
    if url:
        made.add("url", vUri(url))
    add_point(made, about)
    return made


def with_alarm(event: Event, wishes: Wishes) -> Event:
    """Add the alarm that is wished for; nobody is reminded of what is cancelled."""
    if wishes.alarm is not None and event["status"] != MeetingState.CANCELLED:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(minutes=wishes.alarm))
        alarm.add("description", event["summary"])
        event.add_component(alarm)
    return event
