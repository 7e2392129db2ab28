"""A programme as a source gives it, before it is in the tables: what every import reads into."""

from dataclasses import dataclass, field
from datetime import date, datetime

from copapp.domain.venue import Venue


@dataclass(frozen=True)
class SourceSite:
    """A building."""

    slug: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class SourceRoom:
    """A room; `site` is the slug of its building."""

    slug: str
    name: str
    site: str
    note: str = ""


@dataclass(frozen=True)
class SourceWalk:
    """Minutes between two sites (slugs), either way; `basis` says whose estimate it is."""

    from_site: str
    to_site: str
    minutes: int
    basis: str


@dataclass(frozen=True)
class SourceEvent:
    """One event; `starts` and `ends` are aware, `ends` None where the source gives none."""

    slug: str
    title: str
    starts: datetime
    ends: datetime | None
    room: str
    published: str = ""
    descriptions: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] | None = None
    is_cancelled: bool = False


@dataclass(frozen=True)
class SourceConference:
    """The conference itself; dates are its first and last day in its own zone."""

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
    introduction: list[str]
    about: dict[str, str]
    contact_email: str
    funding_url: str
    assumed_length_minutes: int
    meeting_day_starts: str = "09:00"
    meeting_day_ends: str = "18:00"
    meeting_minutes: int = 30
    retention_days: int = 30
    usual_slots: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SourcePlan:
    """The venue's plan: the file as it was given, and what it says."""

    content: str
    venue: Venue


@dataclass(frozen=True)
class SourceProgramme:
    """All of it; `plan` is None where the venue has none yet."""

    conference: SourceConference
    sites: list[SourceSite]
    rooms: list[SourceRoom]
    walks: list[SourceWalk]
    events: list[SourceEvent]
    plan: SourcePlan | None = None
