"""What staff read of requests: the list, one request whole, and what its answer would run into."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from copapp.domain.clashes import Clash, Engagement, clashes
from copapp.domain.meetings import CLOSED, Terms
from copapp.domain.slots import SlotState
from copapp.models import (
    Coverage,
    EventStatus,
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    Release,
    RequestStatus,
    StaffMember,
)
from copapp.services.queries import latest_release
from copapp.services.slots import offer, the_conference

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


@dataclass(frozen=True)
class Places:
    """The rooms of the programme as delegates see it, and the minutes between their sites."""

    rooms: dict[str, str]
    sites: dict[str, str]
    walks: dict[frozenset[str], int]


def places(release: Release | None) -> Places:
    """Give every room's name with its site's, its site, and the walks, of a release."""
    given: dict[str, Any] = (
        json.loads(release.document) if release else {"sites": [], "rooms": [], "walks": []}
    )
    names = {each["slug"]: each["name"] for each in given["sites"]}
    return Places(
        {each["slug"]: f"{each['name']}, {names[each['site']]}" for each in given["rooms"]},
        {each["slug"]: each["site"] for each in given["rooms"]},
        {frozenset({each["from"], each["to"]}): each["minutes"] for each in given["walks"]},
    )


def clashes_of(db: Session, terms: Terms, but: int | None = None) -> list[Clash]:
    """Name what these terms run into for that colleague; the request numbered `but` is not counted."""
    release = latest_release(db)
    found = places(release)
    planned = Engagement(terms.starts, terms.ends, site=found.sites.get(terms.room or ""), is_meeting=True)
    others = _meetings(db, terms.member_id, but, found) + _covered(db, terms.member_id, release, found)
    return clashes(planned, others, found.walks, the_conference(db).assumed_length_minutes)


def _meetings(db: Session, member: int, but: int | None, found: Places) -> list[Engagement]:
    held = select(MeetingRequest).where(
        MeetingRequest.is_held, MeetingRequest.member_id == member, MeetingRequest.id != but
    )
    return [
        Engagement(
            each.starts,
            each.ends,
            f"{each.name}, {each.organisation}",
            found.sites.get(each.room or ""),
            is_meeting=True,
        )
        for each in db.exec(held)
        if each.starts and each.ends
    ]


def _covered(db: Session, member: int, release: Release | None, found: Places) -> list[Engagement]:
    slugs = set(db.exec(select(Coverage.event).where(Coverage.member_id == member)))
    events: list[dict[str, Any]] = json.loads(release.document)["events"] if release else []
    return [
        Engagement(
            datetime.fromisoformat(each["starts"]),
            datetime.fromisoformat(each["ends"]) if each["ends"] else None,
            each["title"],
            found.sites[each["room"]],
            is_cancelled=each["status"] == EventStatus.CANCELLED,
        )
        for each in events
        if each["slug"] in slugs
    ]


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
