"""A delegate's answers, by the secret link of the request. Each may be repeated after a lost reply."""

from datetime import datetime

from sqlmodel import Session, col, select

from copapp.domain.meetings import Terms
from copapp.domain.slots import SlotState, find_slot
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind, RequestStatus
from copapp.services.abuse import count_taken_back
from copapp.services.asking import WishError
from copapp.services.holds import agree
from copapp.services.moves import agreed, call_off, close, find_to_change, go, write
from copapp.services.slots import offer


class SupersededError(ValueError):
    """Another proposal has taken the place of the one that was answered."""


def _proposal(db: Session, request: MeetingRequest, number: int) -> MeetingMove:
    if request.proposal != number or request.status is not RequestStatus.PROPOSED:
        raise SupersededError
    return db.get_one(MeetingMove, number)


def answer_accept(db: Session, token: str, proposal: int, now: datetime) -> MeetingRequest:
    """Take what staff proposed; repeated, it changes nothing. Raises SupersededError, SlotTakenError."""
    request = find_to_change(db, token)
    if _is_repeated(db, request, proposal):
        return request
    line = _proposal(db, request, proposal)
    if line.starts is None or line.ends is None or line.member_id is None:
        raise SupersededError
    terms = Terms(line.starts, line.ends, line.member_id, line.place, line.room)
    agree(db, request, terms, Actor.DELEGATE, now)
    write(db, request, MoveKind.ACCEPT, Actor.DELEGATE, now, **vars(terms))
    return request


def _is_repeated(db: Session, request: MeetingRequest, proposal: int) -> bool:
    """Whether the delegate has accepted this proposal already: the answer was lost on its way."""
    later = db.exec(
        select(MeetingMove)
        .where(MeetingMove.request_id == request.id, col(MeetingMove.id) > proposal)
        .order_by(col(MeetingMove.id))
    ).first()
    return (
        request.status is RequestStatus.ACCEPTED
        and later is not None
        and (later.kind, later.actor) == (MoveKind.ACCEPT, Actor.DELEGATE)
    )


def answer_counter(
    db: Session, token: str, proposal: int, starts: datetime, now: datetime, words: str = ""
) -> MeetingRequest:
    """Propose another of the offered slots instead. Raises SupersededError, WishError."""
    request = find_to_change(db, token)
    _proposal(db, request, proposal)
    slot = find_slot(offer(db, now).slots, starts)
    if slot is None or slot.state is SlotState.UNAVAILABLE:
        raise WishError("slot", "unavailable" if slot else "unknown")
    go(request, MoveKind.COUNTER, Actor.DELEGATE)
    line = {"starts": slot.span.starts, "ends": slot.span.ends, "words": words}
    request.proposal = write(db, request, MoveKind.COUNTER, Actor.DELEGATE, now, **line).id
    return request


def answer_decline(db: Session, token: str, proposal: int, now: datetime) -> MeetingRequest:
    """Refuse what staff proposed; an agreed meeting stands as it was. Raises SupersededError."""
    request = find_to_change(db, token)
    _proposal(db, request, proposal)
    close(request, MoveKind.DECLINE, Actor.DELEGATE)
    write(db, request, MoveKind.DECLINE, Actor.DELEGATE, now, **agreed(request))
    return request


def cancel_by_delegate(db: Session, token: str, now: datetime, address: str | None = None) -> MeetingRequest:
    """Take a request or a meeting back; twice is no error. Raises MoveRefusedError when it is closed.

    `address` is where that came from, None for a mail.
    """
    request = find_to_change(db, token)
    if request.status is RequestStatus.PENDING:
        count_taken_back(db, address, now, was_held_back=request.is_held_back)
    if request.status is not RequestStatus.CANCELLED:
        call_off(db, request, Actor.DELEGATE, now)
    return request
