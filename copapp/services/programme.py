"""Writes a source's programme into the draft; every import goes through here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from copapp.domain.source import SourceConference, SourceEvent, SourceProgramme
from copapp.models import Conference, Event, EventStatus, Room, Site, Walk
from copapp.services.venue import keep_plan

Table = TypeVar("Table", bound=SQLModel)


def apply_source(db: Session, source: SourceProgramme, now: datetime) -> Conference:
    """Make the draft say what the source says, matching by slug; what the source lacks stays."""
    key, values = {"slug": source.conference.slug}, conference_values(source.conference)
    conference = _upsert(db, Conference, key, values)
    sites = _apply_sites(db, conference, source)
    rooms = _apply_rooms(db, conference, source, sites)
    _apply_walks(db, conference, source, sites)
    for event in source.events:
        _apply_event(db, conference, event, rooms[event.room], now)
    if source.plan:
        keep_plan(db, conference, source.plan, now)
    return conference


def _apply_sites(db: Session, conference: Conference, source: SourceProgramme) -> dict[str, Site]:
    return {
        each.slug: _upsert(
            db, Site, _key(conference, each.slug), {"name": each.name, "note": each.note, "position": at}
        )
        for at, each in enumerate(source.sites)
    }


def _apply_rooms(
    db: Session, conference: Conference, source: SourceProgramme, sites: dict[str, Site]
) -> dict[str, Room]:
    return {
        each.slug: _upsert(
            db,
            Room,
            _key(conference, each.slug),
            {"name": each.name, "note": each.note, "position": at, "site_id": sites[each.site].id},
        )
        for at, each in enumerate(source.rooms)
    }


def _apply_walks(
    db: Session, conference: Conference, source: SourceProgramme, sites: dict[str, Site]
) -> None:
    for walk in source.walks:
        ends = {"from_site_id": sites[walk.from_site].id, "to_site_id": sites[walk.to_site].id}
        values = {"conference_id": conference.id, "minutes": walk.minutes, "basis": walk.basis}
        _upsert(db, Walk, ends, values)


def event_uid(conference: str, event: str) -> str:
    """Give an event's UID (RFC 5545, 3.8.4.7): made once from both slugs, stored, and for ever."""
    return f"{event}@{conference}.copapp"


def _apply_event(db: Session, conference: Conference, given: SourceEvent, room: Room, now: datetime) -> None:
    values = {
        "room_id": room.id,
        "title": given.title,
        "starts": given.starts.astimezone(UTC),
        "ends": given.ends.astimezone(UTC) if given.ends else None,
        "published": given.published,
        "status": EventStatus.CANCELLED if given.is_cancelled else EventStatus.CONFIRMED,
        "descriptions": given.descriptions,
        "source": given.source,
    }
    born = {"uid": event_uid(conference.slug, given.slug), "updated_at": now}
    _upsert(db, Event, _key(conference, given.slug), values, born)


def conference_values(given: SourceConference) -> dict[str, object]:
    """Give all of a conference but its slug, which is for ever."""
    return {name: value for name, value in vars(given).items() if name != "slug"}


def _key(conference: Conference, slug: str) -> dict[str, object]:
    return {"conference_id": conference.id, "slug": slug}


def _upsert(
    db: Session,
    table: type[Table],
    key: Mapping[str, object],
    values: Mapping[str, object],
    born: Mapping[str, object] | None = None,
) -> Table:
    """Write `values` to the row of that key; a new row also gets `born`. An unchanged row is not written."""
    same = [col(getattr(table, name)) == value for name, value in key.items()]
    row = db.exec(select(table).where(*same)).first() or table(**key, **(born or {}), **values)
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    db.add(row)
    db.flush()
    return row
