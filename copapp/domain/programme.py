"""A released programme as one frozen value: what delegates see, read once from its document."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, TypeAdapter

from copapp.models import EventStatus

# ISO 8601 to the second, with the venue's offset, as it is in the document.
Instant = Annotated[datetime, PlainSerializer(lambda each: each.isoformat(timespec="seconds"))]
# "" in the document of a draft before the first release.
_ReleaseInstant = Annotated[
    datetime | None,
    BeforeValidator(lambda each: each or None),
    PlainSerializer(lambda each: each.isoformat(timespec="seconds") if each else ""),
]


@dataclass(frozen=True)
class Conference:
    """The conference; `about` by language, an unknown end of an event is assumed after so many minutes."""

    slug: str
    name: str
    long_name: str
    place: str
    address: str
    latitude: float | None
    longitude: float | None
    timezone: str
    starts: date
    ends: date
    organisation: str
    introduction: tuple[str, ...]
    about: dict[str, str]
    contact_email: str
    funding_url: str
    assumed_length_minutes: int


@dataclass(frozen=True)
class ReleaseNote:
    """Which release this is, and what staff said of it."""

    number: int
    released_at: _ReleaseInstant
    note: str


@dataclass(frozen=True)
class Site:
    """A building."""

    slug: str
    name: str
    note: str


@dataclass(frozen=True)
class Room:
    """A room; `site` is a slug."""

    slug: str
    name: str
    site: str
    note: str


@dataclass(frozen=True)
class Event:
    """An event; `ends` is None where unknown, `room` a slug, `published` the time as it was announced."""

    slug: str
    uid: str
    title: str
    starts: Instant
    ends: Instant | None
    published: str
    room: str
    status: EventStatus
    sequence: int
    updated_at: Instant
    descriptions: dict[str, str]
    source: dict[str, str] | None

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status is EventStatus.CANCELLED


@dataclass(frozen=True)
class Walk:
    """Minutes between two sites (slugs), either way; `basis` says what they are estimated from."""

    from_site: Annotated[str, Field(alias="from")]
    to: str
    minutes: int
    estimate: bool
    basis: str


@dataclass(frozen=True)
class Programme:
    """One release, whole."""

    conference: Conference
    release: ReleaseNote
    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    events: tuple[Event, ...]
    walks: tuple[Walk, ...]

    @staticmethod
    def parse(document: str) -> "Programme":
        """Read a document. Raises pydantic's ValidationError, a ValueError, where it is none of ours."""
        return _reader().validate_json(document)

    def document(self) -> str:
        """Write the JSON that is stored, and served as it is."""
        plain = _reader().dump_python(self, mode="json", by_alias=True)
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def event(self, slug: str | None) -> Event | None:
        """Find an event."""
        return self.events_by_slug.get(slug or "")

    def room(self, slug: str) -> Room | None:
        """Find a room."""
        return self._rooms.get(slug)

    def site_of(self, room: str) -> str:
        """Give the site (slug) of a room."""
        return self._rooms[room].site

    def where(self, room: str) -> str:
        """Say where a room is, as "room, site"; "" for a slug that no room has."""
        found = self._rooms.get(room)
        return f"{found.name}, {self._sites[found.site].name}" if found else ""

    @property
    def walk_minutes(self) -> dict[frozenset[str], int]:
        """Give the minutes between two sites (slugs), either way."""
        return {frozenset({each.from_site, each.to}): each.minutes for each in self.walks}

    @cached_property
    def events_by_slug(self) -> dict[str, Event]:
        """Give the events in their order."""
        return {each.slug: each for each in self.events}

    @cached_property
    def _rooms(self) -> dict[str, Room]:
        return {each.slug: each for each in self.rooms}

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {each.slug: each for each in self.sites}


@cache
def _reader() -> TypeAdapter[Programme]:
    """Give what reads and writes documents; to make it takes longer than to read one."""
    return TypeAdapter(Programme)
