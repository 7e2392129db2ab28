"""The programme as `GET /api/v1/programme` gives it: one contract for API, phone and pages."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from copapp.models import Conference, Event, EventStatus, Room, Site, Walk


@dataclass(frozen=True)
class ConferenceShape:
    """Dates as YYYY-MM-DD, texts by language where they are ours."""

    slug: str
    name: str
    long_name: str
    place: str
    address: str
    latitude: float | None
    longitude: float | None
    timezone: str
    starts: str
    ends: str
    organisation: str
    introduction: list[str]
    about: dict[str, str]
    contact_email: str
    funding_url: str
    assumed_length_minutes: int


@dataclass(frozen=True)
class ReleaseShape:
    """Which published state this is; `released_at` is ISO 8601 with the venue's offset."""

    number: int
    released_at: str
    note: str


@dataclass(frozen=True)
class SiteShape:
    """A building."""

    slug: str
    name: str
    note: str


@dataclass(frozen=True)
class RoomShape:
    """A room; `site` is a slug."""

    slug: str
    name: str
    site: str
    note: str


@dataclass(frozen=True)
class EventShape:
    """An event; instants are ISO 8601 with the venue's offset, `ends` null where unknown, `room` a slug."""

    slug: str
    uid: str
    title: str
    starts: str
    ends: str | None
    published: str
    room: str
    status: EventStatus
    sequence: int
    updated_at: str
    descriptions: dict[str, str]
    source: dict[str, str] | None


@dataclass(frozen=True)
class WalkShape:
    """Minutes between two sites (slugs), either way; always an estimate."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    minutes: int
    estimate: bool
    basis: str


@dataclass(frozen=True)
class ProgrammeShape:
    """One release, whole."""

    conference: ConferenceShape
    release: ReleaseShape
    sites: list[SiteShape]
    rooms: list[RoomShape]
    events: list[EventShape]
    walks: list[WalkShape]

    def document(self) -> str:
        """Write the JSON that is stored, and served as it is."""
        return json.dumps(
            self,
            default=lambda shape: plain_names(list(vars(shape).items())),
            ensure_ascii=False,
            separators=(",", ":"),
        )


def plain_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Give fields whose names are words of Python (`from_`) their public names, also for `asdict`."""
    return {name.rstrip("_"): value for name, value in pairs}


def where(programme: dict[str, Any], event: dict[str, Any]) -> str:
    """Say where an event is, as "room, site"; both in the public shape."""
    room = next(each for each in programme["rooms"] if each["slug"] == event["room"])
    site = next(each for each in programme["sites"] if each["slug"] == room["site"])
    return f"{room['name']}, {site['name']}"


def venue_instant(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant as ISO 8601 with the venue's offset, to the second."""
    return instant.astimezone(zone).isoformat(timespec="seconds")


def conference_shape(given: Conference) -> ConferenceShape:
    """Present the conference."""
    return ConferenceShape(
        **given.model_dump(include=set(ConferenceShape.__dataclass_fields__) - {"starts", "ends"}),
        starts=given.starts.isoformat(),
        ends=given.ends.isoformat(),
    )


def event_shape(given: Event, room: str, zone: ZoneInfo) -> EventShape:
    """Present an event in the room of that slug."""
    return EventShape(
        slug=given.slug,
        uid=given.uid,
        title=given.title,
        starts=venue_instant(given.starts, zone),
        ends=venue_instant(given.ends, zone) if given.ends else None,
        published=given.published,
        room=room,
        status=given.status,
        sequence=given.sequence,
        updated_at=venue_instant(given.updated_at, zone),
        descriptions=given.descriptions,
        source=given.source,
    )


def site_shape(given: Site) -> SiteShape:
    """Present a site."""
    return SiteShape(given.slug, given.name, given.note)


def room_shape(given: Room, site: str) -> RoomShape:
    """Present a room of the site of that slug."""
    return RoomShape(given.slug, given.name, site, given.note)


def walk_shape(given: Walk, from_site: str, to_site: str) -> WalkShape:
    """Present a walk between the sites of those slugs."""
    return WalkShape(from_site, to_site, given.minutes, estimate=True, basis=given.basis)
