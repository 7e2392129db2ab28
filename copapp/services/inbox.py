"""What staff read of requests: the list, and one request whole."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from copapp.domain.meetings import CLOSED, Terms
from copapp.domain.slots import SlotState
from copapp.models import (
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    RequestStatus,
    StaffMember,
)
from copapp.services.engagements import places
from copapp.services.queries import latest_release
from copapp.services.slots import offer

TABS: dict[str, frozenset[RequestStatus]] = {
    "answer": frozenset({RequestStatus.PENDING, RequestStatus.COUNTERED}),
    "waiting": frozenset({RequestStatus.PROPOSED}),
    "accepted": frozenset({RequestStatus.ACCEPTED}),
    "closed": CLOSED,
}


def requests_of(db: Session, tab: str, search: str = "") -> list[MeetingRequest]:
    """List the requests of a tab, the newest need first; agreed meetings by their time."""
    wanted = select(MeetingRequest).where(col(MeetingRequest.status).in_(TABS[tab]))
    for word in search.lower().split():
        fields = (
            MeetingRequest.name,
            MeetingRequest.organisation,
            MeetingRequest.email,
            MeetingRequest.reason,
        )
        wanted = wanted.where(or_(*(func.lower(field).contains(word, autoescape=True) for field in fields)))
    if tab == "accepted":
        return list(db.exec(wanted.order_by(col(MeetingRequest.starts))))
    return list(
        db.exec(wanted.order_by(col(MeetingRequest.updated_at).desc(), col(MeetingRequest.id).desc()))
    )


def tab_counts(db: Session) -> dict[str, int]:
    """Count the requests of each tab."""
    counted = select(MeetingRequest.status, func.count()).group_by(col(MeetingRequest.status))
    by_status = dict(db.exec(counted).all())
    return {tab: sum(by_status.get(each, 0) for each in statuses) for tab, statuses in TABS.items()}


def newest_request(db: Session) -> int:
    """Give the number of the newest request, 0 where there is none."""
    return db.exec(select(func.max(MeetingRequest.id))).one() or 0


def count_new(db: Session, seen: int) -> int:
    """Count the requests that came after the one of that number and wait for their first answer."""
    came = select(func.count()).select_from(MeetingRequest)
    return db.exec(
        came.where(col(MeetingRequest.id) > seen, MeetingRequest.status == RequestStatus.PENDING)
    ).one()


def history(db: Session, request: MeetingRequest) -> list[MeetingMove]:
    """List what was done to a request, the first first."""
    lines = select(MeetingMove).where(MeetingMove.request_id == request.id).order_by(col(MeetingMove.id))
    return list(db.exec(lines))


def notes(db: Session, request: MeetingRequest) -> list[MeetingNote]:
    """List what staff told each other about a request."""
    found = select(MeetingNote).where(MeetingNote.request_id == request.id).order_by(col(MeetingNote.id))
    return list(db.exec(found))


def suggested_terms(db: Session, request: MeetingRequest, me: StaffMember, now: datetime) -> Terms | None:
    """Suggest when, where and who, so that two taps suffice: what was wished, else the next free slot."""
    member = db.get(StaffMember, request.member_id) if request.member_id else me
    member = member if member and member.disabled_at is None else me
    line = db.get(MeetingMove, request.proposal) if request.proposal else None
    minutes = timedelta(minutes=member.slot_minutes)
    starts = line.starts if line else request.slot
    ends = line.ends if line else None
    if starts is None or starts <= now:
        starts, ends = _next_free(db, member, now)
    if starts is None:
        return None
    room = (line.room if line else None) or request.room or _room_of(db, request.event)
    named = places(latest_release(db)).rooms
    place = (line.place if line else "") or request.place or named.get(room or "", "")
    return Terms(starts, ends or starts + minutes, member.id or 0, place, room)


def _next_free(
    db: Session, member: StaffMember, now: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    given = offer(db, now).slots
    own = [each for each in given if member.slug in each.whom] or given
    free = next((each.span for each in own if each.state is SlotState.FREE), None)
    return (free.starts, free.ends) if free else (None, None)


def _room_of(db: Session, event: str | None) -> str | None:
    release = latest_release(db)
    if event is None or release is None:
        return None
    events: list[dict[str, Any]] = json.loads(release.document)["events"]
    return next((each["room"] for each in events if each["slug"] == event), None)


def event_title(db: Session, slug: str | None) -> str:
    """Give the title of an event as delegates see it; its slug where it has gone, "" for none."""
    release = latest_release(db)
    events: list[dict[str, Any]] = json.loads(release.document)["events"] if release else []
    return next((each["title"] for each in events if each["slug"] == slug), slug or "")
