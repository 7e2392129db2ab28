"""The parts of every move: find the request, go by the table, write the line and its messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.domain.meetings import after
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind, RequestStatus, StaffMember, Tombstone
from copapp.services.holds import let_go
from copapp.services.outbox import tell
from copapp.services.tokens import hash_of


class NotAllowedError(PermissionError):
    """This person may not act for us: disabled, or not one of us."""


class UnknownRequestError(LookupError):
    """No request has that token or number."""


class MovedOnError(RuntimeError):
    """The request is no longer what was on the screen of who acts on it."""


class ErasedRequestError(LookupError):
    """There was such a request, and it was erased."""


def find(db: Session, token: str) -> MeetingRequest:
    """Give the request of a secret link, to look at. Raises UnknownRequestError or ErasedRequestError."""
    return _found(db, token, select(MeetingRequest))


def find_to_change(db: Session, token: str) -> MeetingRequest:
    """Give the request of a secret link, held until the end of the transaction; raises as `find`."""
    return _found(db, token, select(MeetingRequest).with_for_update())


def _found(db: Session, token: str, requests: SelectOfScalar[MeetingRequest]) -> MeetingRequest:
    found = db.exec(requests.where(MeetingRequest.token_hash == hash_of(token))).first()
    if found:
        return found
    if db.get(Tombstone, hash_of(token)):
        raise ErasedRequestError
    raise UnknownRequestError


def is_known_token(db: Session, token: str) -> bool:
    """Whether there is, or was, a request with that secret link."""
    try:
        return bool(find(db, token))
    except ErasedRequestError:
        return True
    except UnknownRequestError:
        return False


def request_by_id(db: Session, number: int) -> MeetingRequest:
    """Give a request, to look at. Raises UnknownRequestError."""
    return _numbered(db, number, select(MeetingRequest))


def request_to_change(db: Session, number: int) -> MeetingRequest:
    """Give a request, held until the end of the transaction. Raises UnknownRequestError."""
    return _numbered(db, number, select(MeetingRequest).with_for_update())


def _numbered(db: Session, number: int, requests: SelectOfScalar[MeetingRequest]) -> MeetingRequest:
    found = db.exec(requests.where(MeetingRequest.id == number)).first()
    if found is None:
        raise UnknownRequestError
    return found


def version(db: Session, request: MeetingRequest) -> int:
    """Give the number of the last line of a request's history: every move, by whomever, makes another."""
    lines = select(func.max(MeetingMove.id)).where(MeetingMove.request_id == request.id)
    return db.exec(lines).one() or 0


def write(
    db: Session,
    request: MeetingRequest,
    kind: MoveKind,
    actor: Actor,
    now: datetime,
    **said: Any,
) -> MeetingMove:
    """Write one line of history, and the messages that tell of it.

    What staff do to a request that was held back lets it in: its delegate is told.
    """
    request.is_held_back &= actor is not Actor.STAFF
    move = MeetingMove(
        request_id=request.id or 0,
        at=now,
        actor=actor,
        kind=kind,
        status=request.status,
        sequence=request.sequence,
        **{"member_id": request.member_id, **said},
    )
    request.updated_at = now
    db.add(move)
    db.add(request)
    db.flush()
    tell(db, request, move, now)
    return move


def go(request: MeetingRequest, kind: MoveKind, actor: Actor) -> None:
    """Take a step of the table. Raises MoveRefusedError."""
    request.status = after(request.status, kind, actor, is_held=request.is_held)


def close(request: MeetingRequest, kind: MoveKind, actor: Actor) -> None:
    """Take a step after which no proposal waits; one that was never agreed leaves calendars, too."""
    is_invited = request.status is not RequestStatus.PENDING and not request.is_held
    go(request, kind, actor)
    request.sequence += is_invited
    request.proposal = None


def agreed(request: MeetingRequest) -> dict[str, Any]:
    """Give the terms of the agreed meeting, if there is one."""
    given: dict[str, Any] = {
        "starts": request.starts,
        "ends": request.ends,
        "place": request.place,
        "room": request.room,
    }
    return given if request.is_held else {}


def call_off(db: Session, request: MeetingRequest, actor: Actor, now: datetime, **said: Any) -> None:
    """Cancel a request, and the meeting if one is agreed: its time is free again."""
    close(request, MoveKind.CANCEL, actor)
    meeting = agreed(request)
    request.sequence += request.is_held
    request.is_held = False
    let_go(db, request)
    write(db, request, MoveKind.CANCEL, actor, now, **meeting, **said)


def require_active(db: Session, member_id: int | None) -> int:
    """Give the number of a staff member who may act or be met. Raises NotAllowedError."""
    member = db.get(StaffMember, member_id) if member_id else None
    if member is None or member.id is None or member.disabled_at is not None:
        raise NotAllowedError
    return member.id
