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

Place = tuple[str, str]
"""A room and its site, each by the form of its name that spelling does not change."""


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
    places = _Places(db)
    for each in _placed(differing):
        places.take(each.room, each.site)
    new = [(room, "" if site == room else site) for room, site in places.new]
    return Look(found.format, differing, found.skipped, new, _seen(db, content))


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
    places, slugs = _Places(db), slugs_ever(db)
    events = {event.slug: event for event in draft_events(db)}
    for each in found.difference.added:
        slugs.add(_add(db, each, places, slugs, now).slug)
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


def _placed(differing: Difference) -> list[ImportedEvent]:
    """List the events whose place an import writes, in its order."""
    moved = (pair.imported for pair in differing.changed if "room" in {each.field for each in pair.changes})
    return [*differing.added, *moved]


class _Places:
    """The draft's rooms by name and site, and those a file adds: the preview asks as the writing does."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._sites = {place_form(site.name): site for site in draft_sites(db)}
        names = {site.id: site.name for site in self._sites.values()}
        self._rooms = {_place(room.name, names[room.site_id]): room for room in draft_rooms(db)}
        self._order = list(self._rooms)
        self.new: list[tuple[str, str]] = []
        """Rooms (name, site) that there are not yet, in the order of the file."""

    def take(self, name: str, site: str) -> Place:
        """Give the place that a file names: of a room without a site the first of that name."""
        name = name or site or UNKNOWN_PLACE
        alike = [each for each in self._order if each[0] == place_form(name)]
        if not site and alike:
            return alike[0]
        place = _place(name, site or name)
        if place not in self._order:
            self._order.append(place)
            self.new.append((name, site or name))
        return place

    def room(self, name: str, site: str) -> int:
        """Give the room (its number) that a file names, made where there is none yet."""
        place = self.take(name, site)
        found = self._rooms.get(place) or self._make(place)
        return found.id or 0

    def _make(self, place: Place) -> Room:
        name, site = next(each for each in self.new if _place(*each) == place)
        room = Room(
            conference_id=the_conference(self._db).id or 0,
            site_id=self._site(site).id or 0,
            slug=slug_of(name, {each.slug for each in self._rooms.values()}),
            name=name,
            position=len(self._rooms),
        )
        self._keep(room)
        self._rooms[place] = room
        return room

    def _site(self, name: str) -> Site:
        home = self._sites.get(place_form(name))
        if home is None:
            slug = slug_of(name, {each.slug for each in self._sites.values()})
            conference = the_conference(self._db).id or 0
            home = Site(conference_id=conference, slug=slug, name=name, position=len(self._sites))
            self._keep(home)
            self._sites[place_form(name)] = home
        return home

    def _keep(self, made: Site | Room) -> None:
        self._db.add(made)
        self._db.flush()


def _place(room: str, site: str) -> Place:
    return place_form(room), place_form(site)


def _add(db: Session, given: ImportedEvent, places: _Places, slugs: AbstractSet[str], now: datetime) -> Event:
    conference = the_conference(db)
    slug = slug_of(given.title, slugs)
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
    return event


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
