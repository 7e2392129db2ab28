"""What we mail and follow, where answers reach us, by the tables of RFC 5546 (3.2.2, 3.2.3, 3.2.5)."""

from collections.abc import Callable, Iterator
from typing import Any

import icalendar
import pytest
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.models import MeetingRequest
from copapp.services import meetings
from copapp.services.answers import answer_accept, answer_counter, answer_decline, cancel_by_delegate
from copapp.services.delivery import deliver_due
from copapp.services.lapsing import lapse_due
from copapp.services.replies import take_reply
from copapp.services.tokens import request_token
from tests import listeners
from tests.meeting_requests import MONDAY, TEN, asked, minutes, staffed, terms
from tests.reply_mails import reply, shapes
from tests.test_invitation import AIGUL, BOLAT, DANA, OURS, Post

REPLIES = "replies@altyndala.example"
MANY = 1_000

# Presence as the RFC's column says: "1", "0 or 1", "0+", "0". What is in no row is not allowed.
_OFTEN = {"1": (1, 1), "0 or 1": (0, 1), "0+": (0, MANY), "1+": (1, MANY), "0": (0, 0)}
_IN_ALL = {
    "1": "DTSTAMP UID",
    "0 or 1": "CLASS CREATED DESCRIPTION DTEND DURATION GEO LAST-MODIFIED LOCATION PRIORITY RECURRENCE-ID"
    " RRULE STATUS TRANSP URL",
    "0+": "ATTACH CATEGORIES COMMENT CONTACT EXDATE RDATE RELATED-TO RESOURCES",
}
_OWN = {
    "REQUEST": {
        "1": "DTSTART ORGANIZER SUMMARY",
        "0 or 1": "SEQUENCE",
        "1+": "ATTENDEE",
        "0": "REQUEST-STATUS",
    },
    "REPLY": {"1": "ATTENDEE ORGANIZER", "0 or 1": "DTSTART SEQUENCE SUMMARY", "0+": "REQUEST-STATUS"},
    "CANCEL": {
        "1": "ORGANIZER SEQUENCE",
        "0 or 1": "DTSTART SUMMARY",
        "0+": "ATTENDEE",
        "0": "REQUEST-STATUS",
    },
}
_PARTS = {"REQUEST": {"VALARM", "VTIMEZONE"}, "REPLY": {"VTIMEZONE"}, "CANCEL": {"VTIMEZONE"}}
_STATES = {"REQUEST": {"", "TENTATIVE", "CONFIRMED"}, "CANCEL": {"", "CANCELLED"}}


def table(method: str) -> dict[str, tuple[int, int]]:
    """Read the RFC's table of a method: how often at least and at most each property stands."""
    return {
        name: _OFTEN[often]
        for rows in (_IN_ALL, _OWN[method])
        for often, names in rows.items()
        for name in names.split()
    }


def breaches(body: bytes) -> set[str]:
    """Name what breaks the table of its method."""
    read: Any = icalendar.Calendar.from_ical(body)
    method, [event] = str(read["METHOD"]), read.walk("VEVENT")
    found = {name: len(value) if isinstance(value, list) else 1 for name, value in event.items()}
    rules = table(method)
    wrong = {name for name, (least, most) in rules.items() if not least <= found.get(name, 0) <= most}
    wrong |= {name for name in found if name not in rules and not name.startswith("X-")}
    wrong |= {each.name for each in read.walk() if each.name in {"VFREEBUSY", "VJOURNAL", "VTODO"}}
    wrong |= {each.name for each in event.subcomponents if each.name not in _PARTS[method]}
    zones = {str(each["TZID"]) for each in read.walk("VTIMEZONE")}
    used = {event[name].params.get("TZID") for name in ("DTSTART", "DTEND") if name in event} - {None}
    wrong |= {"VTIMEZONE"} if used - zones else set()
    wrong |= {"DURATION"} if {"DTEND", "DURATION"} <= set(found) else set()
    state = str(event.get("STATUS", ""))
    return wrong | ({"STATUS"} if state not in _STATES.get(method, {state}) else set())


@pytest.fixture
def post(db: Session, cop14: SourceProgramme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A conference whose invitations can be answered."""
    house = staffed(db, cop14)
    with listeners.mail_server() as server:
        listeners.settle(
            monkeypatch,
            SMTP_URL=f"smtp://127.0.0.1:{server.port}?from={OURS}",
            IMAP_URL=f"imaps://meet:right@mail.example/INBOX?address={REPLIES}",
            PUBLIC_URL="https://cop.example",
        )
        yield Post(house, server)


class Story:
    """One request and what was done to it, as the three people's mail tells it."""

    def __init__(self, post: Post) -> None:
        self.post, self.house = post, post.house
        self.request: MeetingRequest = asked(post.house.db)
        self.number = self.request.id or 0
        self.token = request_token(post.house.db, self.request)
        self.bodies: dict[str, list[bytes]] = {DANA: [], AIGUL: [], BOLAT: []}

    def later(self, length: int = 0) -> Any:
        return terms(self.house.aigul, TEN + minutes(length))

    def accept(self, wished: int = 0) -> None:
        meetings.accept(self.house.db, self.number, self.house.aigul, self.later(wished), MONDAY)

    def propose(self, length: int = 0) -> None:
        meetings.propose(self.house.db, self.number, self.house.aigul, self.later(length), MONDAY)

    def take(self) -> None:
        answer_accept(self.house.db, self.token, self.request.proposal or 0, MONDAY)

    def refuse(self) -> None:
        answer_decline(self.house.db, self.token, self.request.proposal or 0, MONDAY)

    def wish(self) -> None:
        answer_counter(self.house.db, self.token, self.request.proposal or 0, TEN + minutes(60), MONDAY)

    def decline(self) -> None:
        meetings.decline(self.house.db, self.number, self.house.aigul, MONDAY)

    def cancel(self) -> None:
        cancel_by_delegate(self.house.db, self.token, MONDAY)

    def call_off(self) -> None:
        meetings.cancel(self.house.db, self.number, self.house.aigul, MONDAY)

    def hand_on(self) -> None:
        meetings.reassign(self.house.db, self.number, self.house.aigul, self.house.bolat.id or 0, MONDAY)

    def lapse(self) -> None:
        lapse_due(self.house.db, TEN)
        self.house.db.commit()
        deliver_due(TEN)

    def tell(self) -> None:
        """Deliver what the last act made, and keep each one's entries."""
        seen = self.post.seen
        for to in self.bodies:
            self.post.seen = seen
            self.bodies[to] += self.post.entries(to)


_STORIES: dict[str, tuple[str, str]] = {
    # What is done; what the delegate's calendar is told: method, SEQUENCE, state.
    "agreed": ("accept", "REQUEST 0 CONFIRMED"),
    "agreed and called off": ("accept call_off", "REQUEST 0 CONFIRMED, CANCEL 1 CANCELLED"),
    "agreed and cancelled": ("accept cancel", "REQUEST 0 CONFIRMED, CANCEL 1 CANCELLED"),
    "moved": ("accept propose take", "REQUEST 0 CONFIRMED, REQUEST 1 CONFIRMED"),
    "move refused": ("accept propose refuse", "REQUEST 0 CONFIRMED"),
    "colleague changed": (
        "accept hand_on call_off",
        "REQUEST 0 CONFIRMED, REQUEST 1 CONFIRMED, CANCEL 2 CANCELLED",
    ),
    "proposed and taken": ("propose take", "REQUEST 0 TENTATIVE, REQUEST 1 CONFIRMED"),
    "proposed twice": ("propose propose", "REQUEST 0 TENTATIVE, REQUEST 1 TENTATIVE"),
    "proposed and refused": ("propose refuse", "REQUEST 0 TENTATIVE, CANCEL 1 CANCELLED"),
    "proposed and taken back": ("propose cancel", "REQUEST 0 TENTATIVE, CANCEL 1 CANCELLED"),
    "proposed and lapsed": ("propose lapse", "REQUEST 0 TENTATIVE, CANCEL 1 CANCELLED"),
    "another wished and declined": ("propose wish decline", "REQUEST 0 TENTATIVE, CANCEL 1 CANCELLED"),
    "another wished and agreed": ("propose wish accept", "REQUEST 0 TENTATIVE, REQUEST 1 CONFIRMED"),
}


@pytest.mark.parametrize("name", list(_STORIES))
def test_every_mail_of_a_story_keeps_the_tables(post: Post, name: str) -> None:
    story = Story(post)
    acts, expected = _STORIES[name]
    for number, act in enumerate(acts.split()):
        method: Callable[..., None] = getattr(story, act)
        is_later = (act == "propose" and number) or (acts.endswith("wish accept") and act == "accept")
        method(*[60] if is_later else [])
        story.tell()

    told = [event_of(body) for body in story.bodies[DANA]]
    assert ", ".join(f"{m} {e['SEQUENCE']} {e.get('STATUS', '')}" for m, e in told) == expected
    for to, bodies in story.bodies.items():
        for body in bodies:
            _, event = event_of(body)
            assert breaches(body) == set()
            assert (str(event["UID"]), str(event["ATTENDEE"])) == (story.request.uid, f"mailto:{to}")
            assert str(event["ORGANIZER"]) == f"mailto:{REPLIES}"
            assert body.replace(b"\r\n ", b"").count(b"mailto:") == 2


def event_of(body: bytes) -> tuple[str, Any]:
    """Give the method and the event of a calendar."""
    read: Any = icalendar.Calendar.from_ical(body)
    [event] = read.walk("VEVENT")
    return str(read["METHOD"]), event


def test_proposal_asks_for_an_answer_that_comes_back_to_the_mailbox(post: Post) -> None:
    story = Story(post)
    story.propose()
    story.tell()

    [body] = story.bodies[DANA]
    _, event = event_of(body)
    given = event["ATTENDEE"].params
    assert (given["PARTSTAT"], given["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    [mail] = [each for each in post.server.mails if each["To"] == DANA and "time" in each["Subject"]]
    assert REPLIES in mail["Reply-To"]
    [text, *_] = [each for each in mail.walk() if each.get_content_type() == "text/plain"]
    assert b"Answer in your calendar program" in bytes(text.get_payload(decode=True))

    outcome = take_reply(post.house.db, answered(body, "ACCEPTED"), MONDAY)
    story.tell()

    assert (outcome.act, story.request.status) == ("accept", "accepted")
    given = event_of(story.bodies[DANA][-1])[1]["ATTENDEE"].params
    assert (given["PARTSTAT"], given["RSVP"]) == ("ACCEPTED", "TRUE")
    outcome = take_reply(post.house.db, answered(story.bodies[DANA][-1], "DECLINED"), MONDAY)
    assert (outcome.act, story.request.status) == ("cancel", "cancelled")


def test_who_refuses_a_proposal_is_told_that_it_left_the_calendar(post: Post) -> None:
    story = Story(post)
    story.propose()
    story.refuse()
    story.tell()

    subjects = [each["Subject"] for each in post.server.mails if each["To"] == DANA]
    assert [each for each in subjects if each.endswith("is cancelled")] == subjects[-1:]


def answered(body: bytes, partstat: str) -> bytes:
    """Answer an invitation as a calendar program does: with what the invitation itself says."""
    _, event = event_of(body)
    return reply(
        str(event["UID"]),
        partstat,
        str(event["ATTENDEE"]).removeprefix("mailto:"),
        sequence=int(event["SEQUENCE"]),
        more=(f"DTSTART:{event['DTSTART'].dt.astimezone(tz=MONDAY.tzinfo):%Y%m%dT%H%M%SZ}",),
    )


def test_each_entry_of_an_answered_story_can_be_told_from_a_stranger_s(post: Post) -> None:
    """A UID holds 122 bits of chance: who knows the address alone cannot answer for it."""
    uids = {asked(post.house.db, f"Dana{number}").uid for number in range(20)}

    assert len({uid[:36] for uid in uids}) == 20
    assert min(len(uid.removeprefix("meeting-").partition("@")[0].replace("-", "")) for uid in uids) == 32


# What a program leaves out although the table asks for it, and is followed all the same.
_LEFT_OUT = {"outlook": {"ORGANIZER"}}


@pytest.mark.parametrize("program", list(shapes("x")))
def test_replies_that_we_follow_keep_the_table(program: str) -> None:
    mail = listeners.parsed(shapes("x")[program])
    bodies = [
        each.get_payload(decode=True) for each in mail.walk() if each.get_content_type() == "text/calendar"
    ]
    body = bodies[0] if bodies else shapes("x")[program].removeprefix(b"\xef\xbb\xbf")

    assert isinstance(body, bytes)
    assert breaches(body) == _LEFT_OUT.get(program, set())
