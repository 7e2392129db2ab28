"""A venue as its plan gives it: sites, rooms, and the paths between their doors. In metres, y up."""

from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]
Ring = list[Point]


class DoorKind(StrEnum):
    """What a door is: of a room, of a site, or where paths meet on the way."""

    ROOM = "room"
    ENTRANCE = "entrance"
    STAIRS = "stairs"
    LIFT = "lift"
    PASSAGE = "passage"


class PathKind(StrEnum):
    """How one goes; `stairs` is what a person may have to avoid."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    STAIRS = "stairs"
    LIFT = "lift"
    RAMP = "ramp"


@dataclass(frozen=True)
class Named:
    """A feature with a name; `names` by language, only where they differ from it."""

    id: str
    name: str
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SitePlan(Named):
    """The outline of a site of the programme."""

    outline: Ring = field(default_factory=list)


@dataclass(frozen=True)
class Building:
    """Something that stands there and is no site: drawn, never named."""

    id: str
    outline: Ring


@dataclass(frozen=True)
class Level(Named):
    """A floor of a site; `ordinal` counts from the ground floor, 0 (IMDF)."""

    site: str = ""
    ordinal: int = 0


@dataclass(frozen=True)
class RoomPlan(Named):
    """The outline of a room; `level` is None where it is not known."""

    site: str = ""
    level: str | None = None
    outline: Ring = field(default_factory=list)


@dataclass(frozen=True)
class Door(Named):
    """Where paths meet. One of a room says which; `level` is None where it is not known."""

    kind: DoorKind = DoorKind.PASSAGE
    at: Point = (0, 0)
    site: str | None = None
    room: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Path:
    """A way between two doors, in both directions; `basis` says whose estimate the minutes are."""

    id: str
    kind: PathKind
    from_door: str
    to_door: str
    minutes: int
    basis: str
    line: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class Location:
    """One true coordinate (WGS 84) for the whole venue, and whom to thank for it."""

    latitude: float
    longitude: float
    credit: str = ""


@dataclass(frozen=True)
class Venue:
    """All of it; `is_schematic` where nothing is to scale."""

    is_schematic: bool
    location: Location | None
    sites: list[SitePlan]
    buildings: list[Building]
    levels: list[Level]
    rooms: list[RoomPlan]
    doors: list[Door]
    paths: list[Path]
