"""What one of us, or all of us, have to do, as a calendar to subscribe to (RFC 5545, 7986).

Calendar programs fetch it through servers of others, so nothing in it says who is met, or why: a meeting has
a number, a time and a place, and its link leads to the rest behind the sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Event, vText

from copapp.interop.icalendar import days, entry, name_calendar
from copapp.interop.personal_calendar import (
    MeetingState,
    PersonalMeeting,
    Wishes,
    meeting_entry,
    say,
    with_alarm,
)
from copapp.presenters.calendar import add_zone, empty_calendar, plain

# A name of CSS3 (RFC 7986, 5.9), unlike the programme's and a delegate's.
_COLOR = "seagreen"


@dataclass(frozen=True)
class CoveredEvent:
    """An event (its slug) that one of us will be at."""

    event: str
    member: str
    who: str


@dataclass(frozen=True)
class StaffMeeting:
    """A meeting of one of us, by the number of its request; `meeting.uid` is no invitation's."""

    number: int
    who: str
    meeting: PersonalMeeting


def staff_calendar(
    programme: dict[str, Any],
    covered: Sequence[CoveredEvent],
    meetings: Sequence[StaffMeeting],
    wishes: Wishes,
    public_url: str = "",
    *,
    of_team: bool,
) -> bytes:
    """Write covered events of a release (the public shape) and meetings: the same values, the same bytes.

    Of the team's each entry says whose it is: an event that two of us cover is there twice, under a UID for
    each, so that it comes and goes with them and never changes silently.
    """
    about = programme["conference"]
    made = empty_calendar("PUBLISH")
    key = "calendar.staff_team" if of_team else "calendar.staff_own"
    name_calendar(made, say(wishes, key, conference=about["name"]), about["timezone"], _COLOR)
    events = {each["slug"]: each for each in programme["events"]}
    held = [(events[each.event], each) for each in covered if each.event in events]
    for event, each in held:
        written = entry(programme, event, public_url, wishes.language)
        if of_team:
            written["uid"] = vText(f"{each.member}.{event['uid']}")
            _name(written, wishes, each.who)
        made.add_component(with_alarm(written, wishes))
    for given in meetings:
        made.add_component(with_alarm(_meeting(about, given, wishes, public_url, of_team=of_team), wishes))
    add_zone(
        made, [*days(about, [event for event, _ in held]), *(each.meeting.starts.date() for each in meetings)]
    )
    body: bytes = made.to_ical()
    return body


def _meeting(
    about: dict[str, Any], given: StaffMeeting, wishes: Wishes, public_url: str, *, of_team: bool
) -> Event:
    is_open = given.meeting.state is MeetingState.TENTATIVE
    key = "calendar.staff_meeting_asked" if is_open else "calendar.staff_meeting"
    url = f"{public_url.rstrip('/')}/admin/request?id={given.number}" if public_url else ""
    made = meeting_entry(about, given.meeting, say(wishes, key, number=str(given.number)), url)
    made.add("description", plain(say(wishes, "calendar.staff_hint")))
    if of_team:
        _name(made, wishes, given.who)
    return made


def _name(event: Event, wishes: Wishes, who: str) -> None:
    event["summary"] = plain(say(wishes, "calendar.staff_of", who=who, what=str(event["summary"])))
