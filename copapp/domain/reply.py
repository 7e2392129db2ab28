"""A calendar program's answer to an invitation (iTIP, RFC 5546, 3.2.3), and what it means for a request."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copapp.domain.mail_address import comparable
from copapp.domain.meetings import CLOSED
from copapp.models import RequestStatus


class Answer(StrEnum):
    """What an attendee says (PARTSTAT), or that he proposes another time (METHOD:COUNTER)."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"
    COUNTER = "COUNTER"


class Unclear(StrEnum):
    """Why a reply moves nothing; staff read it and decide."""

    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    BROKEN = "broken"
    NOT_A_REPLY = "not_a_reply"
    SEVERAL = "several"
    NO_ANSWER = "no_answer"
    UNKNOWN = "unknown"
    OTHER_ADDRESS = "other_address"
    OTHER_SENDER = "other_sender"
    OTHER_TIME = "other_time"
    STALE = "stale"
    OLDER = "older"
    AHEAD = "ahead"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    COUNTER = "counter"
    MOVE_WAITS = "move_waits"
    NOT_INVITED = "not_invited"
    CLOSED = "closed"
    TAKEN = "taken"
    PAST = "past"
    COMMENT = "comment"


class ReplyError(ValueError):
    """Bytes that are no reply that could be followed; `reason` says why."""

    def __init__(self, reason: Unclear) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reply:
    """One answer. `sender` is the mail's, "" where there was none; `starts` is the time that it names.

    That it holds words of the attendee's own is known, the words are not.
    """

    uid: str
    sequence: int
    attendee: str
    answer: Answer
    stamped: datetime
    starts: datetime | None = None
    sender: str = ""
    has_comment: bool = False


@dataclass(frozen=True)
class Standing:
    """How the request stands that a reply is about: whose it is, and what its calendar entry says now.

    `stamped` is the DTSTAMP of the latest reply that was followed.
    """

    email: str
    status: RequestStatus
    sequence: int
    is_held: bool
    starts: datetime | None
    stamped: datetime | None = None


class Act(StrEnum):
    """What a reply does: the delegate's own buttons, or nothing that is not so already."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    NOTHING = "nothing"


_BY_ANSWER = {
    Answer.TENTATIVE: Unclear.TENTATIVE,
    Answer.DELEGATED: Unclear.DELEGATED,
    Answer.COUNTER: Unclear.COUNTER,
}
_PROPOSED, _ACCEPTED = RequestStatus.PROPOSED, RequestStatus.ACCEPTED
_ACTS: dict[tuple[Answer, RequestStatus], Act] = {
    (Answer.ACCEPTED, _PROPOSED): Act.ACCEPT,
    (Answer.ACCEPTED, _ACCEPTED): Act.NOTHING,
    (Answer.DECLINED, _PROPOSED): Act.DECLINE,
    (Answer.DECLINED, _ACCEPTED): Act.CANCEL,
    **{(Answer.DECLINED, status): Act.NOTHING for status in CLOSED},
}


def meaning(reply: Reply, standing: Standing) -> Act | Unclear:
    """Say what a reply does to its request; what is not certain is not guessed."""
    if doubt := _doubt(reply, standing):
        return doubt
    if standing.status is _PROPOSED and standing.is_held:
        # A move of an agreed meeting is proposed: which of the two times is meant, nobody can tell.
        return Unclear.MOVE_WAITS
    usual = Unclear.CLOSED if standing.status in CLOSED else Unclear.NOT_INVITED
    return _ACTS.get((reply.answer, standing.status), usual)


def _doubt(reply: Reply, standing: Standing) -> Unclear | None:
    """Name what speaks against following a reply, whatever the request's state."""
    theirs = comparable(standing.email)
    is_older = standing.stamped is not None and reply.stamped < standing.stamped
    is_elsewhen = None not in {reply.starts, standing.starts} and reply.starts != standing.starts
    checks = (
        (comparable(reply.attendee) != theirs, Unclear.OTHER_ADDRESS),
        (reply.sender != "" and comparable(reply.sender) != theirs, Unclear.OTHER_SENDER),
        (reply.sequence < standing.sequence, Unclear.STALE),
        (reply.sequence > standing.sequence, Unclear.AHEAD),
        (is_older, Unclear.OLDER),
        (reply.answer in _BY_ANSWER, _BY_ANSWER.get(reply.answer, Unclear.NO_ANSWER)),
        (is_elsewhen, Unclear.OTHER_TIME),
    )
    return next((why for is_so, why in checks if is_so), None)
