"""Writes what is to be told, in the transaction of the change it tells of, and says what waits.

`delivery` sends it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import Session, col, exists, or_, select

from copapp.domain.telling import ANSWERS, Notice, Story, changes_calendar, notices, withdraws
from copapp.models import (
    Actor,
    Attempt,
    Channel,
    MeetingMove,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    Topic,
)
from copapp.notify.unsent import Reason
from copapp.services.abuse import count_attempts
from copapp.services.channels import mail_in_force, webhook_in_force
from copapp.services.delivery import deliver_due
from copapp.services.news import NEWS_WAITS, is_answered, is_news
from copapp.services.tokens import keyed_hash
from copapp.settings import settings

__all__ = ["Waiting", "deliver_due", "tell", "tell_erased", "waiting"]

RECEIPTS_TO_ONE_DOMAIN = 40

_RECEIPT, _RECEIPT_TO_DOMAIN = "receipt", "receipt to domain"
_NEWS = "news"
_ONE_RECEIPT_IN = timedelta(days=1)
_NEWS_AT_ONCE = 3


def tell(db: Session, request: MeetingRequest, move: MeetingMove, now: datetime) -> None:
    """Write the messages that tell of a move, and take back the reminders that it makes void.

    Of a request that is held back nothing is told to anybody.
    """
    if request.is_held_back:
        return
    if changes_calendar(move):
        _take_back_reminders(db, request)
    story = _story(db, request, move, now)
    for notice in notices(move, story):
        if notice.topic is Topic.RECEIPT:
            _count_receipt(db, request, now)
        is_one = is_news(notice, move.kind, is_answered=story.is_answered)
        told = _with_others(db, notice, now) if is_one else notice
        db.add(_message(told, move.kind, request.uid.rpartition("@")[2], now, request.id, move.id))
    db.flush()


def tell_erased(db: Session, now: datetime) -> None:
    """Tell the staff's channel that a request was erased, and not whose."""
    told = _with_others(db, Notice(Channel.WEBHOOK, Topic.MOVE, now), now)
    db.add(_message(told, MoveKind.ERASE, "copapp", now))
    db.flush()


def tell_release(db: Session, number: int, concerned: list[MeetingRequest], now: datetime) -> None:
    """Write what tells of a release: to those whose event it changes, and to the staff's channel."""
    mail, channel = (Notice(each, Topic.RELEASE, now) for each in (Channel.MAIL, Channel.WEBHOOK))
    for request in concerned:
        message = _message(mail, None, request.uid.rpartition("@")[2], now, request.id)
        message.release = number
        db.add(message)
    message = _message(channel, None, "copapp", now)
    message.release = number
    db.add(message)
    db.flush()


@dataclass(frozen=True)
class Waiting:
    """How many messages wait to be sent, and why in one word (`notify.unsent.Reason`); "" if none does."""

    count: int
    reason: str


def waiting(db: Session) -> Waiting:
    """Count what has not gone out yet, and say why the latest of it did not.

    A reminder waits for its time, which is no trouble; a staff channel that nobody set up is not missed.
    """
    missed = [Channel.MAIL, *([Channel.WEBHOOK] if webhook_in_force(db) else [])]
    unsent = (
        select(OutboxMessage.error)
        .where(
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.channel).in_(missed),
            or_(col(OutboxMessage.topic) != Topic.REMINDER, col(OutboxMessage.error) != ""),
        )
        .order_by(col(OutboxMessage.claimed_until), col(OutboxMessage.id))
    )
    errors = db.exec(unsent).all()
    if not errors:
        return Waiting(0, "")
    if mail_in_force(db) is None:
        return Waiting(len(errors), Reason.NOT_SET_UP)
    latest = next((each for each in reversed(errors) if each), "")
    return Waiting(len(errors), latest.partition(":")[0] or Reason.QUEUED)


def _message(
    notice: Notice,
    kind: MoveKind | None,
    domain: str,
    now: datetime,
    request_id: int | None = None,
    move_id: int | None = None,
) -> OutboxMessage:
    return OutboxMessage(
        **vars(notice),
        request_id=request_id,
        move_id=move_id,
        kind=kind,
        message_id=f"<{uuid4()}@{domain}>",
        created_at=now,
    )


def _story(db: Session, request: MeetingRequest, move: MeetingMove, now: datetime) -> Story:
    if move.kind is MoveKind.ASK:
        return Story(has_receipt=_has_receipt(db, request, now))
    before = select(MeetingMove).where(MeetingMove.request_id == request.id, col(MeetingMove.id) < move.id)
    lines = db.exec(before.order_by(col(MeetingMove.id))).all()
    return Story(
        is_answered=any(each.actor is Actor.STAFF and each.kind in ANSWERS for each in lines),
        is_withdrawn=bool(settings().imap_url) and withdraws(move, lines),
        had=next((each.member_id for each in reversed(lines) if _gives(each)), None),
    )


def _gives(move: MeetingMove) -> bool:
    """Whether a move told one of us that the request is theirs: agreed, or handed over."""
    return changes_calendar(move) or move.kind is MoveKind.REASSIGN


def _with_others(db: Session, notice: Notice, now: datetime) -> Notice:
    """Let news wait a little where the same addressee got some just now: `delivery` tells it together.

    It is counted apart from the messages: those go with a request that is erased.
    """
    key = f"{_NEWS} {notice.channel} {notice.member_id or ''}"
    is_much = count_attempts(db, now, _NEWS, key, NEWS_WAITS) >= _NEWS_AT_ONCE
    db.add(Attempt(kind=_NEWS, key=key, at=now))
    return replace(notice, due_at=now + NEWS_WAITS) if is_much else notice


def _has_receipt(db: Session, request: MeetingRequest, now: datetime) -> bool:
    """Whether to send none.

    One went to this mailbox today, erased or not, or for a request that still waits for an answer; or many
    went to this domain just now.
    """
    mailbox, domain = _receipt_keys(db, request)
    today = count_attempts(db, now, _RECEIPT, mailbox, _ONE_RECEIPT_IN)
    lately = count_attempts(db, now, _RECEIPT_TO_DOMAIN, domain)
    has_one = exists().where(
        col(OutboxMessage.topic) == Topic.RECEIPT,
        col(OutboxMessage.request_id) == MeetingRequest.id,
    )
    waiting = select(MeetingRequest.id).where(
        MeetingRequest.mailbox == request.mailbox, has_one, ~is_answered(MeetingRequest.id)
    )
    return today > 0 or lately >= RECEIPTS_TO_ONE_DOMAIN or db.exec(waiting.limit(1)).first() is not None


def _count_receipt(db: Session, request: MeetingRequest, now: datetime) -> None:
    for kind, key in zip((_RECEIPT, _RECEIPT_TO_DOMAIN), _receipt_keys(db, request), strict=True):
        db.add(Attempt(kind=kind, key=key, at=now))


def _receipt_keys(db: Session, request: MeetingRequest) -> tuple[str, str]:
    domain = request.mailbox.rpartition("@")[2]
    return keyed_hash(db, "recipient", request.mailbox), keyed_hash(db, "domain", domain)


def _take_back_reminders(db: Session, request: MeetingRequest) -> None:
    db.exec(
        delete(OutboxMessage).where(
            col(OutboxMessage.request_id) == request.id,
            col(OutboxMessage.topic) == Topic.REMINDER,
            col(OutboxMessage.sent_at).is_(None),
        )
    )
