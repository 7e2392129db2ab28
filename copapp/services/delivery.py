"""Delivers what the outbox holds: each message at least once, and while its sender lives only once."""

import logging
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, case, delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, not_, or_, select

from copapp.database import reading, writing
from copapp.logs import fault
from copapp.models import Channel, OutboxMessage, Topic
from copapp.notify import mail, webhook
from copapp.notify.told import Host, Told, together
from copapp.notify.unsent import STOPS_CHANNEL, Reason, UnsentError
from copapp.services.channels import Webhook, in_force, place_of, post
from copapp.services.known import can_be_told
from copapp.services.letterbox import host_of, read_told
from copapp.services.news import are_news, are_same_news
from copapp.services.waits import is_over

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""How long a sender has a message for itself: longer than all its waits for a server together."""

_ONE_RUN = 50
_MOST_NEWS = 500
_MOST_REFUSALS = 5
_SOON, _SOONEST_REFUSED = timedelta(seconds=30), timedelta(hours=1)
_LATEST, _LATEST_REFUSED = timedelta(minutes=10), timedelta(days=1)
_LONGEST_ERROR = 200
_random = SystemRandom()


@dataclass(frozen=True)
class _Claim:
    """One message that is ours to send until `until`; news of several requests is one message of many rows.

    Rows are named by their Message-ID: SQLite gives the number of one that was taken out to the next.
    """

    message_ids: tuple[str, ...]
    channel: Channel
    until: datetime
    attempts: int


def deliver_due(now: datetime) -> int:
    """Send what is due and free, at most a bundle; says how many went out. Blocks: run it in a thread.

    Opens its own short transactions, and none while it sends. Where a channel is not set up, its messages
    wait untouched; where one does not answer, its others are left for the next time.
    """
    started = time.monotonic()
    with reading() as db:
        force = in_force(db)
    channels: AbstractSet[Channel] = force.channels
    sent = 0
    with ExitStack() as stack:
        postman = None
        if force.mail:
            postman = stack.enter_context(mail.Postman(force.mail, partial(place_of, force.mail)))
        for _ in range(_ONE_RUN):
            at = now + timedelta(seconds=time.monotonic() - started)
            claim = _claim(channels, at)
            if claim is None:
                break
            try:
                sent += _deliver(claim, _Way(postman, force.webhook), at)
            except UnsentError as error:
                _put_off(claim, error, at)
                channels -= {claim.channel} if error.reason in STOPS_CHANNEL else set()
    return sent


def _claim(channels: AbstractSet[Channel], at: datetime) -> _Claim | None:
    """Take the next message for ourselves: of several who try, the database lets one."""
    while (number := _next(channels, at)) is not None:
        with writing() as db:
            taken = update(OutboxMessage).where(col(OutboxMessage.id) == number, _is_free(at))
            lease = {"claimed_until": at + LEASE, "attempts": OutboxMessage.attempts + 1}
            if db.exec(taken.values(lease)).rowcount == 1:
                found = db.get_one(OutboxMessage, number)
                together = (found.message_id, *_claim_more_news(db, found, lease, at))
                return _Claim(together, found.channel, at + LEASE, found.attempts)
    return None


def _claim_more_news(db: Session, first: OutboxMessage, lease: dict[str, Any], at: datetime) -> Sequence[str]:
    """Take what else is the same news for the same addressee, due or not yet; gives its Message-IDs.

    What goes before one of these to the same addressee may be on its way just now: it is waited for.
    """
    this = select(OutboxMessage.id).where(col(OutboxMessage.id) == first.id, are_news(OutboxMessage))
    if db.exec(this).first() is None:
        return ()
    more = select(OutboxMessage.message_id).where(
        are_same_news(OutboxMessage, first),
        col(OutboxMessage.id) != first.id,
        _is_unclaimed(at),
        can_be_told(OutboxMessage),
        not_(_has_one_before()),
    )
    oldest = more.order_by(col(OutboxMessage.id)).limit(_MOST_NEWS)
    found = db.exec(oldest.with_for_update(skip_locked=True, of=OutboxMessage)).all()
    db.exec(update(OutboxMessage).where(col(OutboxMessage.message_id).in_(found)).values(lease))
    return found


def _next(channels: AbstractSet[Channel], at: datetime) -> int | None:
    """Give the next message that is due and free, after those before it to the same addressee.

    Answers go first, receipts last: people wait for the ones, and a flood makes the others. What only a newer
    version can tell is left to it, and holds nothing up.
    """
    if not channels:
        return None
    due = select(OutboxMessage.id).where(
        col(OutboxMessage.channel).in_(channels),
        _is_free(at),
        can_be_told(OutboxMessage),
        not_(_has_one_before()),
    )
    with reading() as db:
        return db.exec(
            due.order_by(_rank(), col(OutboxMessage.due_at), col(OutboxMessage.id)).limit(1)
        ).first()


def _rank() -> ColumnElement[int]:
    later = aliased(OutboxMessage)
    is_receipt = col(OutboxMessage.topic) == Topic.RECEIPT
    holds_up_an_answer = exists().where(
        col(later.request_id) == OutboxMessage.request_id,
        col(later.channel) == Channel.MAIL,
        col(later.member_id).is_(None),
        col(later.id) > OutboxMessage.id,
        col(later.topic) != Topic.REMINDER,
        col(later.sent_at).is_(None),
    )
    is_to_people = and_(col(OutboxMessage.channel) == Channel.MAIL, col(OutboxMessage.member_id).is_(None))
    return case((is_receipt, case((holds_up_an_answer, 0), else_=2)), (is_to_people, 0), else_=1)


def _is_free(at: datetime) -> ColumnElement[bool]:
    return and_(or_(col(OutboxMessage.due_at) <= at, _was_written_ahead(at)), _is_unclaimed(at))


def _is_unclaimed(at: datetime) -> ColumnElement[bool]:
    return and_(
        col(OutboxMessage.sent_at).is_(None),
        or_(
            col(OutboxMessage.claimed_until).is_(None),
            is_over(OutboxMessage.claimed_until, at, _LATEST_REFUSED),
        ),
        not_(and_(_is_refused(OutboxMessage), col(OutboxMessage.attempts) >= _MOST_REFUSALS)),
    )


def _was_written_ahead(at: datetime) -> ColumnElement[bool]:
    """Whether a message that is due at once was written while the clock was ahead."""
    return and_(col(OutboxMessage.topic) != Topic.REMINDER, col(OutboxMessage.created_at) > at)


def _is_refused(table: type[OutboxMessage]) -> ColumnElement[bool]:
    return col(table.error).startswith(Reason.REFUSED)


def _has_one_before() -> ColumnElement[bool]:
    before = aliased(OutboxMessage)
    return exists().where(
        col(before.request_id) == OutboxMessage.request_id,
        col(before.channel) == OutboxMessage.channel,
        col(before.member_id).is_not_distinct_from(OutboxMessage.member_id),
        col(before.id) < OutboxMessage.id,
        col(before.topic) != Topic.REMINDER,
        col(before.sent_at).is_(None),
        not_(_is_refused(before)),
        can_be_told(before),
    )


@dataclass(frozen=True)
class _Way:
    """By what messages go out now."""

    postman: mail.Postman | None
    webhook: Webhook | None


def _deliver(claim: _Claim, way: _Way, at: datetime) -> int:
    """Make the message and send it. Raises UnsentError; takes what is void out of the box.

    Of news told together, one that cannot be read is put off by itself.
    """
    told: dict[str, Told | None] = {}
    with reading() as db:
        host = host_of(db)
        unread = []
        for row in db.exec(select(OutboxMessage).where(_is(claim)).order_by(col(OutboxMessage.id))).all():
            try:
                told[row.message_id] = _read(db, row, at)
            except UnsentError as error:
                unread.append((replace(claim, message_ids=(row.message_id,)), error))
    for alone, why in unread:
        _put_off(alone, why, at)
    claim = replace(claim, message_ids=tuple(told))
    if void := [message_id for message_id, each in told.items() if each is None]:
        with writing() as db:
            db.exec(delete(OutboxMessage).where(col(OutboxMessage.message_id).in_(void)))
    if not (live := [each for each in told.values() if each]):
        return 0
    # A crash from here on repeats this message, with the same Message-ID.
    _send(claim.channel, way, together(live), host)
    with writing() as db:
        sent = {"sent_at": at, "claimed_until": None, "error": ""}
        db.exec(update(OutboxMessage).where(_is(claim)).values(sent))
    return 1


def _read(db: Session, row: OutboxMessage, at: datetime) -> Told | None:
    """Read what a message tells. One that cannot be read waits, perhaps for a newer version."""
    try:
        return read_told(db, row, at)
    except SQLAlchemyError:
        raise
    except Exception as error:
        logger.error("A message cannot be read: %s", fault(error))  # noqa: TRY400 - its own text may quote people
        raise UnsentError(Reason.DELAYED, type(error).__name__) from error


def _is(claim: _Claim) -> ColumnElement[bool]:
    return col(OutboxMessage.message_id).in_(claim.message_ids)


def _send(channel: Channel, way: _Way, told: Told, host: Host) -> None:
    """Make the message and hand it over. One that cannot be made must not hold up the others."""
    try:
        if channel is Channel.MAIL and way.postman:
            way.postman.send(mail.mail(told, host))
        elif channel is Channel.WEBHOOK and way.webhook:
            post(way.webhook, webhook.body(told, host))
    except UnsentError:
        raise
    except Exception as error:
        logger.error("A message cannot be made: %s", fault(error))  # noqa: TRY400 - its own text may quote people
        raise UnsentError(Reason.REFUSED, type(error).__name__) from error


def _put_off(claim: _Claim, error: UnsentError, at: datetime) -> None:
    """Free the message for later: soon at first, then ever more slowly, and not all at once."""
    is_refused = error.reason is Reason.REFUSED
    first, last = (_SOONEST_REFUSED, _LATEST_REFUSED) if is_refused else (_SOON, _LATEST)
    wait = min(first * 2 ** min(claim.attempts - 1, 20), last) * _random.uniform(0.5, 1)
    ours = update(OutboxMessage).where(_is(claim), col(OutboxMessage.claimed_until) == claim.until)
    with writing() as db:
        db.exec(ours.values({"claimed_until": at + wait, "error": str(error)[:_LONGEST_ERROR]}))
