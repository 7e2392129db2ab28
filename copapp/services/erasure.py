"""Erases requests: by their link, by address, and all of them once the promised time is over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, and_, col, exists, or_, select, true

from copapp.models import (
    Attempt,
    Channel,
    Conference,
    Hold,
    MeetingMove,
    MeetingNote,
    MeetingReply,
    MeetingRequest,
    OutboxMessage,
    RequestStatus,
    Tombstone,
)
from copapp.services.abuse import count_taken_back
from copapp.services.moves import UnknownRequestError
from copapp.services.news import is_answered
from copapp.services.outbox import tell_erased
from copapp.services.senders import requests_of
from copapp.services.slots import midnight
from copapp.services.tokens import hash_of
from copapp.this_request import count_from_now

_IS_PENDING = col(MeetingRequest.status) == RequestStatus.PENDING
_AT_ONCE = 500  # names in one statement: databases bound them


def erase(db: Session, token: str, now: datetime, address: str | None = None) -> None:
    """Erase a request by its secret link; again is no error. Raises UnknownRequestError.

    `address` is where that came from, None for the command line.
    """
    hashed = hash_of(token)
    this = col(MeetingRequest.token_hash) == hashed
    was_held_back = db.exec(select(MeetingRequest.is_held_back).where(this, _IS_PENDING)).first()
    if was_held_back is not None:
        count_taken_back(db, address, now, was_held_back=was_held_back)
    was_told = _count_told(db, this)
    if erase_which(db, this):
        _tell(db, was_told, now)
    elif db.get(Tombstone, hashed) is None:
        raise UnknownRequestError


def erase_address(db: Session, email: str, now: datetime) -> int:
    """Erase every request of an e-mail address; says how many."""
    these = col(MeetingRequest.id).in_(requests_of(db, email))
    were_told = _count_told(db, these)
    erased = erase_which(db, these)
    _tell(db, were_told, now)
    return erased


def _count_told(db: Session, which: ColumnElement[bool]) -> int:
    """Count those that staff know of: they answered it, or their channel was told, or is just now.

    Of what was held back they are told nothing.
    """
    was_tried = exists().where(
        col(OutboxMessage.request_id) == MeetingRequest.id,
        col(OutboxMessage.channel) == Channel.WEBHOOK,
        col(OutboxMessage.attempts) > 0,
    )
    is_known = and_(~col(MeetingRequest.is_held_back), or_(is_answered(MeetingRequest.id), was_tried))
    return db.exec(select(func.count()).select_from(MeetingRequest).where(which, is_known)).one()


def _tell(db: Session, number: int, now: datetime) -> None:
    for _ in range(number):
        tell_erased(db, now)


def erases_at(given: Conference) -> datetime:
    """Give the instant from which nothing personal is kept: that many days after the last, at the venue."""
    return midnight(erased_on(given), given)


def erased_on(given: Conference) -> date:
    """Give the day, at the venue, with which that begins."""
    return given.ends + timedelta(days=given.retention_days)


def erase_due(db: Session, given: Conference, now: datetime) -> int:
    """Erase every request once the promised time is over; says how many."""
    return erase_all(db) if now >= erases_at(given) else 0


def has_due_erasure(db: Session, given: Conference, now: datetime) -> bool:
    """Whether the promised time is over and something is still kept."""
    tables = (MeetingRequest, OutboxMessage, MeetingReply)
    kept = (select(table.id).limit(1) for table in tables)
    return now >= erases_at(given) and any(db.exec(each).first() for each in kept)


def erase_all(db: Session) -> int:
    """Erase every request, what is still to be told of them, and what was counted against abuse."""
    erased = erase_which(db, true())
    for table in (OutboxMessage, MeetingReply, Attempt):
        db.exec(delete(table))
    return erased


def erase_many(db: Session, which: ColumnElement[bool], note: Callable[[int], None]) -> int:
    """Erase what may be very many, in bundles: each is committed, so that others can write between them.

    `note` writes down how many went with each: what stops half way is written down as far as it came. What
    meanwhile is none of these any more is spared, and what comes meanwhile; says how many were erased.
    """
    number = col(MeetingRequest.id)
    newest = db.exec(select(func.max(number))).one() or 0
    first = select(number).where(which, number <= newest).order_by(number).limit(_AT_ONCE)
    erased = 0
    while some := db.exec(first).all():
        gone = erase_which(db, and_(which, number.in_(some)))
        if gone:
            note(gone)
        db.commit()
        count_from_now()  # the next bundle waits for a turn of its own
        erased += gone
    return erased


def erase_which(db: Session, which: ColumnElement[bool]) -> int:
    """Erase these requests, that nobody else changes meanwhile; says how many.

    Of a row no more is read than what names it: what a newer version wrote there is erased as well.
    """
    named = select(MeetingRequest.id, MeetingRequest.token_hash).where(which).order_by(col(MeetingRequest.id))
    found = db.exec(named.with_for_update()).all()
    for first in range(0, len(found), _AT_ONCE):
        some = found[first : first + _AT_ONCE]
        numbers = [number for number, _ in some]
        for table in (OutboxMessage, MeetingNote, MeetingReply, Hold, MeetingMove):
            db.exec(delete(table).where(col(table.request_id).in_(numbers)))
        db.exec(delete(MeetingRequest).where(col(MeetingRequest.id).in_(numbers)))
        db.add_all(Tombstone(token_hash=token_hash) for _, token_hash in some)
        db.flush()
    return len(found)
