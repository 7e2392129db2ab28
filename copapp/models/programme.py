"""The programme's tables; instants are stored in UTC, texts by language as JSON."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from copapp.models.table import Table


class EventStatus(StrEnum):
    """What an event may be (RFC 5545, 3.8.1.11, without TENTATIVE)."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Conference(Table, table=True):
    """One conference; dates are its first and last day in its own zone.

    Until staff say when they can be met, meetings are asked for between `meeting_day_starts` and
    `meeting_day_ends` (HH:MM at the venue), `meeting_minutes` each. Personal data are erased
    `retention_days` after the last day. `usual_slots` are the official ones (HH:MM-HH:MM). `version` rises
    with each change, as an event's does.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    long_name: str
    place: str
    address: str
    latitude: float | None = None
    longitude: float | None = None
    timezone: str
    starts: date
    ends: date
    organisation: str
    introduction: list[str] = Field(default_factory=list, sa_type=JSON)
    about: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    contact_email: str = ""
    funding_url: str = ""
    assumed_length_minutes: int = 60
    meeting_day_starts: str = "09:00"
    meeting_day_ends: str = "18:00"
    meeting_minutes: int = 30
    retention_days: int = 30
    usual_slots: list[str] = Field(default_factory=list, sa_type=JSON)
    version: int = 1
    requires_second_factor: bool = False


class Site(Table, table=True):
    """A building of the conference."""

    __table_args__ = (UniqueConstraint("conference_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    slug: str
    name: str
    note: str = ""
    position: int = 0


class Room(Table, table=True):
    """A room of a site; `name` as published."""

    __table_args__ = (UniqueConstraint("conference_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    site_id: int = Field(foreign_key="site.id")
    slug: str
    name: str
    note: str = ""
    position: int = 0


class Walk(Table, table=True):
    """How long it takes between two sites, either way: always an estimate, `basis` says whose."""

    __table_args__ = (UniqueConstraint("from_site_id", "to_site_id"),)

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    from_site_id: int = Field(foreign_key="site.id")
    to_site_id: int = Field(foreign_key="site.id")
    minutes: int
    basis: str


class Event(Table, table=True):
    """One entry of the programme. `uid` is for ever; `sequence` and `updated_at` move at a release only.

    `version` rises with each change of the draft, so that nobody overwrites what he has not seen; `keys` are
    what files that were imported call it.
    """

    __table_args__ = (UniqueConstraint("conference_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    room_id: int = Field(foreign_key="room.id")
    slug: str
    uid: str = Field(unique=True)
    title: str
    starts: datetime
    ends: datetime | None = None
    published: str = ""
    status: EventStatus = EventStatus.CONFIRMED
    descriptions: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    source: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    sequence: int = 0
    updated_at: datetime
    version: int = 1
    keys: list[str] = Field(default_factory=list, sa_type=JSON)


class Release(Table, table=True):
    """One published state: the document exactly as delegates get it, never changed.

    `made_by` is None for the command line; `restores` is the number of the release that it brings back.
    """

    __table_args__ = (UniqueConstraint("conference_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    number: int
    released_at: datetime
    note: str = ""
    document: str
    etag: str
    made_by: int | None = Field(default=None, foreign_key="staffmember.id")
    restores: int | None = None
