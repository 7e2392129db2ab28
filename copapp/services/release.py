"""Freezes the draft into a numbered release."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from copapp.domain.changes import SEQUENCE_FIELDS, changes
from copapp.models import Conference, Event, Release
from copapp.presenters.programme import (
    EventShape,
    ProgrammeShape,
    ReleaseShape,
    conference_shape,
    event_shape,
    room_shape,
    site_shape,
    venue_instant,
    walk_shape,
)
from copapp.services.queries import draft_events, draft_rooms, draft_sites, draft_walks, latest_release

_STAMPS = {"sequence", "updated_at"}


def publish(db: Session, conference: Conference, now: datetime, note: str = "") -> Release:
    """Release the draft as it is: number, stamps and document in one transaction of the caller's.

    SEQUENCE rises for exactly the events whose time, place or state changed (RFC 5546, 2.1.4).
    """
    before = latest_release(db)
    number = before.number + 1 if before else 1
    known = {each["slug"]: each for each in json.loads(before.document)["events"]} if before else {}
    document = _freeze(
        db, conference, now, known, ReleaseShape(number, _at(conference, now), note)
    ).document()
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


def _at(conference: Conference, instant: datetime) -> str:
    return venue_instant(instant, ZoneInfo(conference.timezone))


def _freeze(
    db: Session, conference: Conference, now: datetime, known: dict[str, Any], release: ReleaseShape
) -> ProgrammeShape:
    zone = ZoneInfo(conference.timezone)
    sites = {each.id: each for each in draft_sites(db)}
    rooms = {each.id: each for each in draft_rooms(db)}
    return ProgrammeShape(
        conference=conference_shape(conference),
        release=release,
        sites=[site_shape(each) for each in sites.values()],
        rooms=[room_shape(each, sites[each.site_id].slug) for each in rooms.values()],
        events=[_stamped(each, rooms[each.room_id].slug, zone, known, now) for each in draft_events(db)],
        walks=[
            walk_shape(each, sites[each.from_site_id].slug, sites[each.to_site_id].slug)
            for each in draft_walks(db)
        ],
    )


def _stamped(event: Event, room: str, zone: ZoneInfo, known: dict[str, Any], now: datetime) -> EventShape:
    """Move the event's SEQUENCE and LAST-MODIFIED if the public will see it differ, and present it."""
    before = known.get(event.slug)
    shape = event_shape(event, room, zone)
    if before is None or _content(before) != _content(vars(shape)):
        event.updated_at = now
        if before and SEQUENCE_FIELDS & {change.field for change in changes(before, vars(shape))}:
            event.sequence = before["sequence"] + 1
    return event_shape(event, room, zone)


def _content(shape: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name not in _STAMPS}
