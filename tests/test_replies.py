"""Answers of calendar programs: followed as the delegate's button would be, or not at all."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from copapp.domain.reply import Act, Answer, ReplyError, Unclear
from copapp.domain.source import SourceProgramme
from copapp.interop.itip_reply import read_reply
from copapp.models import Hold, MeetingMove, MeetingReply, MeetingRequest, OutboxMessage, RequestStatus
from copapp.services import meetings
from copapp.services.answers import answer_counter
from copapp.services.erasure import erase
from copapp.services.replies import Outcome, keep_unreadable, mark_seen, take_reply, unclear_replies
from copapp.services.tokens import request_token
from tests.conftest import every_database
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms
from tests.reply_mails import STAMP, hostile_replies, mailed, reply, shapes

UID = "meeting-1@cop14.copapp"
LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def proposed(house: Staffed) -> MeetingRequest:
    request = asked(house.db)
    return meetings.propose(house.db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)


def accepted(house: Staffed) -> MeetingRequest:
    request = asked(house.db)
    return meetings.accept(house.db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)


def moving(house: Staffed) -> MeetingRequest:
    request = accepted(house)
    later = terms(house.aigul, TEN + minutes(60))
    return meetings.propose(house.db, request.id or 0, house.aigul, later, MONDAY)


def cancelled(house: Staffed) -> MeetingRequest:
    request = accepted(house)
    return meetings.cancel(house.db, request.id or 0, house.aigul, MONDAY)


def countered(house: Staffed) -> MeetingRequest:
    request = proposed(house)
    token = request_token(house.db, request)
    return answer_counter(house.db, token, request.proposal or 0, TEN + minutes(60), MONDAY)


def pending(house: Staffed) -> MeetingRequest:
    return asked(house.db)


def everything(db: Session) -> list[Any]:
    """Give all that a reply could move: requests, their history, what they hold, what is to be told."""
    db.flush()
    return [
        [row.model_dump() for row in db.exec(select(table)).all()]
        for table in (MeetingRequest, MeetingMove, Hold, OutboxMessage)
    ]


@pytest.mark.parametrize("program", list(shapes(UID)))
def test_each_program_is_understood(program: str) -> None:
    found = read_reply(shapes(UID)[program])

    assert (found.uid, found.sequence, found.answer, found.stamped) == (UID, 0, Answer.ACCEPTED, STAMP)
    assert found.attendee == "dana@ministry.example"
    assert found.sender.lower() == ("" if program == "a file alone" else "dana@ministry.example")
    assert found.starts == (None if program == "thunderbird" else TEN)
    assert not found.has_comment


@pytest.mark.parametrize("program", list(shapes(UID)))
def test_answer_of_each_program_accepts_what_was_proposed(house: Staffed, program: str) -> None:
    request = proposed(house)

    outcome = take_reply(house.db, shapes(request.uid)[program], LATER)

    assert outcome == Outcome(Act.ACCEPT, None, request.id)
    assert (request.status, request.starts, request.is_held) == (RequestStatus.ACCEPTED, TEN, True)
    last = house.db.exec(select(MeetingMove)).all()[-1]
    assert (last.kind, last.actor, last.at) == ("accept", "delegate", LATER)


@pytest.mark.parametrize("name", list(hostile_replies(UID)))
def test_what_is_no_answer_is_refused_in_words_of_its_own(name: str) -> None:
    with pytest.raises(ReplyError):
        read_reply(hostile_replies(UID)[name])


Given = Callable[[Staffed], MeetingRequest]
_TABLE: list[tuple[Given, str, Act | Unclear, str]] = [
    (proposed, "ACCEPTED", Act.ACCEPT, "accepted"),
    (proposed, "DECLINED", Act.DECLINE, "declined"),
    (proposed, "TENTATIVE", Unclear.TENTATIVE, "proposed"),
    (proposed, "DELEGATED", Unclear.DELEGATED, "proposed"),
    (accepted, "ACCEPTED", Act.NOTHING, "accepted"),
    (accepted, "DECLINED", Act.CANCEL, "cancelled"),
    (accepted, "TENTATIVE", Unclear.TENTATIVE, "accepted"),
    (moving, "ACCEPTED", Unclear.MOVE_WAITS, "proposed"),
    (moving, "DECLINED", Unclear.MOVE_WAITS, "proposed"),
    (cancelled, "ACCEPTED", Unclear.CLOSED, "cancelled"),
    (cancelled, "DECLINED", Act.NOTHING, "cancelled"),
    (pending, "ACCEPTED", Unclear.NOT_INVITED, "pending"),
    (pending, "DECLINED", Unclear.NOT_INVITED, "pending"),
    (countered, "DECLINED", Unclear.NOT_INVITED, "countered"),
]


@pytest.mark.parametrize(("given", "answer", "said", "becomes"), _TABLE)
def test_answer_moves_as_the_button_would(
    house: Staffed, given: Given, answer: str, said: Act | Unclear, becomes: str
) -> None:
    request = given(house)
    before = everything(house.db)

    outcome = take_reply(house.db, reply(request.uid, answer, sequence=request.sequence), LATER)

    assert said in (outcome.act, outcome.reason)
    assert request.status == becomes
    if isinstance(said, Unclear):
        assert everything(house.db) == before
        assert [(each.reason, about) for each, about in unclear_replies(house.db)] == [(said, request)]
    else:
        assert unclear_replies(house.db) == []


def test_another_time_goes_to_staff_with_the_time(house: Staffed) -> None:
    request = accepted(house)
    wish = reply(request.uid, method="COUNTER", more=("DTSTART:20240213T080000Z",))

    outcome = take_reply(house.db, mailed(wish), LATER)

    [(line, _)] = unclear_replies(house.db)
    assert (outcome.reason, line.starts) == (Unclear.COUNTER, TEN + minutes(180))
    assert request.status is RequestStatus.ACCEPTED


def test_same_trouble_with_the_same_request_stands_there_once(house: Staffed) -> None:
    request = accepted(house)
    for number in range(5):
        take_reply(house.db, reply(request.uid, "TENTATIVE", stamp=STAMP + minutes(number)), LATER)
    for number in range(20):
        keep_unreadable(house.db, b"rubbish %d" % number, Unclear.BROKEN, LATER)

    assert [each.stamped for each, about in unclear_replies(house.db) if about] == [STAMP + minutes(4)]
    assert len(unclear_replies(house.db)) == 11


def test_no_broken_mail_is_more_than_unclear() -> None:
    """Some thousands of mails, each a good one with a few bytes cut out, doubled or replaced."""
    chance, good = random.Random(5546), list(shapes(UID).values())
    for _ in range(2_000):
        mail = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 6)):
            start = chance.randrange(len(mail))
            stop = start + chance.randrange(30)
            mail[start:stop] = chance.choice(
                [b"", bytes(mail[start:stop]) * 2, chance.randbytes(5), b"\r\n", b":"]
            )
        try:
            found = read_reply(bytes(mail))
        except ReplyError:
            continue
        assert found.uid
        assert found.attendee


def test_words_beside_an_answer_are_not_lost(house: Staffed) -> None:
    request = proposed(house)

    outcome = take_reply(house.db, reply(request.uid, more=("COMMENT:I bring a colleague",)), LATER)

    assert (outcome.act, outcome.reason) == (Act.ACCEPT, Unclear.COMMENT)
    assert [each.reason for each, _ in unclear_replies(house.db)] == [Unclear.COMMENT]


def test_time_that_is_taken_or_past_goes_to_staff(house: Staffed) -> None:
    request, other = proposed(house), asked(house.db, "Emil")
    meetings.accept(house.db, other.id or 0, house.aigul, terms(house.aigul), MONDAY)

    taken = take_reply(house.db, reply(request.uid), LATER)
    past = take_reply(house.db, reply(request.uid, stamp=STAMP + minutes(1)), TEN + minutes(1))

    assert (taken.reason, past.reason) == (Unclear.TAKEN, Unclear.PAST)
    assert request.status is RequestStatus.PROPOSED


def test_answer_to_an_earlier_proposal_does_not_accept_the_later(house: Staffed) -> None:
    request = proposed(house)
    first = request.sequence
    later = terms(house.aigul, TEN + minutes(60))
    meetings.propose(house.db, request.id or 0, house.aigul, later, MONDAY)
    before = everything(house.db)

    stale = take_reply(house.db, reply(request.uid, sequence=first), LATER)

    assert (stale.reason, everything(house.db)) == (Unclear.STALE, before)
    assert unclear_replies(house.db) == []
    assert take_reply(house.db, reply(request.uid, sequence=request.sequence), LATER).act is Act.ACCEPT


@every_database
def test_repeated_reply_changes_nothing(house: Staffed) -> None:
    request = proposed(house)
    take_reply(house.db, mailed(reply(request.uid)), LATER)
    before = everything(house.db)

    again = take_reply(house.db, mailed(reply(request.uid), number=2), LATER + minutes(1))

    assert (again.act, again.is_repeated) == (Act.ACCEPT, True)
    assert everything(house.db) == before


def test_answer_that_was_overtaken_by_a_later_one_goes_to_staff(house: Staffed) -> None:
    request = accepted(house)
    take_reply(house.db, reply(request.uid, stamp=STAMP + minutes(5)), LATER)

    outcome = take_reply(house.db, reply(request.uid, "DECLINED"), LATER)

    assert (outcome.reason, request.status) == (Unclear.OLDER, RequestStatus.ACCEPTED)


@every_database
def test_line_goes_when_somebody_has_looked_or_the_request_is_erased(house: Staffed) -> None:
    first, second = proposed(house), asked(house.db, "Emil")
    for each, to in ((first, "dana"), (second, "emil")):
        take_reply(house.db, reply(each.uid, "TENTATIVE", f"{to}@ministry.example"), LATER)
    keep_unreadable(house.db, b"rubbish", Unclear.BROKEN, LATER)
    keep_unreadable(house.db, b"rubbish", Unclear.BROKEN, LATER)
    lines = unclear_replies(house.db)
    assert [about for _, about in lines] == [None, second, first]

    mark_seen(house.db, house.aigul, lines[1][0].id or 0, LATER)
    erase(house.db, request_token(house.db, first), LATER)

    assert [about for _, about in unclear_replies(house.db)] == [None]
    assert "dana" not in str([each.model_dump() for each in house.db.exec(select(MeetingReply)).all()])


def forged(chance: random.Random, request: MeetingRequest, number: int) -> bytes:
    """Give a mail that is wrong in one thing: whose it is, which entry it answers, or what it says."""
    wrong = chance.choice(["uid", "attendee", "sender", "sequence", "method", "partstat"])
    usual = {
        "uid": request.uid,
        "attendee": "dana@ministry.example",
        "sender": chance.choice(["dana@ministry.example", "Dana <DANA@ministry.example>"]),
        "sequence": request.sequence,
        "method": "REPLY",
        "partstat": chance.choice(["ACCEPTED", "DECLINED"]),
    }
    others: dict[str, list[Any]] = {
        "uid": [f"meeting-{number}@cop14.copapp", request.uid[:-1], request.uid.upper()],
        "attendee": ["canary@evil.example", "aigul@altyndala.example", "dana@ministry.example.evil"],
        "sender": ["canary@evil.example", "dana@ministry.example, canary@evil.example", "Dana"],
        "sequence": [request.sequence - 1, request.sequence + 1, request.sequence + 7],
        "method": ["REQUEST", "CANCEL", "PUBLISH", "COUNTER", "REFRESH"],
        "partstat": ["TENTATIVE", "DELEGATED", "NEEDS-ACTION", "X-YES"],
    }
    given: dict[str, Any] = usual | {wrong: chance.choice(others[wrong])}
    sender, stamp = given.pop("sender"), STAMP + minutes(chance.randrange(-5000, 5000))
    return mailed(reply(**given, stamp=stamp), sender)


def test_forged_stale_and_foreign_replies_change_nothing(house: Staffed) -> None:
    """Some hundreds of them, against a request in every state."""
    made = [given(house) for given in (accepted, proposed, countered, pending)]
    chance = random.Random(14)
    before = everything(house.db)

    for number in range(400):
        mail = forged(chance, chance.choice(made), number)
        outcome = take_reply(house.db, mail, LATER)
        assert outcome.act in {None, Act.NOTHING}
        assert everything(house.db) == before, mail
