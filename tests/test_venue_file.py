"""The plan of a venue: the real one holds what the programme holds, a broken one is refused by feature."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copapp.interop.conference_folder import DataFolderError, programme_of, read_folder
from copapp.interop.venue_file import MOST_BYTES, Programme, VenueFileError, read_venue

HALLS = Path(__file__).parent / "data" / "halls"
Plan = dict[str, Any]
Break = Callable[[Plan], None]


@pytest.fixture
def programme() -> Programme:
    source = read_folder(HALLS)
    return programme_of(source.sites, source.rooms, source.events)


def the_plan() -> Plan:
    plan: Plan = json.loads((HALLS / "venue.geojson").read_text("utf-8"))
    return plan


def feature(plan: Plan, id_: str) -> Plan:
    found: Plan = next(each for each in plan["features"] if each["id"] == id_)
    return found


def said_of(content: bytes, programme: Programme) -> list[str]:
    """Read what must be refused; give what is said of it."""
    with pytest.raises(VenueFileError) as refused:
        read_venue(content, programme)
    return refused.value.problems


def with_property(id_: str, **given: Any) -> Break:
    return lambda plan: feature(plan, id_)["properties"].update(given)


def without_property(id_: str, name: str) -> Break:
    return lambda plan: feature(plan, id_)["properties"].pop(name)


def with_shape(id_: str, shape: Any) -> Break:
    return lambda plan: feature(plan, id_).update(geometry=shape)


def polygon(*rings: Any) -> Plan:
    return {"type": "Polygon", "coordinates": [*rings]}


def without(*ids: str) -> Break:
    def breaks(plan: Plan) -> None:
        plan["features"] = [each for each in plan["features"] if each["id"] not in ids]

    return breaks


def on_top(**given: Any) -> Break:
    return lambda plan: plan.update(given)


def twice(id_: str) -> Break:
    return lambda plan: plan["features"].append(feature(plan, id_))


def named_anew(id_: str, name: Any) -> Break:
    return lambda plan: feature(plan, id_).update(id=name)


F = "venue.geojson"
BROKEN: dict[str, tuple[Break, str]] = {
    "not a collection": (
        on_top(type="Feature"),
        f'{F}: is not a GeoJSON file: it should begin with {{"type": "FeatureCollection", …',
    ),
    "no features": (on_top(features={}), f"{F}: `features` is {{}}; it should be of type list"),
    "not a feature": (
        lambda plan: plan["features"].append({"type": "Point"}),
        f'{F}, feature 30: is not a feature: it should begin with {{"type": "Feature", …',
    ),
    "no id": (named_anew("aula", None), f"{F}, feature 6: `slug` is None; it should be of type str"),
    "an id that is no slug": (
        named_anew("kiosk", "The Kiosk"),
        f"{F}, feature 3: `slug` is 'The Kiosk'; it may hold a-z, 0-9 and single hyphens between them",
    ),
    "an id twice": (twice("aula-door"), f"{F}, door aula-door: the id 'aula-door' is used twice"),
    "an unknown type": (
        with_property("kiosk", feature_type="shop"),
        f"{F}, kiosk: `feature_type` is 'shop', which is not one of: building, door, level, path, room, site",
    ),
    "an unknown property": (
        with_property("aula", colour="red"),
        f"{F}, room aula: `colour` is not a key that is known here",
    ),
    "the wrong shape": (
        with_shape("aula", {"type": "Point", "coordinates": [1, 2]}),
        f"{F}, room aula: its geometry is 'Point'; it should be a Polygon",
    ),
    "no shape": (
        with_shape("north-entrance", None),
        f"{F}, door north-entrance: its geometry is None; it should be a Point",
    ),
    "a ring that is not closed": (
        with_shape("aula", polygon([[2, 14], [30, 14], [30, 38], [2, 38]])),
        f"{F}, room aula: its ring is not closed: its first point should stand again at its end, "
        "after three or more",
    ),
    "a ring without an area": (
        with_shape("aula", polygon([[2, 14], [30, 14], [2, 14], [2, 14]])),
        f"{F}, room aula: its ring has no area",
    ),
    "a hole": (
        with_shape("aula", polygon([[2, 14], [30, 14], [2, 14], [2, 14]], [])),
        f"{F}, room aula: its polygon should be one ring, without holes",
    ),
    "a coordinate that is text": (
        with_shape("kiosk", polygon([[66, "0"], [72, 0], [72, 6], [66, 0]])),
        f"{F}, building kiosk: a point is [66, '0']; it should be two numbers, metres from the plan's origin",
    ),
    "a coordinate far away": (
        with_shape("aula-door", {"type": "Point", "coordinates": [1e9, 0]}),
        f"{F}, door aula-door: a point is [1000000000.0, 0]; it should be two numbers, "
        "metres from the plan's origin",
    ),
    "a line of one point": (
        with_shape("stairs", {"type": "LineString", "coordinates": [[1, 1]]}),
        f"{F}, path stairs: its line should have two points or more",
    ),
    "a site that the programme lacks": (
        with_property("kiosk", feature_type="site"),
        f"{F}, site kiosk: is not one of the programme's sites: north-hall, garden-house",
    ),
    "a room of no site": (
        with_property("cloakroom", site="cellar"),
        f"{F}, room cloakroom: `site` is 'cellar', which is not one of: garden-house, north-hall",
    ),
    "a room in another site than the programme's": (
        with_property("pavilion", site="north-hall"),
        f"{F}, room pavilion: is in north-hall; the programme has it in garden-house",
    ),
    "a room by another name": (
        with_property("aula", name="Great Hall"),
        f"{F}, room aula: `name` is 'Great Hall'; the programme says 'Aula', so leave it out",
    ),
    "a room without a name": (
        without_property("cloakroom", "name"),
        f"{F}, room cloakroom: `name` is missing",
    ),
    "an event's room that is missing": (
        without("library", "library-door", "stairs-to-library", "lift-to-library"),
        f"{F}: room library is missing: events are held there",
    ),
    "a room outside its site": (
        with_shape("pavilion", polygon([[0, 0], [9, 0], [9, 9], [0, 0]])),
        f"{F}, room pavilion: lies outside garden-house",
    ),
    "an unknown level": (
        with_property("aula", level="cellar"),
        f"{F}, room aula: `level` is 'cellar', which is not one of: north-ground, north-upper",
    ),
    "a level of another site": (
        with_property("pavilion", level="north-upper"),
        f"{F}, room pavilion: `level` is 'north-upper', which is a level of north-hall, not of garden-house",
    ),
    "a level that is drawn": (
        with_shape("north-upper", {"type": "Point", "coordinates": [0, 0]}),
        f"{F}, level north-upper: has a geometry; a level is drawn by its rooms, so it should be null",
    ),
    "a door of no room": (
        with_property("aula-door", room="attic"),
        f"{F}, door aula-door: `room` is 'attic', which is not one of: aula, cloakroom, library, pavilion",
    ),
    "a room without a door": (
        with_property("pavilion-door", kind="passage", room=None),
        f"{F}, door pavilion-door: `room` is not a key that is known here",
    ),
    "a path to nowhere": (
        with_property("hall-to-garden", to="gate"),
        f"{F}, path hall-to-garden: `to` is 'gate', which is not one of: aula-door, cloakroom-door, "
        "garden-entrance, library-door, lift-above, lift-below, north-entrance, pavilion-door, stairs-above, "
        "stairs-below",
    ),
    "a path that stays": (
        with_property("stairs", to="stairs-below"),
        f"{F}, path stairs: `from` and `to` are both 'stairs-below'; a path leads to another door",
    ),
    "minutes below nothing": (
        with_property("stairs", minutes=-1),
        f"{F}, path stairs: `minutes` is -1; it should be between 0 and 1440",
    ),
    "nobody's estimate": (without_property("stairs", "basis"), f"{F}, path stairs: `basis` is missing"),
    "a room that cannot be reached": (
        without("hall-to-garden"),
        f"{F}, room pavilion: cannot be reached from aula: no path leads to its door",
    ),
    "half a location": (
        on_top(location={"latitude": 38.7}),
        f"{F}, location: should give `latitude` and `longitude`, both as numbers of degrees",
    ),
    "a language that is none": (
        with_property("cloakroom", names={"Deutsch!": "Garderobe"}),
        f"{F}, room cloakroom: `names` names a language 'Deutsch!'; it should be a code such as en or fr",
    ),
    "nothing about its scale": (lambda plan: plan.pop("schematic"), f"{F}: `schematic` is missing"),
}


@pytest.mark.parametrize(("breaks", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_broken_plan_is_refused_by_the_features_name(
    programme: Programme, breaks: Break, expected: str
) -> None:
    plan = the_plan()
    breaks(plan)

    assert expected in said_of(json.dumps(plan).encode(), programme)


def test_door_of_a_room_that_has_none_is_asked_for(programme: Programme) -> None:
    plan = the_plan()
    feature(plan, "pavilion-door")["properties"] |= {"kind": "passage"}
    feature(plan, "pavilion-door")["properties"].pop("room")

    assert said_of(json.dumps(plan).encode(), programme) == [
        f"{F}, room pavilion: has no door: a door with `room` 'pavilion' should say where one enters"
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff{}", "is not UTF-8 text (invalid start byte at byte 0)"),
        (b'{"type": NaN}', "is not JSON: NaN is no number of JSON"),
        (b"[" * 100_000, "is not JSON: maximum recursion depth exceeded"),
        (b" " * (MOST_BYTES + 1), "has 2,000,001 bytes; 2,000,000 is the most"),
    ],
    ids=["empty", "not UTF-8", "NaN", "deep", "huge"],
)
def test_what_is_no_plan_is_refused(programme: Programme, content: bytes, expected: str) -> None:
    [problem] = said_of(content, programme)

    assert problem.startswith(f"{F}: {expected}")


def test_everything_wrong_is_said_at_once(programme: Programme) -> None:
    plan = the_plan()
    for breaks, _ in (BROKEN["nobody's estimate"], BROKEN["a room by another name"]):
        breaks(plan)

    assert len(said_of(json.dumps(plan).encode(), programme)) == 2


def test_plan_of_the_real_conference_is_schematic_and_holds_its_rooms() -> None:
    source = read_folder(HALLS.parents[2] / "copapp" / "data" / "cop14")

    assert source.plan is not None
    venue = source.plan.venue
    assert venue.is_schematic
    assert {room.id for room in venue.rooms} == {"ferghana", "bukhara", "avantegarde", "snow-leopard"}
    assert (source.conference.latitude, source.conference.longitude) == (39.6596, 67.05576)
    assert venue.location is not None
    assert venue.location.credit == "© OpenStreetMap contributors"
    assert {path.basis for path in venue.paths} == {"An assumption, not measured."}


def test_folder_with_a_plan_gives_its_walks_and_place_once(tmp_path: Path) -> None:
    for file in HALLS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "programme.toml").open("a") as programme_toml:
        programme_toml.write(
            '[[walk]]\nfrom = "north-hall"\nto = "garden-house"\nminutes = 3\nbasis = "Paced."\n'
        )
    about = (tmp_path / "conference.toml").read_text()
    (tmp_path / "conference.toml").write_text("latitude = 1.0\nlongitude = 2.0\n" + about)

    with pytest.raises(DataFolderError) as refused:
        read_folder(tmp_path)

    assert refused.value.problems == [
        "programme.toml: `walk` is for a venue without a plan; venue.geojson holds the paths",
        "conference.toml: `latitude` and `longitude` are given by venue.geojson already",
    ]
