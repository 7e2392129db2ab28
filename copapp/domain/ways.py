"""The way from room to room, and the walk from site to site. `way` has a twin in offline/store/ways.js."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations
from operator import itemgetter

from copapp.domain.venue import Door, Path, PathKind, Venue


@dataclass(frozen=True)
class Leg:
    """One path of a way, in the direction in which it is walked; `minutes` is an estimate."""

    path: str
    from_door: str
    to_door: str
    minutes: int


Cost = tuple[int, int, tuple[str, ...]]
"""Minutes, legs, and the paths' ids: of two ways that take as long, everybody is shown the same."""


def way(
    doors: Iterable[Door], paths: Iterable[Path], from_room: str, to_room: str, *, avoid_stairs: bool = False
) -> list[Leg] | None:
    """Find the quickest way between two rooms: [] within one, None where there is none."""
    if from_room == to_room:
        return []
    of_room = [(door.id, door.room) for door in doors if door.room]
    starts = [door for door, room in of_room if room == from_room]
    goals = {door for door, room in of_room if room == to_room}
    found = _walked(_legs(paths, avoid_stairs=avoid_stairs), starts)
    ends = [found[goal] for goal in goals if goal in found]
    return min(ends, key=itemgetter(0))[1] if ends else None


def _legs(paths: Iterable[Path], *, avoid_stairs: bool) -> dict[str, list[Leg]]:
    leading: dict[str, list[Leg]] = {}
    for path in paths:
        if avoid_stairs and path.kind is PathKind.STAIRS:
            continue
        for ends in ((path.from_door, path.to_door), (path.to_door, path.from_door)):
            leading.setdefault(ends[0], []).append(Leg(path.id, *ends, path.minutes))
    return leading


def _walked(leading: dict[str, list[Leg]], starts: list[str]) -> dict[str, tuple[Cost, list[Leg]]]:
    """Walk to every door that can be reached (Dijkstra): what it costs, and by which legs."""
    best: dict[str, tuple[Cost, list[Leg]]] = {}
    queue: list[tuple[Cost, str, list[Leg]]] = [((0, 0, ()), door, []) for door in sorted(starts)]
    while queue:
        cost, door, legs = heappop(queue)
        if door in best:
            continue
        best[door] = (cost, legs)
        for leg in leading.get(door, []):
            if leg.to_door not in best:
                longer = (cost[0] + leg.minutes, cost[1] + 1, (*cost[2], leg.path))
                heappush(queue, (longer, leg.to_door, [*legs, leg]))
    return best


@dataclass(frozen=True)
class SiteWalk:
    """Minutes between two sites, either way; `basis` says whose estimate they are."""

    from_site: str
    to_site: str
    minutes: int
    basis: str


def walks(venue: Venue) -> list[SiteWalk]:
    """Give the walk between each two sites that hold rooms: the longest of the ways between their rooms.

    The longest, so that a warning of a walk that does not fit errs on the safe side.
    """
    rooms: dict[str, list[str]] = {}
    for room in venue.rooms:
        rooms.setdefault(room.site, []).append(room.id)
    reached = {room.id: reached_rooms(venue, room.id) for room in venue.rooms}
    found = []
    for one, other in combinations([site.id for site in venue.sites if site.id in rooms], 2):
        minutes, *ends = max((reached[a][b], a, b) for a in rooms[one] for b in rooms[other])
        found.append(SiteWalk(one, other, minutes, _basis(venue, *ends)))
    return found


def _basis(venue: Venue, from_room: str, to_room: str) -> str:
    basis = {path.id: path.basis for path in venue.paths}
    legs = way(venue.doors, venue.paths, from_room, to_room) or []
    return " ".join(dict.fromkeys(basis[leg.path] for leg in legs))


def reached_rooms(venue: Venue, room: str) -> dict[str, int]:
    """Give the minutes from a room to each that can be reached from it, itself included."""
    starts = [door.id for door in venue.doors if door.room == room]
    found = _walked(_legs(venue.paths, avoid_stairs=False), starts)
    minutes: dict[str, int] = {}
    for door in venue.doors:
        if door.room and door.id in found:
            cost = found[door.id][0][0]
            minutes[door.room] = min(cost, minutes.get(door.room, cost))
    return minutes
