"""What staff read of requests: the list, and one request whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.domain.folding import folded, words_of
from copapp.domain.meetings import CLOSED, Terms
from copapp.domain.slots import SlotState, Span
from copapp.models import (
    Coverage,
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    RequestStatus,
    StaffMember,
)
from copapp.services.engagements import places
from copapp.services.held_back import is_held_back, was_taken_back
from copapp.services.released import event_titles, latest_programme
from copapp.services.slots import free_members, members_there, offer

TABS = ("answer", "waiting", "accepted", "closed", "held_back")
PAGE = 50
"""How many requests a page shows, and shows more each time."""

_STATUSES: dict[str, frozenset[RequestStatus]] = {
    "answer": frozenset({RequestStatus.PENDING, RequestStatus.COUNTERED}),
    "waiting": frozenset({RequestStatus.PROPOSED}),
    "accepted": frozenset({RequestStatus.ACCEPTED}),
    "closed": CLOSED,
}
_WANTED: dict[str, ColumnElement[bool]] = {
    tab: col(MeetingRequest.status).in_(statuses) for tab, statuses in _STATUSES.items()
}
_WANTED["answer"] &= ~is_held_back()
_WANTED["closed"] &= ~was_taken_back()
_WANTED["held_back"] = is_held_back()


@dataclass(frozen=True)
class Listed:
    """The first requests of a list, and how many it holds."""

    requests: list[MeetingRequest]
    total: int

    def __iter__(self) -> Iterator[MeetingRequest]:
        return iter(self.requests)


def requests_of(db: Session, tab: str, most: int = PAGE) -> Listed:
    """List the requests of a tab, the newest need first.

    Agreed meetings are in the order of their time, the held back as they came.
    """
    wanted = select(MeetingRequest).where(_WANTED[tab])
    if tab == "accepted":
        return _listed(db, wanted, most, col(MeetingRequest.starts))
    if tab == "held_back":
        return _listed(db, wanted, most, col(MeetingRequest.id))
    return _listed(db, wanted, most, *_NEWEST_NEED_FIRST)


def requests_with(db: Session, search: str, most: int = PAGE) -> Listed:
    """List the requests of all tabs that hold every word, the newest need first.

    A word is looked for in what was written, in who of us has the request, and in the event's title.
    """
    wanted = select(MeetingRequest)
    members = {each.id: folded(each.name) for each in db.exec(select(StaffMember))}
    titles = {slug: folded(title) for slug, title in event_titles(db).items()}
    for word in words_of(search):
        wanted = wanted.where(
            or_(
                col(MeetingRequest.folded).contains(word, autoescape=True),
                col(MeetingRequest.member_id).in_([key for key, name in members.items() if word in name]),
                col(MeetingRequest.event).in_([key for key, title in titles.items() if word in title]),
            )
        )
    return _listed(db, wanted, most, *_NEWEST_NEED_FIRST)


_NEWEST_NEED_FIRST = (col(MeetingRequest.updated_at).desc(), col(MeetingRequest.id).desc())


def _listed(db: Session, wanted: SelectOfScalar[MeetingRequest], most: int, *order: Any) -> Listed:
    total = db.exec(select(func.count()).select_from(wanted.subquery())).one()
    return Listed(list(db.exec(wanted.order_by(*order).limit(most))), total)


def tab_counts(db: Session) -> dict[str, int]:
    """Count the requests of each tab."""
    each: list[Any] = [func.count().filter(_WANTED[tab]) for tab in TABS]
    counted = db.exec(select(*each).select_from(MeetingRequest)).one()
    return dict(zip(TABS, counted, strict=True))


def newest_request(db: Session) -> int:
    """Give the number of the newest request, 0 where there is none."""
    return db.exec(select(func.max(MeetingRequest.id))).one() or 0


def count_new(db: Session, seen: int) -> int:
    """Count the requests that came after the one of that number and wait for their first answer."""
    came = select(func.count()).select_from(MeetingRequest)
    return db.exec(
        came.where(
            col(MeetingRequest.id) > seen,
            MeetingRequest.status == RequestStatus.PENDING,
            ~col(MeetingRequest.is_held_back),
        )
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
    """Suggest when, where and who, so that two taps suffice: what was wished, else the next free slot.

    Of an agreed meeting it is the meeting itself; once it has begun there is nothing to suggest.
    """
    line = db.get(MeetingMove, request.proposal) if request.proposal else None
    whom = _addressee(db, (line.member_id if line else None) or request.member_id)
    starts, ends = _asked_for(request, line)
    if starts is not None and starts <= now:
        if request.is_held:
            return None
        starts = None
    if starts is None:
        starts, ends = _next_free(db, whom, now)
    if starts is None:
        return None
    length = timedelta(minutes=(whom or me).slot_minutes)
    member = whom or _whom_to_suggest(db, Span(starts, ends or starts + length), request.event, me)
    room = (line.room if line else None) or request.room or _room_of(db, request.event)
    named = places(latest_programme(db)).rooms
    place = (line.place if line else "") or request.place or named.get(room or "", "")
    ends = ends or starts + timedelta(minutes=member.slot_minutes)
    return Terms(starts, ends, member.id or 0, place, room)


def _addressee(db: Session, number: int | None) -> StaffMember | None:
    member = db.get(StaffMember, number) if number else None
    return member if member and member.disabled_at is None else None


def _asked_for(request: MeetingRequest, line: MeetingMove | None) -> tuple[datetime | None, datetime | None]:
    """Give the time that is talked of: proposed, else agreed, else wished for."""
    if line:
        return line.starts, line.ends
    return (request.starts, request.ends) if request.is_held else (request.slot, None)


def _whom_to_suggest(db: Session, span: Span, event: str | None, me: StaffMember) -> StaffMember:
    """Give who is free then within their own hours, else whom the slot came from, else who asks.

    Of several it is who asks, then who is at the event.
    """
    at_event = set(db.exec(select(Coverage.member_id).where(Coverage.event == event)))

    def preferred(member: StaffMember) -> tuple[bool, bool]:
        return member.id != me.id, member.id not in at_event

    found = free_members(db, span) or members_there(db, span)
    return min(found, key=preferred, default=me)


def _next_free(
    db: Session, member: StaffMember | None, now: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    given = offer(db, now).slots
    own = [each for each in given if member and member.slug in each.whom] or given
    free = next((each.span for each in own if each.state is SlotState.FREE), None)
    return (free.starts, free.ends) if free else (None, None)


def _room_of(db: Session, event: str | None) -> str | None:
    programme = latest_programme(db)
    found = programme.event(event) if programme else None
    return found.room if found else None


def event_title(db: Session, slug: str | None) -> str:
    """Give the title of an event as delegates see it; its slug where it has gone, "" for none."""
    programme = latest_programme(db)
    found = programme.event(slug) if programme else None
    return found.title if found else slug or ""
