"""Invitations by mail, as four independent readers read them, and by the tables of RFC 5546 (3.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.models import MeetingRequest, MoveKind, Topic
from copapp.notify.invitation import invitation
from copapp.notify.told import Host, Part, Told
from copapp.services import meetings
from copapp.services.answers import answer_accept, cancel_by_delegate
from copapp.services.delivery import deliver_due
from copapp.services.tokens import request_token
from tests import listeners
from tests.calendar_readers import READERS
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms

OURS = "meetings@altyndala.example"
DANA, AIGUL, BOLAT = "dana@ministry.example", "aigul@altyndala.example", "bolat@altyndala.example"

# Property: how often at least and at most; what is not named must not be there.
_COMMON = {
    "UID": (1, 1),
    "DTSTAMP": (1, 1),
    "ORGANIZER": (1, 1),
    "DTEND": (0, 1),
    "DESCRIPTION": (0, 1),
    "LAST-MODIFIED": (0, 1),
    "LOCATION": (0, 1),
    "STATUS": (0, 1),
    "URL": (0, 1),
}
RFC_5546 = {
    "REQUEST": _COMMON | {"ATTENDEE": (1, 1), "DTSTART": (1, 1), "SEQUENCE": (1, 1), "SUMMARY": (1, 1)},
    "CANCEL": _COMMON | {"ATTENDEE": (1, 1), "DTSTART": (0, 1), "SEQUENCE": (1, 1), "SUMMARY": (0, 1)},
}


@dataclass
class Post:
    """A staffed conference and the mail server it writes to."""

    house: Staffed
    server: listeners.MailServer
    seen: int = 0

    def entries(self, to: str) -> list[bytes]:
        """Deliver, and list the calendar parts of the new mails to somebody."""
        self.house.db.commit()
        deliver_due(MONDAY)
        mails = self.server.mails[self.seen :]
        self.seen = len(self.server.mails)
        return [part for mail in mails if mail["To"] == to for part in calendar_parts(mail)]


def calendar_parts(mail: EmailMessage) -> list[bytes]:
    parts = [
        part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/calendar"
    ]
    return [part for part in parts if isinstance(part, bytes)]


@pytest.fixture
def post(db: Session, cop14: SourceProgramme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    house = staffed(db, cop14)
    with listeners.mail_server() as server:
        listeners.settle(
            monkeypatch,
            SMTP_URL=f"smtp://127.0.0.1:{server.port}?from={OURS}",
            PUBLIC_URL="https://cop.example",
        )
        yield Post(house, server)


def number(request: MeetingRequest) -> int:
    assert request.id is not None
    return request.id


def line(request: MeetingRequest) -> int:
    assert request.proposal is not None
    return request.proposal


def accepted(post: Post) -> MeetingRequest:
    house = post.house
    return meetings.accept(house.db, number(asked(house.db)), house.aigul, terms(house.aigul), MONDAY)


def calendar(body: bytes) -> Any:
    return icalendar.Calendar.from_ical(body)


def event(body: bytes) -> Any:
    [found] = calendar(body).walk("VEVENT")
    return found


def keeps_the_rules(body: bytes) -> bool:
    """Whether every property is there as often as its method's table allows, and nothing else is."""
    read = calendar(body)
    rules = RFC_5546[str(read["METHOD"])]
    found = {name: len(value) if isinstance(value, list) else 1 for name, value in event(body).items()}
    kinds = sorted({each.name for each in read.subcomponents})
    return (
        set(found) <= set(rules)
        and all(least <= found.get(name, 0) <= most for name, (least, most) in rules.items())
        and kinds == ["VEVENT", "VTIMEZONE"]
        and event(body).subcomponents == []
    )


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_agreed_meeting_is_read_alike(post: Post, read: Any) -> None:
    request = accepted(post)

    for to in (DANA, AIGUL):
        post.seen = 0
        [body] = post.entries(to)
        assert read(body) == {request.uid: (TEN, TEN + minutes(30), 0, "CONFIRMED")}


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_cancelled_meeting_is_read_alike(post: Post, read: Any) -> None:
    request = accepted(post)
    post.entries(DANA)
    cancel_by_delegate(post.house.db, request_token(post.house.db, request), MONDAY)

    [body] = post.entries(DANA)

    assert read(body) == {request.uid: (TEN, TEN + minutes(30), 1, "CANCELLED")}


def test_sequence_rises_with_each_change_and_uid_stays(post: Post) -> None:
    house = post.house
    request = accepted(post)
    bodies = post.entries(DANA)
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(60)), MONDAY)
    answer_accept(house.db, request_token(house.db, request), line(request), MONDAY)
    bodies += post.entries(DANA)
    meetings.reassign(house.db, number(request), house.aigul, house.bolat.id or 0, MONDAY)
    bodies += post.entries(DANA)
    meetings.cancel(house.db, number(request), house.bolat, MONDAY)
    bodies += post.entries(DANA)

    told = [(str(calendar(each)["METHOD"]), int(event(each)["SEQUENCE"])) for each in bodies]
    assert told == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2), ("CANCEL", 3)]
    assert {str(event(each)["UID"]) for each in bodies} == {request.uid}
    assert [event(each)["DTSTART"].dt for each in bodies] == [TEN, *[TEN + minutes(60)] * 3]
    assert all(map(keeps_the_rules, bodies))


def test_colleague_who_hands_a_meeting_on_loses_its_entry(post: Post) -> None:
    house = post.house
    request = accepted(post)
    post.entries(AIGUL)
    meetings.reassign(house.db, number(request), house.aigul, house.bolat.id or 0, MONDAY)
    seen = post.seen

    [removed] = post.entries(AIGUL)
    post.seen = seen
    [added] = post.entries(BOLAT)

    assert (str(calendar(removed)["METHOD"]), str(calendar(added)["METHOD"])) == ("CANCEL", "REQUEST")
    assert "STATUS" not in event(removed)  # RFC 5546, 3.2.5: the meeting itself goes on
    assert [int(event(each)["SEQUENCE"]) for each in (removed, added)] == [1, 1]
    assert keeps_the_rules(removed)
    assert keeps_the_rules(added)


def test_entry_names_its_addressee_and_us_and_nobody_else(post: Post) -> None:
    accepted(post)

    for to in (DANA, AIGUL):
        post.seen = 0
        [body] = post.entries(to)
        found = event(body)
        assert (str(found["ATTENDEE"]), str(found["ORGANIZER"])) == (f"mailto:{to}", f"mailto:{OURS}")
        assert body.replace(b"\r\n ", b"").count(b"mailto:") == 2


def test_entry_says_where_and_leads_to_a_page_that_only_shows(post: Post) -> None:
    request = accepted(post)

    [body] = post.entries(DANA)
    post.seen = 0
    [ours] = post.entries(AIGUL)

    token = request_token(post.house.db, request)
    assert str(event(body)["LOCATION"]) == "Room Ferghana, Expo Centre, Samarkand, Uzbekistan"
    assert str(event(body)["SUMMARY"]) == "Meeting: Altyn Dala Conservation Initiative"
    assert str(event(body)["URL"]) == f"https://cop.example/meet/{token}"
    assert str(event(ours)["SUMMARY"]) == "Meeting: Dana, Ministry of Ecology"
    assert str(event(ours)["URL"]) == "https://cop.example/admin"


def test_stamps_are_the_stored_ones(post: Post) -> None:
    house = post.house
    asked(house.db)
    meetings.accept(house.db, 1, house.aigul, terms(house.aigul), MONDAY - timedelta(minutes=7))

    [body] = post.entries(DANA)

    assert event(body)["DTSTAMP"].dt == MONDAY - timedelta(minutes=7)


def test_mail_says_its_method_where_programs_look(post: Post) -> None:
    """RFC 6047, 2.4: the method stands in the part's own type too; the file is for those who look there."""
    accepted(post)
    post.entries(DANA)
    [mail] = [mail for mail in post.server.mails if "agreed" in mail["Subject"] and mail["To"] == DANA]

    kinds = [part.get_content_type() for part in mail.walk()]
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    [file] = mail.iter_attachments()

    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert part["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert file.get_filename() == "meeting.ics"
    assert file.get_payload(decode=True) == part.get_payload(decode=True)


@pytest.mark.parametrize("what", ["ask", "propose", "decline"])
def test_what_changes_no_calendar_carries_none(post: Post, what: str) -> None:
    house = post.house
    request = asked(house.db)
    if what == "propose":
        meetings.propose(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    elif what == "decline":
        meetings.decline(house.db, number(request), house.aigul, MONDAY)

    assert post.entries(DANA) == []
    assert post.server.mails


HOST = Host("The Tiny Society", "Tiny Days", "Lisbon, Portugal", "Europe/Lisbon", OURS)
TOLD = Told(
    part=Part.REQUESTER,
    topic=Topic.MOVE,
    kind=MoveKind.ACCEPT,
    language="en",
    address=DANA,
    message_id="<x@y>",
    link="https://cop.example/meet/x",
    at=MONDAY,
    dated=MONDAY,
    starts=datetime(2024, 3, 31, 0, 30, tzinfo=UTC),
    ends=datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
    is_entry=True,
    uid="meeting-1@tiny.copapp",
)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_meeting_in_the_night_of_a_change_of_clocks_is_read_alike(read: Any) -> None:
    body = invitation(TOLD, HOST)

    assert body is not None
    assert read(body) == {"meeting-1@tiny.copapp": (TOLD.starts, TOLD.ends, 0, "CONFIRMED")}


@settings(max_examples=80, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=90))
def test_no_text_breaks_the_entry(text: str) -> None:
    """Whatever a name, an organisation or a place holds: one event, one attendee, lines of 75 octets."""
    told = replace(TOLD, part=Part.MEMBER, name=text, organisation=text, who=text, place=text)

    body = invitation(told, replace(HOST, organisation=text or "x"))

    assert body is not None
    assert keeps_the_rules(body)
    assert str(event(body)["ATTENDEE"]) == f"mailto:{DANA}"
    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert not [each for each in body.split(b"\r\n") if b"\n" in each or b"\r" in each]


def test_name_cannot_add_a_line_or_an_attendee() -> None:
    name = 'Dana"\r\nATTENDEE:mailto:canary@evil.example\r\nX:";CN=x:mailto:canary@evil.example'

    body = invitation(replace(TOLD, part=Part.MEMBER, name=name, who=name, place=name), HOST)

    assert body is not None
    assert keeps_the_rules(body)
    assert [str(event(body)["ATTENDEE"])] == [f"mailto:{DANA}"]
