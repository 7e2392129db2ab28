"""A venue's plan (GeoJSON, RFC 7946, in local metres) to domain values, or every problem it has at once.

The feature types are like IMDF's: site, building, level, room, door, path. The `id` of a site or a room that
the programme names is its slug there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from copapp.domain.venue import (
    Building,
    Door,
    DoorKind,
    Level,
    Location,
    Path,
    PathKind,
    Point,
    Ring,
    RoomPlan,
    SitePlan,
    Venue,
)
from copapp.domain.ways import reached_rooms
from copapp.interop.toml_item import Item

MOST_BYTES = 2_000_000
_MOST_METRES = 100_000
_TYPES = ("site", "building", "level", "room", "door", "path")


class VenueFileError(ValueError):
    """The plan cannot be used; `problems` names feature, what is wrong and what would be right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Programme:
    """What the programme names by slug: sites, rooms, each room's site, and the rooms that events are in."""

    sites: Mapping[str, str]
    rooms: Mapping[str, str]
    site_of: Mapping[str, str]
    held_in: frozenset[str]


def read_venue(content: bytes, programme: Programme, file: str = "venue.geojson") -> Venue:
    """Read a plan. Raises VenueFileError with every problem found."""
    problems: list[str] = []
    plan = _Plan(file, _features(content, file, problems), programme, problems)
    if problems:
        raise VenueFileError(problems)
    venue = plan.venue()
    if not problems:
        plan.check(venue)
    if problems:
        raise VenueFileError(problems)
    return venue


def _features(content: bytes, file: str, problems: list[str]) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        problems.append(f"{file}: has {len(content):,} bytes; {MOST_BYTES:,} is the most")
        return {}
    try:
        given = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        problems.append(f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})")
    except (ValueError, RecursionError) as error:
        problems.append(f"{file}: is not JSON: {str(error)[:200]}")
    else:
        if isinstance(given, dict) and given.get("type") == "FeatureCollection":
            return given
        problems.append(
            f'{file}: is not a GeoJSON file: it should begin with {{"type": "FeatureCollection", …'
        )
    return {}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


class _Plan:
    """One file while it is read: its features by type, and what is wrong with them."""

    def __init__(self, file: str, given: dict[str, Any], programme: Programme, problems: list[str]) -> None:
        self._programme, self._problems = programme, problems
        self._whole = Item(file, {key: value for key, value in given.items() if key != "type"}, problems)
        self._by_type: dict[str, list[tuple[str, Item, Any]]] = {each: [] for each in _TYPES}
        self._site_of_level: dict[str, str] = {}
        seen: set[str] = set()
        for count, each in enumerate(self._whole.take("features", list, default=[]) or [], start=1):
            self._sort(f"{file}, feature {count}", file, each, seen)
        self._ids = {kind: {id_ for id_, _, _ in held} for kind, held in self._by_type.items()}

    def _sort(self, place: str, file: str, given: Any, seen: set[str]) -> None:
        if not isinstance(given, dict) or given.get("type") != "Feature":
            self._problems.append(f'{place}: is not a feature: it should begin with {{"type": "Feature", …')
            return
        id_ = Item(place, {"slug": given.get("id")}, self._problems).slug()
        properties = Item(f"{file}, {id_ or place}", given.get("properties"), self._problems)
        kind = properties.one_of("feature_type", set(_TYPES))
        properties.where = f"{file}, {kind} {id_}"
        if id_ and id_ in seen:
            properties.wrong(f"the id {id_!r} is used twice")
        seen.add(id_)
        if kind in self._by_type:
            self._by_type[kind].append((id_, properties, given.get("geometry")))

    def venue(self) -> Venue:
        made = Venue(
            is_schematic=self._whole.take("schematic", bool),
            location=self._location(),
            sites=[self._site(*each) for each in self._by_type["site"]],
            buildings=[
                Building(id_, self._ring(item, shape)) for id_, item, shape in self._by_type["building"]
            ],
            levels=[self._level(*each) for each in self._by_type["level"]],
            rooms=[self._room(*each) for each in self._by_type["room"]],
            doors=[self._door(*each) for each in self._by_type["door"]],
            paths=[self._path(*each) for each in self._by_type["path"]],
        )
        for held in self._by_type.values():
            for _, item, _ in held:
                item.done()
        self._whole.done()
        return made

    def _location(self) -> Location | None:
        given = self._whole.take("location", dict, default=None)
        if given is None:
            return None
        item = Item(f"{self._whole.where}, location", given, self._problems)
        latitude, longitude = item.coordinate("latitude", 90), item.coordinate("longitude", 180)
        credit = item.text("credit", "")
        item.done()
        if latitude is None or longitude is None:
            item.wrong("should give `latitude` and `longitude`, both as numbers of degrees")
            return None
        return Location(float(latitude), float(longitude), credit)

    def _site(self, id_: str, item: Item, shape: Any) -> SitePlan:
        name = self._published(id_, item, self._programme.sites)
        if id_ and id_ not in self._programme.sites:
            item.wrong(f"is not one of the programme's sites: {', '.join(self._programme.sites)}")
        return SitePlan(id_, name, item.texts_by_language("names"), self._ring(item, shape))

    def _level(self, id_: str, item: Item, shape: Any) -> Level:
        if shape is not None:
            item.wrong("has a geometry; a level is drawn by its rooms, so it should be null")
        site = item.one_of("site", self._ids["site"])
        ordinal = item.take("ordinal", int) or 0
        self._site_of_level[id_] = site
        return Level(id_, item.text("name"), item.texts_by_language("names"), site, ordinal)

    def _room(self, id_: str, item: Item, shape: Any) -> RoomPlan:
        name = self._published(id_, item, self._programme.rooms)
        site = item.one_of("site", self._ids["site"])
        expected = self._programme.site_of.get(id_, site)
        if site and site != expected:
            item.wrong(f"is in {site}; the programme has it in {expected}")
        names = item.texts_by_language("names")
        return RoomPlan(id_, name, names, site, self._on_level(item, site), self._ring(item, shape))

    def _door(self, id_: str, item: Item, shape: Any) -> Door:
        kind = DoorKind(item.one_of("kind", set(DoorKind)) or DoorKind.PASSAGE)
        room = item.one_of("room", self._ids["room"]) if kind is DoorKind.ROOM else None
        site = (
            item.one_of("site", self._ids["site"])
            if "site" in item.left or kind is DoorKind.ENTRANCE
            else None
        )
        name, names = item.text("name", ""), item.texts_by_language("names")
        return Door(id_, name, names, kind, self._point(item, shape), site, room, self._on_level(item, site))

    def _path(self, id_: str, item: Item, shape: Any) -> Path:
        kind = PathKind(item.one_of("kind", set(PathKind)) or PathKind.INSIDE)
        ends = item.one_of("from", self._ids["door"]), item.one_of("to", self._ids["door"])
        if ends[0] and ends[0] == ends[1]:
            item.wrong(f"`from` and `to` are both {ends[0]!r}; a path leads to another door")
        minutes = item.take("minutes", int)
        if minutes is not None and not 0 <= minutes <= 24 * 60:
            item.wrong(f"`minutes` is {minutes}; it should be between 0 and 1440")
        return Path(id_, kind, *ends, minutes or 0, item.text("basis"), self._line(item, shape))

    def _published(self, id_: str, item: Item, named: Mapping[str, str]) -> str:
        """Give a name as the programme publishes it; only what the programme does not name brings its own."""
        if id_ not in named:
            return item.text("name") if named is self._programme.rooms else ""
        own = item.text("name", named[id_])
        if own != named[id_]:
            item.wrong(f"`name` is {own!r}; the programme says {named[id_]!r}, so leave it out")
        return named[id_]

    def _on_level(self, item: Item, site: str | None) -> str | None:
        level = item.take("level", str, default=None)
        if level is None:
            return None
        if level not in self._ids["level"]:
            item.wrong(f"`level` is {level!r}, which is not one of: {', '.join(sorted(self._ids['level']))}")
        if self._site_of_level.get(level, site) != site:
            item.wrong(
                f"`level` is {level!r}, which is a level of {self._site_of_level[level]}, not of {site}"
            )
        return str(level)

    def _coordinates(self, item: Item, shape: Any, kind: str) -> Any:
        if not isinstance(shape, dict) or shape.get("type") != kind:
            found = shape.get("type") if isinstance(shape, dict) else shape
            item.wrong(f"its geometry is {found!r}; it should be a {kind}")
            return None
        return shape.get("coordinates")

    def _point(self, item: Item, shape: Any) -> Point:
        return self._metres(item, self._coordinates(item, shape, "Point")) or (0, 0)

    def _line(self, item: Item, shape: Any) -> list[Point]:
        points = self._points(item, self._coordinates(item, shape, "LineString"))
        if points is not None and len(points) < 2:  # noqa: PLR2004 - RFC 7946, 3.1.4
            item.wrong("its line should have two points or more")
        return points or []

    def _ring(self, item: Item, shape: Any) -> Ring:
        given = self._coordinates(item, shape, "Polygon")
        if given is None:
            return []
        if not isinstance(given, list) or len(given) != 1:
            item.wrong("its polygon should be one ring, without holes")
            return []
        ring = self._points(item, given[0])
        if ring is None:
            return []
        if len(ring) < 4 or ring[0] != ring[-1]:  # noqa: PLR2004 - RFC 7946, 3.1.6
            item.wrong(
                "its ring is not closed: its first point should stand again at its end, after three or more"
            )
        elif not area(ring):
            item.wrong("its ring has no area")
        return ring

    def _points(self, item: Item, given: Any) -> list[Point] | None:
        if given is None:
            return None
        if not isinstance(given, list):
            item.wrong("its coordinates should be a list of points")
            return None
        found = [self._metres(item, each) for each in given]
        return [each for each in found if each] if all(found) else None

    def _metres(self, item: Item, given: Any) -> Point | None:
        if given is None:
            return None
        match given:
            case [int() | float() as x, int() | float() as y] if bool not in {type(x), type(y)}:
                if max(abs(x), abs(y)) <= _MOST_METRES:
                    return float(x), float(y)
        item.wrong(f"a point is {str(given)[:60]}; it should be two numbers, metres from the plan's origin")
        return None

    def check(self, venue: Venue) -> None:
        """Find what only shows in the whole: rooms that are missing, lie elsewhere, or cannot be reached."""
        drawn = {room.id for room in venue.rooms}
        outlines = {site.id: site.outline for site in venue.sites}
        for slug in sorted(self._programme.held_in - drawn):
            self._whole.wrong(f"room {slug} is missing: events are held there")
        for room in venue.rooms:
            if not contains(outlines[room.site], middle(room.outline)):
                self._room_wrong(room.id, f"lies outside {room.site}")
            if not any(door.room == room.id for door in venue.doors):
                self._room_wrong(
                    room.id, f"has no door: a door with `room` {room.id!r} should say where one enters"
                )
        self._check_reach(venue)

    def _check_reach(self, venue: Venue) -> None:
        with_doors = [room.id for room in venue.rooms if any(door.room == room.id for door in venue.doors)]
        if not with_doors:
            return
        reached = reached_rooms(venue, with_doors[0])
        for room in with_doors:
            if room not in reached:
                self._room_wrong(room, f"cannot be reached from {with_doors[0]}: no path leads to its door")

    def _room_wrong(self, room: str, what: str) -> None:
        item = next(item for id_, item, _ in self._by_type["room"] if id_ == room)
        item.wrong(what)


def area(ring: Ring) -> float:
    """Give a closed ring's area in square metres, by the shoelace formula; 0 for a line there and back."""
    turns = pairwise(ring)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in turns)) / 2


def middle(ring: Ring) -> Point:
    """Give the middle of a ring's bounding box."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def contains(ring: Ring, point: Point) -> bool:
    """Whether a point lies within a closed ring (even-odd rule)."""
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed
