"""What staff do with a request. Each raises UnknownRequestError, NotAllowedError, MoveRefusedError.

`seen` is the version of the request (`moves.version`) that was on the screen: of another, nothing is done
(MovedOnError). It is None only for who looked within the same transaction.
"""

from datetime import datetime

from sqlmodel import Session

from copapp.domain.meetings import Terms, TermsError, check_times
from copapp.models import (
    Actor,
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    MoveKind,
    RequestStatus,
    StaffMember,
)
from copapp.services.holds import agree, hold
from copapp.services.moves import (
    MovedOnError,
    agreed,
    call_off,
    close,
    go,
    request_to_change,
    require_active,
    version,
    write,
)


def accept(
    db: Session, number: int, by: StaffMember, terms: Terms, now: datetime, *, seen: int | None = None
) -> MeetingRequest:
    """Agree to a request; of a delegate's proposal, to the time that it names.

    Raises TermsError too, and SlotTakenError with what took the time.
    """
    request = _request(db, number, by, seen)
    require_active(db, terms.member_id)
    if request.status is RequestStatus.COUNTERED:
        _require_their_time(db, request, terms)
    agree(db, request, terms, Actor.STAFF, now)
    write(db, request, MoveKind.ACCEPT, Actor.STAFF, now, staff_id=by.id, **vars(terms))
    return request


def propose(
    db: Session,
    number: int,
    by: StaffMember,
    terms: Terms,
    now: datetime,
    words: str = "",
    *,
    seen: int | None = None,
) -> MeetingRequest:
    """Propose a time; an agreed one stays held until the delegate answers."""
    request = _request(db, number, by, seen)
    require_active(db, terms.member_id)
    check_times(terms.starts, terms.ends, now)
    is_invited = request.status is not RequestStatus.PENDING
    go(request, MoveKind.PROPOSE, Actor.STAFF)
    if not request.is_held:
        # Calendars show what is agreed; until something is, each proposal is an entry that can be answered.
        request.sequence += is_invited
        request.member_id = terms.member_id
    said = vars(terms) | {"staff_id": by.id, "words": words}
    move = write(db, request, MoveKind.PROPOSE, Actor.STAFF, now, **said)
    request.proposal = move.id
    return request


def decline(
    db: Session, number: int, by: StaffMember, now: datetime, words: str = "", *, seen: int | None = None
) -> MeetingRequest:
    """Decline a request, or the delegate's wish to move an agreed meeting, which then stands."""
    request = _request(db, number, by, seen)
    close(request, MoveKind.DECLINE, Actor.STAFF)
    write(db, request, MoveKind.DECLINE, Actor.STAFF, now, staff_id=by.id, words=words, **agreed(request))
    return request


def cancel(
    db: Session, number: int, by: StaffMember, now: datetime, words: str = "", *, seen: int | None = None
) -> MeetingRequest:
    """Call an agreed meeting off."""
    request = _request(db, number, by, seen)
    call_off(db, request, Actor.STAFF, now, staff_id=by.id, words=words)
    return request


def reassign(
    db: Session,
    number: int,
    by: StaffMember,
    member_id: int,
    now: datetime,
    words: str = "",
    *,
    seen: int | None = None,
) -> MeetingRequest:
    """Hand a request to a colleague, with what it holds. `words` are for the colleague."""
    request = _request(db, number, by, seen)
    require_active(db, member_id)
    go(request, MoveKind.REASSIGN, Actor.STAFF)
    if request.is_held and request.starts and request.ends:
        hold(db, request, Terms(request.starts, request.ends, member_id))
        request.sequence += 1
    request.member_id = member_id
    said = agreed(request) | {"staff_id": by.id}
    write(db, request, MoveKind.REASSIGN, Actor.STAFF, now, **said)
    if words:
        note(db, number, by, words, now)
    return request


def note(
    db: Session, number: int, by: StaffMember, text: str, now: datetime, *, seen: int | None = None
) -> MeetingNote:
    """Keep what staff tell each other."""
    request = _request(db, number, by, seen)
    made = MeetingNote(request_id=request.id or 0, staff_id=by.id or 0, at=now, text=text.strip())
    db.add(made)
    db.flush()
    return made


def _request(db: Session, number: int, by: StaffMember, seen: int | None) -> MeetingRequest:
    """Find the request for one of us who may still act: the guard at the door is not the only one."""
    require_active(db, by.id)
    request = request_to_change(db, number)
    if seen is not None and seen != version(db, request):
        raise MovedOnError
    return request


def _require_their_time(db: Session, request: MeetingRequest, terms: Terms) -> None:
    """Refuse to agree for the delegate to a time that the delegate has just replaced by another."""
    line = db.get(MeetingMove, request.proposal) if request.proposal else None
    if line is None or line.starts != terms.starts:
        raise TermsError("not_theirs")
