"""What staff do with a request. Each raises UnknownRequestError, NotAllowedError, MoveRefusedError."""

from datetime import datetime

from sqlmodel import Session

from copapp.domain.meetings import Terms, check_times
from copapp.models import Actor, MeetingNote, MeetingRequest, MoveKind, RequestStatus, StaffMember
from copapp.services.holds import agree, hold
from copapp.services.moves import agreed, call_off, close, go, request_by_id, require_active, write


def accept(db: Session, number: int, by: StaffMember, terms: Terms, now: datetime) -> MeetingRequest:
    """Agree to a request. Raises TermsError too, and SlotTakenError with what took the time."""
    request = _request(db, number, by)
    require_active(db, terms.member_id)
    agree(db, request, terms, Actor.STAFF, now)
    write(db, request, MoveKind.ACCEPT, Actor.STAFF, now, staff_id=by.id, **vars(terms))
    return request


def propose(
    db: Session, number: int, by: StaffMember, terms: Terms, now: datetime, words: str = ""
) -> MeetingRequest:
    """Propose a time; an agreed one stays held until the delegate answers."""
    request = _request(db, number, by)
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


def decline(db: Session, number: int, by: StaffMember, now: datetime, words: str = "") -> MeetingRequest:
    """Decline a request, or the delegate's wish to move an agreed meeting, which then stands."""
    request = _request(db, number, by)
    close(request, MoveKind.DECLINE, Actor.STAFF)
    write(db, request, MoveKind.DECLINE, Actor.STAFF, now, staff_id=by.id, words=words, **agreed(request))
    return request


def cancel(db: Session, number: int, by: StaffMember, now: datetime, words: str = "") -> MeetingRequest:
    """Call an agreed meeting off."""
    request = _request(db, number, by)
    call_off(db, request, Actor.STAFF, now, staff_id=by.id, words=words)
    return request


def reassign(
    db: Session, number: int, by: StaffMember, member_id: int, now: datetime, words: str = ""
) -> MeetingRequest:
    """Hand a request to a colleague, with what it holds. `words` are for the colleague."""
    request = _request(db, number, by)
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


def note(db: Session, number: int, by: StaffMember, text: str, now: datetime) -> MeetingNote:
    """Keep what staff tell each other."""
    request = _request(db, number, by)
    made = MeetingNote(request_id=request.id or 0, staff_id=by.id or 0, at=now, text=text.strip())
    db.add(made)
    db.flush()
    return made


def _request(db: Session, number: int, by: StaffMember) -> MeetingRequest:
    """Find the request for one of us who may still act: the guard at the door is not the only one."""
    require_active(db, by.id)
    return request_by_id(db, number)
