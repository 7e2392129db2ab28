"""Who of us covers what, as staff's pages show and print it: plain texts, on the venue's clock."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from copapp.domain.clashes import Clash
from copapp.models import Availability, Event, EventStatus, Room, StaffMember, StaffRole
from copapp.presenters.inbox import ClashView, clash_view


@dataclass(frozen=True)
class CoverPerson:
    """One of us beside an event; `may_change`: whoever reads may say so of this person."""

    id: int
    name: str
    is_there: bool
    may_change: bool


@dataclass(frozen=True)
class CoverClash:
    """What is in a person's way."""

    name: str
    clash: ClashView


@dataclass(frozen=True)
class CoverRow:
    """One event; `ends` is "" where unknown, `is_gap`: nobody is there, and somebody should."""

    slug: str
    version: int
    title: str
    starts: str
    ends: str
    room: str
    is_cancelled: bool
    is_gap: bool
    people: list[CoverPerson]
    clashes: list[CoverClash]


@dataclass(frozen=True)
class CoverHours:
    """When one of us can be met on a day: "09:00–12:00, 14:00–18:00"."""

    name: str
    spans: str


@dataclass(frozen=True)
class CoverDay:
    """One date (YYYY-MM-DD) with its events, and who can be met when."""

    day: str
    hours: list[CoverHours]
    rows: list[CoverRow]


def cover_people(
    members: Iterable[StaffMember], there: AbstractSet[int], reader: StaffMember
) -> list[CoverPerson]:
    """Present all of us beside an event; a coordinator may change everybody, another only himself."""
    return [
        CoverPerson(
            each.id or 0,
            each.name,
            each.id in there,
            reader.role is StaffRole.COORDINATOR or each.id == reader.id,
        )
        for each in members
    ]


def cover_row(
    event: Event,
    room: Room,
    people: list[CoverPerson],
    clashes: Mapping[int, Mapping[str, list[Clash]]],
    zone: ZoneInfo,
) -> CoverRow:
    """Present one event with who is there, and what that runs into."""
    is_cancelled = event.status is EventStatus.CANCELLED
    return CoverRow(
        event.slug,
        event.version,
        event.title,
        f"{event.starts.astimezone(zone):%H:%M}",
        f"{event.ends.astimezone(zone):%H:%M}" if event.ends else "",
        room.name,
        is_cancelled,
        not is_cancelled and not any(each.is_there for each in people),
        people,
        [
            CoverClash(each.name, clash_view(clash, zone))
            for each in people
            for clash in clashes.get(each.id, {}).get(event.slug, [])
        ],
    )


def cover_hours(
    members: Iterable[StaffMember], hours: Mapping[int, list[Availability]], day: str, zone: ZoneInfo
) -> list[CoverHours]:
    """Present who of us can be met on a day; those who said no hours are left out."""
    found = []
    for each in members:
        spans = [
            f"{span.starts.astimezone(zone):%H:%M}–{span.ends.astimezone(zone):%H:%M}"
            for span in hours.get(each.id or 0, [])
            if f"{span.starts.astimezone(zone):%Y-%m-%d}" == day
        ]
        if spans:
            found.append(CoverHours(each.name, ", ".join(spans)))
    return found
