"""Takes a programme's file into the draft: looked at first, then all of it or nothing, never released."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col

from copapp.domain.alike import place_form
from copapp.domain.difference import Difference, Known, Pair, difference
from copapp.domain.event_form import slug_of
from copapp.domain.imported import ImportedEvent, Skipped
from copapp.interop.programme_file import Frame, read
from copapp.models import Event, EventStatus, Room, Site, StaffMember, WatchedAddress
from copapp.services import audit
from copapp.services.draft import first_version, slugs_ever
from copapp.services.moves import require_active
from copapp.services.programme import event_uid
from copapp.services.queries import draft_events, draft_rooms, draft_sites
from copapp.services.release import draft_document, hold_draft
from copapp.services.releasing import DraftMovedError
from copapp.services.slots import the_conference

# Of a file that names no place; shown as it is, until somebody says where.
UNKNOWN_PLACE = "To be announced"


@dataclass(frozen=True)
class Look:
    """What an import would change. `seen` names the draft and the file that were looked at."""

    format: str
    difference: Difference
    skipped: list[Skipped]
    new_rooms: list[tuple[str, str]]
    seen: str


def look(db: Session, content: bytes) -> Look:
    """Read a file beside the draft. Raises ProgrammeFileError."""
    about = the_conference(db)
    sites = {site.id: site.name for site in draft_sites(db)}
    rooms = [(room.name, sites[room.site_id]) for room in draft_rooms(db)]
    zone = ZoneInfo(about.timezone)
    frame = Frame(zone, about.starts, about.ends, tuple(rooms), tuple(sites.values()), about.place)
    found = read(content, frame)
    differing = difference(_known(db), found.events, zone)
    named = [*differing.added, *(pair.imported for pair in differing.changed)]
    known = {place_form(name) for name, _ in rooms}
    new = {(each.room, each.site) for each in named if each.room and place_form(each.room) not in known}
    return Look(found.format, differing, found.skipped, sorted(new), _seen(db, content))


def apply_import(
    db: Session, by: StaffMember | None, content: bytes, seen: str, remove: AbstractSet[str], now: datetime
) -> Look:
    """Write what was looked at into the draft, all or nothing; of what the file lacks, only `remove` goes.

    `by` None is the command line.
    Raises NotAllowedError, ProgrammeFileError, DraftMovedError if the draft or the file is another by now.
    """
    if by is not None:
        require_active(db, by.id)
    hold_draft(db, the_conference(db))
    found = look(db, content)
    if found.seen != seen:
        raise DraftMovedError
    places = _Places(db)
    events = {event.slug: event for event in draft_events(db)}
    for each in found.difference.added:
        _add(db, each, places, now)
    for pair in found.difference.changed:
        _change(events[pair.known.slug], pair, places)
    for pair in found.difference.same:
        _learn_key(events[pair.known.slug], pair.imported)
    for each_known in found.difference.removed:
        if each_known.slug in remove:
            db.delete(events[each_known.slug])
    db.exec(update(WatchedAddress).where(col(WatchedAddress.content) == content).values(content=None))
    db.flush()
    counts = {
        "added": (0, len(found.difference.added)),
        "changed": (0, len(found.difference.changed)),
        "removed": (0, len(remove & {each.slug for each in found.difference.removed})),
    }
    audit.note(db, by, "import", found.format, now, **counts)
    return found


def _seen(db: Session, content: bytes) -> str:
    document = draft_document(db, the_conference(db)).encode()
    return sha256(sha256(document).digest() + sha256(content).digest()).hexdigest()[:24]


def _known(db: Session) -> list[Known]:
    sites = {site.id: site.name for site in draft_sites(db)}
    rooms = {room.id: (room.name, sites[room.site_id]) for room in draft_rooms(db)}
    return [
        Known(
            event.slug,
            event.uid,
            event.title,
            event.starts,
            event.ends,
            *rooms[event.room_id],
            key=event.keys[-1] if event.keys else None,
            is_cancelled=event.status is EventStatus.CANCELLED,
            descriptions=event.descriptions,
        )
        for event in draft_events(db)
    ]


class _Places:
    """The draft's rooms and sites by name; what a file names anew is made."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._sites = {place_form(site.name): site for site in draft_sites(db)}
        self._rooms = {place_form(room.name): room for room in draft_rooms(db)}

    def room(self, name: str, site: str) -> int:
        named = name or site or UNKNOWN_PLACE
        found = self._rooms.get(place_form(named)) or self._make(named, site or named)
        return found.id or 0

    def _make(self, name: str, site: str) -> Room:
        conference = the_conference(self._db)
        home = self._sites.get(place_form(site))
        if home is None:
            slug = slug_of(site, {each.slug for each in self._sites.values()})
            home = Site(conference_id=conference.id or 0, slug=slug, name=site, position=len(self._sites))
            self._keep(home)
            self._sites[place_form(site)] = home
        slug = slug_of(name, {each.slug for each in self._rooms.values()})
        room = Room(
            conference_id=conference.id or 0,
            site_id=home.id or 0,
            slug=slug,
            name=name,
            position=len(self._rooms),
        )
        self._keep(room)
        self._rooms[place_form(name)] = room
        return room

    def _keep(self, made: Site | Room) -> None:
        self._db.add(made)
        self._db.flush()


def _add(db: Session, given: ImportedEvent, places: _Places, now: datetime) -> None:
    conference = the_conference(db)
    slug = slug_of(given.title, slugs_ever(db))
    event = Event(
        conference_id=conference.id or 0,
        room_id=places.room(given.room, given.site),
        slug=slug,
        uid=event_uid(conference.slug, slug),
        title=given.title,
        starts=given.starts,
        ends=given.ends,
        published=given.published,
        status=EventStatus.CANCELLED if given.is_cancelled else EventStatus.CONFIRMED,
        descriptions=given.descriptions,
        updated_at=now,
        version=first_version(db),
        keys=[given.key] if given.key else [],
    )
    db.add(event)
    db.flush()


def _change(event: Event, pair: Pair, places: _Places) -> None:
    given = pair.imported
    fields = {each.field for each in pair.changes}
    if "title" in fields:
        event.title = given.title
    event.starts, event.ends = given.starts, given.ends
    if "room" in fields:
        event.room_id = places.room(given.room, given.site)
    if "status" in fields:
        event.status = EventStatus.CANCELLED if given.is_cancelled else EventStatus.CONFIRMED
    event.descriptions = event.descriptions | given.descriptions
    if given.published:
        event.published = given.published
    event.version += 1
    _learn_key(event, given)


def _learn_key(event: Event, given: ImportedEvent) -> None:
    """Remember what the file calls the event: another title at another time is found by it."""
    if given.key and (not event.keys or event.keys[-1] != given.key):
        event.keys = [*(key for key in event.keys if key != given.key), given.key]
