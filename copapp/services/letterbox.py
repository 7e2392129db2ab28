"""Reads what a row of the outbox has to tell, as it is when it goes out. For `delivery` only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from copapp.domain.meetings import CLOSED
from copapp.domain.programme import Programme
from copapp.domain.telling import ANSWERS, changes_calendar, invites, withdraws
from copapp.i18n import LANGUAGES
from copapp.models import (
    Actor,
    Channel,
    MeetingMove,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    RequestStatus,
    StaffMember,
    Topic,
)
from copapp.notify.told import EventTold, Host, Part, Told
from copapp.services.channels import mail_in_force
from copapp.services.news import ENDS_UNANSWERED
from copapp.services.released import latest_programme, programme_before
from copapp.services.slots import the_conference
from copapp.services.tokens import request_token
from copapp.settings import settings

_NEWS_FOR = timedelta(days=1)
_INBOX = "admin"


def host_of(db: Session) -> Host:
    """Say who we are, and from which address we write."""
    about, server, mailbox = the_conference(db), mail_in_force(db), settings().reply_mailbox
    return Host(
        organisation=about.organisation,
        conference=about.name,
        place=about.place,
        zone=about.timezone,
        sender=server.sender if server else "",
        answers_to=mailbox.address if mailbox else "",
    )


def language_of(member: StaffMember) -> str:
    """Give the first language of one of us that we write."""
    return next((each for each in member.languages if each in LANGUAGES), "en")


@dataclass(frozen=True)
class _Case:
    """A row, and what it tells of: a move and all moves of its request, the first first."""

    row: OutboxMessage
    request: MeetingRequest
    move: MeetingMove
    history: list[MeetingMove]

    @property
    def before(self) -> list[MeetingMove]:
        """List the moves before this one."""
        return [line for line in self.history if (line.id or 0) < (self.move.id or 0)]


def read_told(db: Session, row: OutboxMessage, now: datetime) -> Told | None:
    """Read what a row tells; None if that is void by now."""
    if row.channel is Channel.WEBHOOK and row.created_at < now - _NEWS_FOR:
        return None
    if row.release is not None:
        return _of_release(db, row, row.release)
    case = _case(db, row)
    if case and _is_for_nothing(db, case):
        return None
    if row.channel is Channel.WEBHOOK:
        return _for_channel(row, case)
    if case is None or _is_void(case, now):
        return None
    return _for_member(db, case) if row.member_id else _for_requester(db, case)


def _of_release(db: Session, row: OutboxMessage, number: int) -> Told | None:
    """Tell what a release changed: the staff's channel that it is there, who asked what their event is now.

    Void where that request is over or erased, or a later release has taken the change back.
    """
    if row.channel is Channel.WEBHOOK:
        about = _address("changes")
        return _told(row, part=Part.MEMBER, language="en", link=about, release=number)
    request = db.get(MeetingRequest, row.request_id) if row.request_id else None
    if request is None or request.status in CLOSED or request.event is None:
        return None
    was = _event_in(programme_before(db, number), request.event)
    now = _event_in(latest_programme(db), request.event)
    if was is None or was == now:
        return None
    return _told(
        row,
        part=Part.REQUESTER,
        language=request.language,
        address=request.email,
        name=request.name,
        link=_address(f"meet/{request_token(db, request)}"),
        release=number,
        before=was,
        after=now,
    )


def _event_in(programme: Programme | None, slug: str) -> EventTold | None:
    found = programme.event(slug) if programme else None
    if programme is None or found is None:
        return None
    room = programme.room(found.room)
    return EventTold(found.title, found.starts, found.ends, room.name if room else "", found.is_cancelled)


def _case(db: Session, row: OutboxMessage) -> _Case | None:
    request = db.get(MeetingRequest, row.request_id) if row.request_id else None
    move = db.get(MeetingMove, row.move_id) if row.move_id else None
    if request is None or move is None:
        return None
    lines = select(MeetingMove).where(MeetingMove.request_id == request.id).order_by(col(MeetingMove.id))
    return _Case(row, request, move, list(db.exec(lines)))


def _is_void(case: _Case, now: datetime) -> bool:
    """Whether it reminds of a meeting that is no more, or has begun, or asks about another proposal."""
    if case.row.topic is Topic.REMINDER:
        latest = next((line for line in reversed(case.history) if changes_calendar(line)), None)
        has_begun = case.move.starts is None or case.move.starts <= now
        return has_begun or latest is not case.move
    return case.row.kind is MoveKind.PROPOSE and case.request.proposal != case.move.id


def _is_for_nothing(db: Session, case: _Case) -> bool:
    """Whether it tells staff of a request that was over before any answer, and before they were told.

    Nobody is told that a request came which is gone, nor that one is gone which they never heard of.
    """
    row = case.row
    is_to_staff = row.member_id is not None or row.channel is Channel.WEBHOOK
    was_answered = any(line.actor is Actor.STAFF and line.kind in ANSWERS for line in case.history)
    is_over = case.request.status in (RequestStatus.CANCELLED, RequestStatus.LAPSED)
    if not is_to_staff or was_answered or not is_over:
        return False
    return row.kind is MoveKind.ASK or (row.kind in ENDS_UNANSWERED and not _has_heard(db, row))


def _has_heard(db: Session, row: OutboxMessage) -> bool:
    """Whether this addressee was told something of the request before."""
    before = select(OutboxMessage.id).where(
        OutboxMessage.request_id == row.request_id,
        OutboxMessage.channel == row.channel,
        col(OutboxMessage.member_id).is_not_distinct_from(row.member_id),
        col(OutboxMessage.id) < row.id,
        col(OutboxMessage.sent_at).is_not(None),
    )
    return db.exec(before.limit(1)).first() is not None


def _for_channel(row: OutboxMessage, case: _Case | None) -> Told:
    """Tell the staff's channel; that something was erased is all that is known then."""
    said: dict[str, Any] = {}
    if case:
        said = {
            "organisation": case.request.organisation,
            "starts": case.move.starts,
            "ends": case.move.ends,
            "has_meeting": case.move.status is RequestStatus.ACCEPTED,
        }
    return _told(row, part=Part.MEMBER, language="en", link=_address(_INBOX), **said)


def _for_member(db: Session, case: _Case) -> Told | None:
    """Tell one of us; None to whom is one of us no more."""
    member = db.get_one(StaffMember, case.row.member_id)
    if member.disabled_at is not None:
        return None
    said = _said(case) | {
        "part": Part.MEMBER if member.id == case.move.member_id else Part.RELEASED,
        "language": language_of(member),
        "address": member.email,
        "link": _address(_INBOX),
        "who": member.name,
    }
    return _told(case.row, **said)


def _for_requester(db: Session, case: _Case) -> Told:
    """Tell who asked; the receipt holds nothing of what was written."""
    mine: dict[str, Any] = {
        "part": Part.REQUESTER,
        "language": case.request.language,
        "address": case.request.email,
        "link": _address(f"meet/{request_token(db, case.request)}"),
    }
    if case.row.topic is Topic.RECEIPT:
        return _told(case.row, **mine)
    with_whom = db.get(StaffMember, case.move.member_id) if case.move.starts else None
    mine["who"] = with_whom.name if with_whom else ""
    mine["words"] = case.move.words if case.move.actor is Actor.STAFF else ""
    mine["is_own"] = case.move.actor is Actor.DELEGATE
    return _told(case.row, **_said(case) | _invited(case), **mine)


def _invited(case: _Case) -> dict[str, Any]:
    """Say whether a proposal comes or goes as an entry, and what it says then."""
    if invites(case.move, case.before):
        return {"is_invited": case.row.topic is Topic.MOVE}
    if not withdraws(case.move, case.before):
        return {}
    line = next(line for line in reversed(case.before) if line.kind is MoveKind.PROPOSE)
    terms = {"starts": line.starts, "ends": line.ends, "place": line.place}
    return terms | {"is_invited": case.row.topic is Topic.MOVE}


def _said(case: _Case) -> dict[str, Any]:
    """Give what both sides are told of a move."""
    move = case.move
    return {
        "name": case.request.name,
        "organisation": case.request.organisation,
        "starts": move.starts,
        "ends": move.ends,
        "place": move.place,
        "had_meeting": any(map(changes_calendar, case.before)),
        "has_meeting": move.status is RequestStatus.ACCEPTED,
        "is_entry": case.row.topic is Topic.MOVE and changes_calendar(move),
        "uid": case.request.uid,
        "sequence": move.sequence,
        "at": move.at,
    }


def _told(row: OutboxMessage, **said: Any) -> Told:
    usual: dict[str, Any] = {"address": "", "at": row.created_at}
    return Told(topic=row.topic, kind=row.kind, message_id=row.message_id, dated=row.due_at, **(usual | said))


def _address(page: str) -> str:
    """Give a page's whole address; nothing where none is known."""
    root = settings().shared_url.rstrip("/")
    return f"{root}/{page}" if root else ""
