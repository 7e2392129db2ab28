"""A meeting as a calendar entry for one addressee (iTIP, RFC 5546): nobody else's address is in it."""

from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress, vText, vUri

from copapp.models import MoveKind
from copapp.notify.letters import party
from copapp.notify.told import Host, Part, Told
from copapp.notify.words import one_line, say
from copapp.presenters.calendar import add_zone, empty_calendar, plain


def method(told: Told) -> str:
    """Say which method of iTIP tells this: CANCEL also takes the entry from who has it no longer."""
    return "CANCEL" if told.kind is MoveKind.CANCEL or told.part is Part.RELEASED else "REQUEST"


def invitation(told: Told, host: Host) -> bytes | None:
    """Write the entry, from stored values only; None where calendars do not change."""
    if not told.is_entry or told.starts is None or told.ends is None:
        return None
    made = empty_calendar(method(told))
    zone = ZoneInfo(host.zone)
    starts, ends = told.starts.astimezone(zone), told.ends.astimezone(zone)
    event = _event(told, host)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    made.add_component(event)
    add_zone(made, [starts, ends])
    written: bytes = made.to_ical()
    return written


def _event(told: Told, host: Host) -> Event:
    made = Event()
    made.add("uid", told.uid)
    made.add("dtstamp", told.at)
    made.add("last-modified", told.at)
    made.add("sequence", told.sequence)
    who = party(told) if told.part is not Part.REQUESTER else one_line(host.organisation)
    made.add("summary", plain(say(told.language, "entry.summary", who=who)))
    made.add("location", plain(", ".join(each for each in (one_line(told.place), host.place) if each)))
    if told.part is Part.REQUESTER and told.who:
        made.add("description", plain(f"{say(told.language, 'label.with')}: {party(told)}"))
    if told.link:
        made.add("url", vUri(told.link))
    # RFC 5546, 3.2.5: taken from one attendee only, the meeting itself is not cancelled.
    if told.part is not Part.RELEASED:
        made.add("status", "CANCELLED" if method(told) == "CANCEL" else "CONFIRMED")
    made.add("organizer", _person(host.sender, CN=one_line(host.organisation)))
    made.add("attendee", _attendee(told))
    return made


def _attendee(told: Told) -> vCalAddress:
    own = told.name if told.part is Part.REQUESTER else told.who
    given = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "CN": one_line(own)}
    if method(told) == "REQUEST":
        # Both sides have agreed on our pages; an answer by mail would reach nobody.
        given |= {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return _person(told.address, **given)


def _person(address: str, **parameters: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}")
    for name, value in parameters.items():
        if value:
            made.params[name] = vText(value.replace('"', "'"))
    return made
