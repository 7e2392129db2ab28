"""Freezes the draft into a numbered release."""

from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.domain.programme import Programme
from copapp.models import Conference, Release
from copapp.presenters.programme import (
    ProgrammeShape,
    ReleaseShape,
    conference_shape,
    event_shape,
    room_shape,
    site_shape,
    venue_instant,
    walk_shape,
)
from copapp.services.queries import (
    draft_events,
    draft_rooms,
    draft_sites,
    draft_walks,
    latest_release,
    latest_release_number,
)
from copapp.services.stamps import move_stamps


def publish(db: Session, conference: Conference, now: datetime, note: str = "") -> Release:
    """Release the draft as it is: number, stamps and document in one transaction of the caller's."""
    hold_draft(db, conference)
    number = latest_release_number(db) + 1
    shape = ReleaseShape(number, venue_instant(now, ZoneInfo(conference.timezone)), note)
    move_stamps(db, Programme.parse(_freeze(db, conference, shape)), now)
    document = _freeze(db, conference, shape)
    release = Release(
        conference_id=conference.id or 0,
        number=number,
        released_at=now,
        note=note,
        document=document,
        etag=f'"{sha256(document.encode()).hexdigest()[:24]}"',
    )
    db.add(release)
    db.flush()
    return release


def hold_draft(db: Session, conference: Conference) -> None:
    """Let nobody else write or release the draft until the end: who compares must compare with the latest.

    PostgreSQL holds the conference's row; on SQLite `writing()` holds the lock already.
    """
    db.exec(select(Conference.id).where(col(Conference.id) == conference.id).with_for_update()).one()


def draft_document(db: Session, conference: Conference) -> str:
    """Write the draft as phones would get it, under the number, date and note of the latest release."""
    latest = latest_release(db)
    zone = ZoneInfo(conference.timezone)
    at = venue_instant(latest.released_at, zone) if latest else ""
    shape = ReleaseShape(latest.number, at, latest.note) if latest else ReleaseShape(0, at, "")
    return _freeze(db, conference, shape)


def has_unreleased(db: Session, conference: Conference) -> bool:
    """Whether the draft differs from what delegates see."""
    return not is_released(db, draft_document(db, conference))


def is_released(db: Session, document: str) -> bool:
    """Whether a draft's document is what delegates see already."""
    latest = latest_release(db)
    return latest is not None and document == latest.document


def _freeze(db: Session, conference: Conference, release: ReleaseShape) -> str:
    zone = ZoneInfo(conference.timezone)
    sites = {each.id: each for each in draft_sites(db)}
    rooms = {each.id: each for each in draft_rooms(db)}
    return ProgrammeShape(
        conference=conference_shape(conference),
        release=release,
        sites=[site_shape(each) for each in sites.values()],
        rooms=[room_shape(each, sites[each.site_id].slug) for each in rooms.values()],
        events=[event_shape(each, rooms[each.room_id].slug, zone) for each in draft_events(db)],
        walks=[
            walk_shape(each, sites[each.from_site_id].slug, sites[each.to_site_id].slug)
            for each in draft_walks(db)
        ],
    ).document()
