"""Erases requests: by their link, by address, and all of them once the promised time is over."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.models import (
    Attempt,
    Conference,
    Hold,
    MeetingMove,
    MeetingNote,
    MeetingReply,
    MeetingRequest,
    OutboxMessage,
    Tombstone,
)
from copapp.services.moves import ErasedRequestError, find_to_change
from copapp.services.outbox import tell_erased
from copapp.services.slots import midnight


def erase(db: Session, token: str, now: datetime) -> None:
    """Erase a request by its secret link; again is no error. Raises UnknownRequestError."""
    try:
        request = find_to_change(db, token)
    except ErasedRequestError:
        return
    _erase(db, request)
    tell_erased(db, now)


def erase_address(db: Session, email: str, now: datetime) -> int:
    """Erase every request of an e-mail address; says how many."""
    theirs = func.lower(MeetingRequest.email) == email.strip().lower()
    found = db.exec(_held_until_the_end().where(theirs)).all()
    for request in found:
        _erase(db, request)
        tell_erased(db, now)
    return len(found)


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
    found = db.exec(_held_until_the_end()).all()
    for request in found:
        _erase(db, request)
    db.exec(delete(OutboxMessage))
    db.exec(delete(MeetingReply))
    db.exec(delete(Attempt))
    return len(found)


def _held_until_the_end() -> SelectOfScalar[MeetingRequest]:
    """Select requests that nobody else changes meanwhile: nothing new may point at what goes."""
    return select(MeetingRequest).order_by(col(MeetingRequest.id)).with_for_update()


def _erase(db: Session, request: MeetingRequest) -> None:
    for table in (OutboxMessage, MeetingNote, MeetingReply, Hold):
        db.exec(delete(table).where(col(table.request_id) == request.id))
    db.exec(delete(MeetingMove).where(col(MeetingMove.request_id) == request.id))
    db.add(Tombstone(token_hash=request.token_hash))
    db.delete(request)
    db.flush()
