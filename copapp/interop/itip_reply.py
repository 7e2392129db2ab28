"""Reads an answer of a calendar program, from a mail or a calendar file: leniently, but for what it means."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from copapp.domain.imported import ProgrammeFileError
from copapp.domain.reply import Answer, Reply, ReplyError, Unclear
from copapp.interop.readers.calendar_lines import Component, Property, read_lines
from copapp.interop.readers.zone_names import find_zone

LARGEST = 1_000_000
_LARGEST_CALENDAR = 100_000
_MOST_PARTS = 50
_LONGEST = 400
_DIGITS = 9
_CALENDARS = {"text/calendar", "application/ics"}
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
_REFUSED = re.compile(r"[345][.;]")


def read_reply(content: bytes) -> Reply:
    """Read a whole mail or a calendar file. Raises ReplyError."""
    if len(content) > LARGEST:
        raise ReplyError(Unclear.TOO_LARGE)
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if content[:15].upper() == b"BEGIN:VCALENDAR":
        return _read_calendar(content.decode("utf-8", "replace"), "")
    return _read_mail(content)


def _read_mail(content: bytes) -> Reply:
    try:
        mail = message_from_bytes(content, policy=compat32)
        sender, texts = _sender(mail), list(_texts(mail))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The library promises to raise nothing; a hostile mail may know better.
        raise ReplyError(Unclear.BROKEN) from error
    if not texts:
        raise ReplyError(Unclear.NO_CALENDAR)
    found = {_read_calendar(text, sender) for text in texts}
    if len(found) > 1:  # the same answer also as a file beside it is common
        raise ReplyError(Unclear.SEVERAL)
    return found.pop()


def _sender(mail: Message) -> str:
    """Give the one address that a mail says it is from; "?" agrees with nobody."""
    given = mail.get_all("From", [])
    found = [address for _, address in getaddresses([str(each)[:_LONGEST] for each in given])]
    return found[0] if len(given) == len(found) == 1 and found[0] else "?"


def _texts(mail: Message) -> Iterator[str]:
    """List the calendars of a mail; what was forwarded or returned in it is no answer of its sender's."""
    waiting, seen = [mail], 0
    while waiting and seen < _MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        kind, inner = part.get_content_type(), part.get_payload()
        if kind in _CALENDARS:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield _decoded(content, part)
        elif kind.startswith("multipart/") and isinstance(inner, list):
            waiting += [each for each in inner if isinstance(each, Message)]


def _decoded(content: bytes, part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset, "replace").removeprefix("\ufeff")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _read_calendar(text: str, sender: str) -> Reply:
    if len(text) > _LARGEST_CALENDAR:
        raise ReplyError(Unclear.TOO_LARGE)
    try:
        lines = read_lines(text)
    except ProgrammeFileError as error:
        raise ReplyError(Unclear.TOO_LARGE) from error
    if lines.method not in {"REPLY", "COUNTER"}:
        raise ReplyError(Unclear.NOT_A_REPLY)
    if len(lines.events) != 1 or len(lines.events[0].properties.get("ATTENDEE", [])) != 1:
        raise ReplyError(Unclear.SEVERAL if lines.events else Unclear.BROKEN)
    return _read_event(lines.events[0], sender, is_counter=lines.method == "COUNTER")


def _read_event(event: Component, sender: str, *, is_counter: bool) -> Reply:
    if any(event.first(name) for name in ("RECURRENCE-ID", "RRULE", "RDATE")):
        raise ReplyError(Unclear.SEVERAL)
    [attendee], stamped = event.properties["ATTENDEE"], _instant(event.first("DTSTAMP"))
    uid, address = _once(event, "UID"), _address(attendee.value)
    if not uid or not address or stamped is None:
        raise ReplyError(Unclear.BROKEN)
    if any(_REFUSED.match(each.value.strip()) for each in event.properties.get("REQUEST-STATUS", [])):
        raise ReplyError(Unclear.NO_ANSWER)
    return Reply(
        uid=uid,
        sequence=_sequence(event),
        attendee=address,
        answer=Answer.COUNTER if is_counter else _answer(attendee),
        stamped=stamped,
        starts=_instant(event.first("DTSTART")),
        sender=sender,
        has_comment=any(each.value.strip() for each in event.properties.get("COMMENT", [])),
    )


def _once(event: Component, name: str) -> str:
    """Give what a property says, "" where it is missing, given twice, or longer than any of ours."""
    found = event.properties.get(name, [])
    value = found[0].value.strip() if len(found) == 1 else ""
    return value if len(value) <= _LONGEST else ""


def _address(value: str) -> str:
    scheme, _, address = value.strip().partition(":")
    return address.strip() if scheme.lower() == "mailto" and len(address) <= _LONGEST else ""


def _answer(attendee: Property) -> Answer:
    try:
        found = Answer(attendee.parameters.get("PARTSTAT", "").strip().upper())
    except ValueError:
        raise ReplyError(Unclear.NO_ANSWER) from None
    if found is Answer.COUNTER:  # a method, no PARTSTAT
        raise ReplyError(Unclear.NO_ANSWER)
    return found


def _sequence(event: Component) -> int:
    """Give the number of the entry that is answered: it may be left out where it is 0 (RFC 5546, 3.2.3)."""
    if "SEQUENCE" not in event.properties:
        return 0
    text = _once(event, "SEQUENCE")
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise ReplyError(Unclear.BROKEN)
    return int(text)


def _instant(given: Property | None) -> datetime | None:
    """Read a time; None where it says no instant for certain."""
    found = _TIME.fullmatch(given.value.strip()) if given else None
    if given is None or found is None:
        return None
    zone = UTC if found[7] else find_zone(given.parameters.get("TZID", ""))
    try:
        wall = datetime(*(int(part) for part in found.groups()[:6]), tzinfo=zone)  # type: ignore[arg-type, misc]  # six numbers
        return wall.astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        return None
