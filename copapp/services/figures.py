"""Counts what there is, for staff: no name, nothing anybody wrote, and nothing that only phones know."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from copapp.models import (
    Actor,
    Event,
    EventStatus,
    MeetingMove,
    MeetingRequest,
    MoveKind,
    PersonalCalendar,
    RequestStatus,
    StaffCalendar,
    Tombstone,
)
from copapp.presenters.figures import Figures
from copapp.services.queries import latest_release_number

# A reassignment is between us: whoever asked has no answer yet.
_ANSWERS = (MoveKind.ACCEPT, MoveKind.PROPOSE, MoveKind.DECLINE, MoveKind.CANCEL)


def figures(db: Session) -> Figures:
    """Count everything."""
    return Figures(
        _states(db),
        list(db.exec(select(MeetingRequest.created_at))),
        _agreed(db),
        _answered_after(db),
        Counter(EventStatus(each) for each in db.exec(select(Event.status))),
        latest_release_number(db),
        *(_followed(db, table) for table in (PersonalCalendar, StaffCalendar)),
    )


def _states(db: Session) -> Counter[RequestStatus]:
    states = Counter(RequestStatus(each) for each in db.exec(select(MeetingRequest.status)))
    states[RequestStatus.ERASED] = db.exec(select(func.count()).select_from(Tombstone)).one()
    return states


def _agreed(db: Session) -> list[datetime]:
    """Give the starts of what is agreed, also while a move of it is talked about."""
    stands = or_(
        col(MeetingRequest.status) == RequestStatus.ACCEPTED, col(MeetingRequest.is_held).is_(other=True)
    )
    return [each for each in db.exec(select(MeetingRequest.starts).where(stands)) if each is not None]


def _answered_after(db: Session) -> list[timedelta]:
    first = (
        select(MeetingMove.request_id, func.min(MeetingMove.id).label("id"))
        .where(col(MeetingMove.actor) == Actor.STAFF, col(MeetingMove.kind).in_(_ANSWERS))
        .group_by(col(MeetingMove.request_id))
        .subquery()
    )
    found = (
        select(MeetingRequest.created_at, MeetingMove.at)
        .join(first, first.c.request_id == MeetingRequest.id)
        .join(MeetingMove, col(MeetingMove.id) == first.c.id)
    )
    return [at - asked for asked, at in db.exec(found)]


def _followed(db: Session, table: type[PersonalCalendar] | type[StaffCalendar]) -> int:
    live = select(func.count()).select_from(table).where(col(table.ended_at).is_(None))
    return db.exec(live).one()
