"""What staff do to releases: look at what one would change, make it, bring an earlier one back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.domain.changes import (
    FIELDS,
    Change,
    EventChange,
    EventFate,
    conference_changes,
    programme_changes,
)
from copapp.domain.hints import Frame, Hint, Planned, hints
from copapp.domain.programme import Event as Released
from copapp.domain.programme import Programme
from copapp.models import (
    Conference,
    Coverage,
    Event,
    MeetingRequest,
    Release,
    RequestStatus,
    Room,
    StaffMember,
)
from copapp.services import audit, calendars, outbox, staff_calendars
from copapp.services.draft import first_version
from copapp.services.held_back import is_held_back
from copapp.services.moves import require_active
from copapp.services.programme import event_uid
from copapp.services.queries import draft_events, latest_plan, latest_release_number
from copapp.services.release import draft_document, has_unreleased, hold_draft, is_released, publish
from copapp.services.released import latest_programme, programme_of
from copapp.services.slots import the_conference

NOTE_LENGTH = 500
_TOLD = (RequestStatus.PROPOSED, RequestStatus.COUNTERED, RequestStatus.ACCEPTED)
"""Whom we have answered: nobody else is told by mail, as a stranger may have given that address."""

_OPEN = (
    RequestStatus.PENDING,
    RequestStatus.PROPOSED,
    RequestStatus.COUNTERED,
    RequestStatus.ACCEPTED,
)


class DraftMovedError(RuntimeError):
    """The draft is no longer the one that was looked at; nothing was released."""


class NothingToReleaseError(RuntimeError):
    """The draft is what delegates see already."""


class UnreleasedWorkError(RuntimeError):
    """The draft holds work that bringing an earlier release back would lose."""


class UnknownReleaseError(LookupError):
    """There is no release of that number."""


@dataclass(frozen=True)
class Preview:
    """What a release would change: `digest` names the draft that was looked at, `about` is of the conference.

    `touched` are open requests about events that change; `impossible` are agreed meetings that would then
    overlap an event which the same one of us is at, with that event's title. They are told, never changed.
    `concerned` are those of the touched who can be told by mail, `calendars` is how many personal and staff's
    calendars hold an event that changes.
    """

    digest: str
    about: list[Change]
    changes: list[EventChange]
    hints: list[Hint]
    touched: list[MeetingRequest]
    concerned: list[MeetingRequest]
    impossible: list[tuple[MeetingRequest, str]]
    calendars: int


def preview(db: Session) -> Preview:
    """Look at the draft beside what delegates see."""
    document = draft_document(db, the_conference(db))
    before, after = latest_programme(db), Programme.parse(document)
    found = programme_changes(before, after)
    slugs = [each.slug for each in found]
    return Preview(
        _digest(document),
        conference_changes(before.conference, after.conference) if before and before.events else [],
        found,
        _hints(db, after),
        _touched(db, found),
        _concerned(db, found),
        _impossible(db, before, after),
        calendars.touched(db, slugs) + staff_calendars.staff_calendars_touched(db, slugs),
    )


def _hints(db: Session, programme: Programme) -> list[Hint]:
    return hints(list(_planned(programme).values()), _covered(db), _frame(db, programme))


def make_release(
    db: Session, by: StaffMember, digest: str, note: str, now: datetime, *, tells: bool = False
) -> Release:
    """Release the draft that was looked at, and where that `tells`, let those concerned know.

    Raises NotAllowedError, DraftMovedError if somebody changed it since, NothingToReleaseError.
    """
    require_active(db, by.id)
    conference = the_conference(db)
    hold_draft(db, conference)
    document = draft_document(db, conference)
    if _digest(document) != digest:
        raise DraftMovedError
    if is_released(db, document):
        raise NothingToReleaseError
    draft = Programme.parse(document)
    concerned = _concerned(db, programme_changes(latest_programme(db), draft)) if tells else []
    made = publish(db, conference, now, note.strip()[:NOTE_LENGTH])
    made.made_by = by.id
    db.add(made)
    if tells:
        outbox.tell_release(db, made.number, concerned, now)
    told = {"told": ("", str(len(concerned)))} if tells else {}
    audit.note(db, by, "release", str(made.number), now, **told)
    return made


def bring_back(db: Session, by: StaffMember, number: int, current: int, now: datetime) -> Release:
    """Release again what an earlier one said of the events, in the place of the `current` release.

    Raises NotAllowedError, DraftMovedError if another is the latest by now, UnknownReleaseError,
    UnreleasedWorkError, NothingToReleaseError.
    """
    require_active(db, by.id)
    conference = the_conference(db)
    hold_draft(db, conference)
    earlier = db.exec(select(Release).where(Release.number == number)).first()
    if earlier is None:
        raise UnknownReleaseError(number)
    if latest_release_number(db) != current:
        raise DraftMovedError
    if has_unreleased(db, conference):
        raise UnreleasedWorkError
    _restore(db, conference, programme_of(earlier.document), now)
    if not has_unreleased(db, conference):
        raise NothingToReleaseError
    made = publish(db, conference, now)
    made.made_by, made.restores = by.id, number
    db.add(made)
    audit.note(db, by, "bring_back", str(number), now)
    return made


def discard_draft(db: Session, by: StaffMember, seen: str, now: datetime) -> None:
    """Make the draft what delegates see again. Raises NotAllowedError, DraftMovedError."""
    require_active(db, by.id)
    conference = the_conference(db)
    hold_draft(db, conference)
    if _digest(draft_document(db, conference)) != seen:
        raise DraftMovedError
    _restore(db, conference, latest_programme(db), now)
    audit.note(db, by, "discard", "", now)


def _restore(db: Session, conference: Conference, wanted: Programme | None, now: datetime) -> None:
    events = wanted.events_by_slug if wanted else {}
    rooms = {room.slug: room.id or 0 for room in db.exec(select(Room))}
    known = {event.slug: event for event in draft_events(db)}
    for slug in known.keys() - events.keys():
        db.delete(known[slug])
    for slug, each in events.items():
        values, event = _values(each, rooms), known.get(slug)
        if event is None:
            uid = event_uid(conference.slug, slug)
            born: dict[str, Any] = {"uid": uid, "updated_at": now, "version": first_version(db)}
            event = Event(conference_id=conference.id or 0, slug=slug, **born, **values)
        elif any(getattr(event, name) != value for name, value in values.items()):
            event.sqlmodel_update(values | {"version": event.version + 1})
        db.add(event)
    db.flush()


def _values(event: Released, rooms: dict[str, int]) -> dict[str, Any]:
    return {
        "room_id": rooms[event.room],
        "title": event.title,
        "starts": event.starts.astimezone(UTC),
        "ends": event.ends.astimezone(UTC) if event.ends else None,
        "published": event.published,
        "status": event.status,
        "descriptions": dict(event.descriptions),
        "source": dict(event.source) if event.source is not None else None,
    }


def _digest(document: str) -> str:
    return sha256(document.encode()).hexdigest()[:24]


def _planned(programme: Programme | None) -> dict[str, Planned]:
    if programme is None:
        return {}
    return {
        slug: Planned(
            slug, each.starts, each.ends, each.room, programme.site_of(each.room), each.is_cancelled
        )
        for slug, each in programme.events_by_slug.items()
    }


def _covered(db: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, slug in db.exec(
        select(StaffMember.name, Coverage.event).where(Coverage.member_id == StaffMember.id)
    ):
        found.setdefault(name, set()).add(slug)
    return found


def _frame(db: Session, programme: Programme) -> Frame:
    about, plan = the_conference(db), latest_plan(db)
    return Frame(
        zone=ZoneInfo(about.timezone),
        starts=about.starts,
        ends=about.ends,
        assumed_minutes=about.assumed_length_minutes,
        usual_slots=frozenset(about.usual_slots),
        rooms={room["slug"] for room in json.loads(plan.document)["rooms"]} if plan else None,
        walks=programme.walk_minutes,
    )


def _touched(db: Session, found: Iterable[EventChange]) -> list[MeetingRequest]:
    """List the open requests on staff's list about events that change, by number."""
    slugs = {each.slug for each in found if each.fate is not EventFate.ADDED}
    about = select(MeetingRequest).where(
        col(MeetingRequest.event).in_(slugs), col(MeetingRequest.status).in_(_OPEN), ~is_held_back()
    )
    return list(db.exec(about.order_by(col(MeetingRequest.id))))


def _concerned(db: Session, found: Iterable[EventChange]) -> list[MeetingRequest]:
    """List those of them whom we answered, about events that delegates see otherwise than before."""
    seen = [
        each
        for each in found
        if each.fate is EventFate.REMOVED or any(one.field in FIELDS for one in each.changes)
    ]
    return [each for each in _touched(db, seen) if each.status in _TOLD]


def _impossible(db: Session, before: Programme | None, after: Programme) -> list[tuple[MeetingRequest, str]]:
    """List agreed meetings that an event of the draft stands in the way of, and did not before."""
    old, new = _planned(before), _planned(after)
    held = select(MeetingRequest, Coverage.event).where(
        MeetingRequest.is_held, MeetingRequest.member_id == Coverage.member_id
    )
    return [
        (meeting, after.events_by_slug[slug].title)
        for meeting, slug in db.exec(held.order_by(col(MeetingRequest.id)))
        if _is_in_the_way(new.get(slug), meeting) and not _is_in_the_way(old.get(slug), meeting)
    ]


def _is_in_the_way(event: Planned | None, meeting: MeetingRequest) -> bool:
    if event is None or event.is_cancelled or meeting.starts is None or meeting.ends is None:
        return False
    ends = event.ends or event.starts + timedelta(minutes=1)
    return event.starts < meeting.ends and meeting.starts < ends
