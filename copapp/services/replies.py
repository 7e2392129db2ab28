"""Takes what calendar programs answer to invitations: as the delegate's button would, or not at all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from copapp.domain.mail_address import comparable
from copapp.domain.meetings import MoveRefusedError, TermsError
from copapp.domain.reply import Act, Answer, Reply, ReplyError, Standing, Unclear, meaning
from copapp.interop.itip_reply import read_reply
from copapp.models import MeetingMove, MeetingReply, MeetingRequest, StaffMember
from copapp.services.answers import SupersededError, answer_accept, answer_decline, cancel_by_delegate
from copapp.services.audit import note
from copapp.services.holds import SlotTakenError
from copapp.services.moves import UnknownRequestError, require_active
from copapp.services.tokens import keyed_hash, request_token

_UNREADABLE = frozenset({Unclear.BROKEN, Unclear.SEVERAL, Unclear.NO_ANSWER})
_MOST_UNREADABLE = 10


@dataclass(frozen=True)
class Outcome:
    """What became of a reply: what it did, or why it did nothing; `request_id` where it is one of ours."""

    act: Act | None
    reason: Unclear | None
    request_id: int | None = None
    is_repeated: bool = False


def take_reply(db: Session, content: bytes, now: datetime) -> Outcome:
    """Follow a reply (a mail, or a calendar file); the same one again changes nothing."""
    try:
        reply = read_reply(content)
    except ReplyError as error:
        return Outcome(None, error.reason)
    request = db.exec(select(MeetingRequest).where(MeetingRequest.uid == reply.uid).with_for_update()).first()
    if request is None:
        return Outcome(None, Unclear.UNKNOWN)
    if reply.answer is Answer.ACCEPTED and comparable(reply.attendee) in _ours(db):
        return Outcome(Act.NOTHING, None, request.id)
    digest = keyed_hash(db, "reply", repr(reply))
    if before := db.exec(select(MeetingReply).where(MeetingReply.digest == digest)).first():
        return _told(before, is_repeated=True)
    said = meaning(reply, _standing(db, request))
    if isinstance(said, Act):
        said = _follow(db, request, said, now)
    return _told(_remember(db, request, reply, digest, said, now))


def paste_reply(db: Session, by: StaffMember, content: bytes, now: datetime) -> Outcome:
    """Follow a reply that one of us was given, by the same rules. Raises NotAllowedError."""
    require_active(db, by.id)
    outcome = take_reply(db, content, now)
    if outcome.act and not outcome.is_repeated:
        note(db, by, "paste_reply", str(outcome.request_id), now)
    return outcome


def keep_unreadable(db: Session, content: bytes, reason: Unclear, now: datetime) -> None:
    """Show staff that a reply came that nobody can read, once, and only so many."""
    digest = keyed_hash(db, "reply", keyed_hash(db, "mail", content.hex()))
    kept = (
        select(func.count())
        .select_from(MeetingReply)
        .where(col(MeetingReply.request_id).is_(None), col(MeetingReply.seen_at).is_(None))
    )
    is_known = db.exec(select(MeetingReply.id).where(MeetingReply.digest == digest)).first()
    if reason in _UNREADABLE and not is_known and db.exec(kept).one() < _MOST_UNREADABLE:
        db.add(MeetingReply(digest=digest, at=now, reason=reason))
        db.flush()


def unclear_replies(db: Session) -> list[tuple[MeetingReply, MeetingRequest | None]]:
    """List what nobody of us has looked at, the newest first, each with its request."""
    wanted = (
        select(MeetingReply, MeetingRequest)
        .join(MeetingRequest, isouter=True)
        .where(MeetingReply.reason != "", col(MeetingReply.seen_at).is_(None))
    )
    return list(db.exec(wanted.order_by(col(MeetingReply.at).desc(), col(MeetingReply.id).desc())))


def mark_seen(db: Session, by: StaffMember, number: int, now: datetime) -> None:
    """Take a line from the list: one of us has looked at it. No-op where it is gone."""
    require_active(db, by.id)
    found = db.get(MeetingReply, number)
    if found and found.seen_at is None:
        found.seen_at = now
        db.add(found)


def _ours(db: Session) -> set[str]:
    """List our own addresses: that a colleague's calendar takes an entry is no answer to anything."""
    return {comparable(each) for each in db.exec(select(StaffMember.email)).all()}


def _standing(db: Session, request: MeetingRequest) -> Standing:
    """Say what the request's calendar entry says now: the proposal while nothing is agreed."""
    line = db.get(MeetingMove, request.proposal) if request.proposal and not request.is_held else None
    followed = select(func.max(MeetingReply.stamped)).where(
        MeetingReply.request_id == request.id, MeetingReply.act != ""
    )
    return Standing(
        email=request.email,
        status=request.status,
        sequence=request.sequence,
        is_held=request.is_held,
        starts=line.starts if line else request.starts,
        stamped=db.exec(followed).one(),
    )


def _follow(db: Session, request: MeetingRequest, act: Act, now: datetime) -> Act | Unclear:
    """Do what the delegate's button would do; where it would be refused, say why."""
    token = request_token(db, request)
    try:
        if act is Act.ACCEPT:
            answer_accept(db, token, request.proposal or 0, now)
        elif act is Act.DECLINE:
            answer_decline(db, token, request.proposal or 0, now)
        elif act is Act.CANCEL:
            cancel_by_delegate(db, token, now)
    except SlotTakenError:
        return Unclear.TAKEN
    except TermsError:
        return Unclear.PAST
    except (SupersededError, MoveRefusedError, UnknownRequestError):
        return Unclear.NOT_INVITED
    return act


def _remember(
    db: Session, request: MeetingRequest, reply: Reply, digest: str, said: Act | Unclear, now: datetime
) -> MeetingReply:
    """Keep that it came; a stale one is no work for staff, words beside an answer are.

    What is the same trouble with the same request stands in the list once: the latest.
    """
    is_act, is_stale = isinstance(said, Act), said is Unclear.STALE
    to_read = Unclear.COMMENT if is_act and reply.has_comment else ""
    made = MeetingReply(
        digest=digest,
        request_id=request.id,
        at=now,
        stamped=reply.stamped,
        act=said if is_act else "",
        reason=to_read if is_act else said,
        starts=reply.starts if said is Unclear.COUNTER else None,
        seen_at=now if is_stale else None,
    )
    before = update(MeetingReply).where(
        col(MeetingReply.request_id) == request.id,
        col(MeetingReply.reason) == made.reason,
        col(MeetingReply.seen_at).is_(None),
    )
    db.exec(before.values(seen_at=now))
    db.add(made)
    db.flush()
    return made


def _told(kept: MeetingReply, *, is_repeated: bool = False) -> Outcome:
    act = Act(kept.act) if kept.act else None
    reason = Unclear(kept.reason) if kept.reason else None
    return Outcome(act, reason, kept.request_id, is_repeated)
