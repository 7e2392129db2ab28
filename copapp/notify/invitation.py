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
    is_void = told.kind is MoveKind.CANCEL or (told.is_invited and told.kind is not MoveKind.PROPOSE)
    return "CANCEL" if is_void or told.part is Part.RELEASED else "REQUEST"


def invitation(told: Told, host: Host) -> bytes | None:
    """Write the entry, from stored values only; None where calendars do not change."""
    is_told = told.is_entry or (told.is_invited and host.answers_to)
    if not is_told or told.starts is None or told.ends is None:
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
        made.add("status", "CANCELLED" if method(told) == "CANCEL" else _status(told))
    made.add("organizer", _person(host.answers_to or host.sender, CN=one_line(host.organisation)))
    made.add("attendee", _attendee(told, host))
    return made


def _status(told: Told) -> str:
    return "TENTATIVE" if told.is_invited else "CONFIRMED"


def _attendee(told: Told, host: Host) -> vCalAddress:
    own = told.name if told.part is Part.REQUESTER else told.who
    given = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "CN": one_line(own)}
    if method(told) == "REQUEST":
        # What both sides have agreed to is asked again of nobody; without a mailbox an answer reaches nobody.
        may_answer = host.answers_to and told.part is Part.REQUESTER
        given["PARTSTAT"] = "NEEDS-ACTION" if told.is_invited else "ACCEPTED"
        given["RSVP"] = "TRUE" if may_answer else "FALSE"
    return _person(told.address, **given)


def _person(address: str, **parameters: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}")
    for name, value in parameters.items():
        if value:
            made.params[name] = vText(value.replace('"', "'"))
    return made
