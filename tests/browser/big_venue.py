"""A venue of 300 rooms in ten sites, as a data folder, to measure what a large plan costs."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from copapp.settings import DATA

SITES, ROWS, COLUMNS = 10, 5, 6
ROOM, CORRIDOR, GAP = (16, 12), 4, 30
BASIS = "Made up, to measure with."

Feature = dict[str, Any]


def write_big_venue(folder: Path) -> Path:
    """Write the data folder and return it; the same every time."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "cop14" / "conference.toml", folder / "conference.toml")
    (folder / "programme.toml").write_text(_programme(), encoding="utf-8")
    plan = {"type": "FeatureCollection", "schematic": True, "features": _features()}
    (folder / "venue.geojson").write_text(json.dumps(plan), encoding="utf-8")
    return folder


def _rooms(site: int) -> list[str]:
    return [f"room-{site}-{number}" for number in range(1, ROWS * COLUMNS + 1)]


def _programme() -> str:
    sites = [f'[[site]]\nslug = "hall-{site}"\nname = "Hall {site}"' for site in range(1, SITES + 1)]
    rooms = [
        f'[[room]]\nslug = "{room}"\nname = "Room {room.removeprefix("room-")}"\nsite = "hall-{site}"'
        for site in range(1, SITES + 1)
        for room in _rooms(site)
    ]
    events = [
        f'[[event]]\nslug = "event-{number}"\ntitle = "Event {number}"\nroom = "room-{number}-1"\n'
        f'starts = 2024-02-12T{8 + number:02}:00:00\nends = 2024-02-12T{8 + number:02}:45:00\npublished = ""'
        for number in range(1, SITES + 1)
    ]
    return "\n".join([*sites, *rooms, *events])


def _feature(id_: str, feature_type: str, geometry: str, coordinates: Any, **properties: Any) -> Feature:
    return {
        "type": "Feature",
        "id": id_,
        "properties": {"feature_type": feature_type, **properties},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def _block(left: float, top: float, width: float, height: float) -> list[list[list[float]]]:
    right, bottom = left + width, top - height
    return [[[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]]


def _features() -> list[Feature]:
    width = COLUMNS * ROOM[0] + 2 * CORRIDOR
    height = ROWS * (ROOM[1] + CORRIDOR) + CORRIDOR
    corners = [
        ((site % 2) * (width + GAP), -(site // 2) * (height + GAP)) for site in range(SITES)
    ]  # two columns of five
    sites = [_hall(site + 1, *corner, width, height) for site, corner in enumerate(corners)]
    return [feature for site in sites for feature in site] + _between(corners, width)


def _hall(site: int, left: float, top: float, width: float, height: float) -> list[Feature]:
    made = [_feature(f"hall-{site}", "site", "Polygon", _block(left, top, width, height))]
    entrance = [left + width / 2, top]
    made.append(_feature(f"door-{site}", "door", "Point", entrance, kind="entrance", site=f"hall-{site}"))
    for number, room in enumerate(_rooms(site)):
        row, column = divmod(number, COLUMNS)
        x, y = left + CORRIDOR + column * ROOM[0], top - CORRIDOR - row * (ROOM[1] + CORRIDOR)
        at = [x + ROOM[0] / 2, y]
        made += [
            _feature(room, "room", "Polygon", _block(x + 1, y, ROOM[0] - 2, ROOM[1]), site=f"hall-{site}"),
            _feature(f"{room}-door", "door", "Point", at, kind="room", room=room, site=f"hall-{site}"),
            _path(f"{room}-path", "inside", f"{room}-door", f"door-{site}", [at, [at[0], y + 2], entrance]),
        ]
    return made


def _between(corners: Sequence[tuple[float, float]], width: float) -> list[Feature]:
    doors = [[left + width / 2, top] for left, top in corners]
    return [
        _path(f"way-{site}", "outside", f"door-{site}", f"door-{site + 1}", doors[site - 1 : site + 1])
        for site in range(1, SITES)
    ]


def _path(id_: str, kind: str, start: str, goal: str, line: list[list[float]]) -> Feature:
    given = {"kind": kind, "from": start, "to": goal, "minutes": 2, "basis": BASIS}
    return _feature(id_, "path", "LineString", line, **given)
