"""When a request's meeting is, or would be: what calendars show of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from copapp.interop.personal_calendar import MeetingState, PersonalMeeting
from copapp.models import MeetingMove, MeetingRequest, RequestStatus
from copapp.services.slots import the_conference


def timed_meetings(db: Session, *wanted: ColumnElement[bool]) -> list[tuple[MeetingRequest, PersonalMeeting]]:
    """Give the requests so wanted that have a time: as agreed, else as proposed, else as wished for."""
    # An invitation's SEQUENCE does not rise while nobody is invited: an entry is numbered by its moves.
    moves = (
        select(func.count())
        .where(MeetingMove.request_id == MeetingRequest.id)
        .correlate(MeetingRequest)
        .scalar_subquery()
    )
    whole = (
        select(MeetingRequest, MeetingMove, moves)
        .outerjoin(MeetingMove, col(MeetingMove.id) == MeetingRequest.proposal)
        .where(*wanted)
        .order_by(col(MeetingRequest.id))
    )
    length = timedelta(minutes=the_conference(db).meeting_minutes)
    found = [(each, _meeting(each, line, count, length)) for each, line, count in db.exec(whole)]
    return [(request, meeting) for request, meeting in found if meeting]


def _meeting(
    request: MeetingRequest, proposal: MeetingMove | None, moves: int, length: timedelta
) -> PersonalMeeting | None:
    def entry(starts: datetime, ends: datetime, state: MeetingState, place: str) -> PersonalMeeting:
        return PersonalMeeting(request.uid, moves, request.updated_at, starts, ends, state, place)

    if request.starts and request.ends:
        state = MeetingState.CONFIRMED if request.is_held else MeetingState.CANCELLED
        return entry(request.starts, request.ends, state, request.place)
    if proposal and proposal.starts and proposal.ends:
        return entry(proposal.starts, proposal.ends, MeetingState.TENTATIVE, proposal.place)
    if request.status is RequestStatus.PENDING and request.slot:
        return entry(request.slot, request.slot + length, MeetingState.TENTATIVE, "")
    return None
