"""The venue as `GET /api/v1/venue` gives it: ready to be drawn. In metres, x to the right, y down."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import Field

from copapp.domain.venue import Door, DoorKind, Path, PathKind, Point, Ring, RoomPlan, SitePlan, Venue
from copapp.presenters.programme import plain_names

_MARGIN = 8.0

At = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class LocationShape:
    """One point for the whole venue (WGS 84); `credit` names whom to thank for it."""

    latitude: float
    longitude: float
    credit: str


@dataclass(frozen=True)
class SitePlanShape:
    """A site: `outline` is an SVG path, `at` where its name stands, `box` x, y, width, height."""

    slug: str
    name: str
    names: dict[str, str]
    outline: str
    at: At
    box: Box


@dataclass(frozen=True)
class BuildingShape:
    """Something drawn without a name."""

    id: str
    outline: str


@dataclass(frozen=True)
class LevelShape:
    """A floor of a site; `ordinal` 0 is the ground floor."""

    id: str
    site: str
    ordinal: int
    name: str
    names: dict[str, str]


@dataclass(frozen=True)
class RoomPlanShape:
    """A room; `level` is null where it is not known."""

    slug: str
    name: str
    names: dict[str, str]
    site: str
    level: str | None
    outline: str
    at: At
    box: Box


@dataclass(frozen=True)
class DoorShape:
    """Where paths meet; `name` is "" where a door has none of its own."""

    id: str
    kind: DoorKind
    name: str
    names: dict[str, str]
    site: str | None
    room: str | None
    level: str | None
    at: At


@dataclass(frozen=True)
class PathShape:
    """A way between two doors, in both directions; minutes are an estimate, `basis` says whose."""

    id: str
    kind: PathKind
    from_: Annotated[str, Field(alias="from")]
    to: str
    minutes: int
    basis: str
    line: list[At]


@dataclass(frozen=True)
class VenueShape:
    """One plan, whole; `box` holds everything, with a margin."""

    schematic: bool
    location: LocationShape | None
    box: Box
    sites: list[SitePlanShape]
    buildings: list[BuildingShape]
    levels: list[LevelShape]
    rooms: list[RoomPlanShape]
    doors: list[DoorShape]
    paths: list[PathShape]

    def document(self) -> str:
        """Write the JSON that is stored, and served as it is."""
        return json.dumps(asdict(self, dict_factory=plain_names), ensure_ascii=False, separators=(",", ":"))


def plan_sizes(document: str) -> dict[str, Any]:
    """Say in numbers what a stored plan holds."""
    given = json.loads(document)
    counts = {name: len(given[name]) for name in ("sites", "rooms", "paths")}
    return {"is_schematic": given["schematic"]} | counts


def venue_shape(venue: Venue) -> VenueShape:
    """Present a plan."""
    outlines = [each.outline for each in venue.sites] + [each.outline for each in venue.buildings]
    corners = [point for outline in outlines for point in outline]
    return VenueShape(
        schematic=venue.is_schematic,
        location=LocationShape(**vars(venue.location)) if venue.location else None,
        box=_box(corners + [point for path in venue.paths for point in path.line], _MARGIN),
        sites=[_site(each) for each in venue.sites],
        buildings=[BuildingShape(each.id, _outline(each.outline)) for each in venue.buildings],
        levels=[LevelShape(each.id, each.site, each.ordinal, each.name, each.names) for each in venue.levels],
        rooms=[_room(each) for each in venue.rooms],
        doors=[_door(each) for each in venue.doors],
        paths=[_path(each) for each in venue.paths],
    )


def _site(given: SitePlan) -> SitePlanShape:
    box = _box(given.outline)
    return SitePlanShape(given.id, given.name, given.names, _outline(given.outline), _middle(box), box)


def _room(given: RoomPlan) -> RoomPlanShape:
    box = _box(given.outline)
    outline, at = _outline(given.outline), _middle(box)
    return RoomPlanShape(given.id, given.name, given.names, given.site, given.level, outline, at, box)


def _door(given: Door) -> DoorShape:
    at = _down(given.at)
    names = given.name, given.names
    return DoorShape(given.id, given.kind, *names, given.site, given.room, given.level, at)


def _path(given: Path) -> PathShape:
    ends = given.from_door, given.to_door
    line = [_down(point) for point in given.line]
    return PathShape(given.id, given.kind, *ends, given.minutes, given.basis, line)


def _down(point: Point) -> At:
    """Turn the y axis, which points up in a plan and down in SVG; -0.0 would be written as such."""
    return round(point[0], 1) + 0.0, round(-point[1], 1) + 0.0


def _outline(ring: Ring) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(_down, ring[:-1])) + "Z"


def _box(points: Iterable[Point], margin: float = 0.0) -> Box:
    xs, ys = zip(*map(_down, points), strict=True)
    left, top = min(xs) - margin, min(ys) - margin
    return left, top, round(max(xs) + margin - left, 1), round(max(ys) + margin - top, 1)


def _middle(box: Box) -> At:
    return round(box[0] + box[2] / 2, 1), round(box[1] + box[3] / 2, 1)
