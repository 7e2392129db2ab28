"""Keeps the venue's plan: the latest counts, and a new one moves the walks between sites with it."""

from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, delete, select

from copapp.domain.source import SourcePlan
from copapp.domain.ways import SiteWalk, walks
from copapp.interop.venue_file import Programme, read_venue
from copapp.models import Conference, StaffMember, VenuePlan, Walk
from copapp.presenters.venue import venue_shape
from copapp.services import audit
from copapp.services.queries import draft_events, draft_rooms, draft_sites, latest_plan
from copapp.services.release import has_unreleased, hold_draft, publish
from copapp.services.staff import require_coordinator


def keep_plan(db: Session, conference: Conference, plan: SourcePlan, now: datetime) -> VenuePlan:
    """Make a plan the one that counts. No-op, and the one before, where phones would get the same."""
    document = venue_shape(plan.venue).document()
    etag = f'"{sha256(document.encode()).hexdigest()[:24]}"'
    latest = latest_plan(db)
    if latest and latest.etag == etag:
        return latest
    kept = VenuePlan(
        conference_id=conference.id or 0, kept_at=now, content=plan.content, document=document, etag=etag
    )
    db.add(kept)
    db.flush()
    return kept


def replace_plan(db: Session, by: StaffMember, content: bytes, now: datetime) -> VenuePlan:
    """Take a coordinator's file. Raises NotAllowedError or VenueFileError, and the last good plan stays.

    What the programme's document says of the venue (walks, the coordinate) is released at once, unless the
    draft holds other work that waits for its release.
    """
    require_coordinator(by)
    conference = db.exec(select(Conference)).one()
    hold_draft(db, conference)
    venue = read_venue(content, _programme(db))
    is_waiting = has_unreleased(db, conference)
    kept = keep_plan(db, conference, SourcePlan(content.decode("utf-8-sig"), venue), now)
    _replace_walks(db, conference, walks(venue))
    if venue.location:
        conference.latitude, conference.longitude = venue.location.latitude, venue.location.longitude
        conference.version += 1
        db.add(conference)
    db.flush()
    audit.note(db, by, "plan", "", now)
    if has_unreleased(db, conference) and not is_waiting:
        made = publish(db, conference, now)
        audit.note(db, by, "release", str(made.number), now)
    return kept


def _programme(db: Session) -> Programme:
    sites = {each.id: each for each in draft_sites(db)}
    rooms = {each.id: each for each in draft_rooms(db)}
    return Programme(
        sites={site.slug: site.name for site in sites.values()},
        rooms={room.slug: room.name for room in rooms.values()},
        site_of={room.slug: sites[room.site_id].slug for room in rooms.values()},
        held_in=frozenset(rooms[event.room_id].slug for event in draft_events(db)),
    )


def _replace_walks(db: Session, conference: Conference, found: list[SiteWalk]) -> None:
    sites = {each.slug: each.id or 0 for each in draft_sites(db)}
    db.exec(delete(Walk))
    for each in found:
        ends = {"from_site_id": sites[each.from_site], "to_site_id": sites[each.to_site]}
        db.add(Walk(conference_id=conference.id or 0, minutes=each.minutes, basis=each.basis, **ends))
