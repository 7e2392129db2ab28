"""The plan that counts: what phones get of it, what it says of walks, and how a coordinator replaces it."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from copapp.api import create_api
from copapp.database import migrate, writing
from copapp.domain.source import SourceProgramme
from copapp.domain.ways import walks, way
from copapp.interop.conference_folder import read_folder
from copapp.interop.venue_file import VenueFileError
from copapp.models import Event, StaffMember, StaffRole
from copapp.services.moves import NotAllowedError
from copapp.services.queries import latest_plan, latest_release, latest_release_number
from copapp.services.seed import seed
from copapp.services.venue import replace_plan
from tests.browser.server import DelegateServer
from tests.conftest import NOW, Environment

HALLS = Path(__file__).parent / "data" / "halls"
PLAN = (HALLS / "venue.geojson").read_bytes()
COORDINATOR = StaffMember(
    slug="aigul", name="Aigul", email="a@adci.example", role=StaffRole.COORDINATOR, created_at=NOW
)


@pytest.fixture
def halls() -> SourceProgramme:
    return read_folder(HALLS)


@pytest.fixture
def seeded(db: Session, halls: SourceProgramme) -> Session:
    seed(db, halls, NOW)
    return db


def released_walks(db: Session) -> list[tuple[str, str, int, str]]:
    release = latest_release(db)
    assert release is not None
    given = json.loads(release.document)["walks"]
    assert all(each["estimate"] is True for each in given)
    return [(each["from"], each["to"], each["minutes"], each["basis"]) for each in given]


def with_minutes(path: str, minutes: int) -> bytes:
    plan = json.loads(PLAN)
    next(each for each in plan["features"] if each["id"] == path)["properties"]["minutes"] = minutes
    return json.dumps(plan).encode()


def test_walks_of_the_real_conference_are_those_between_its_rooms(cop14: SourceProgramme) -> None:
    found = {(walk.from_site, walk.to_site): walk.minutes for walk in cop14.walks}

    assert found == {
        ("expo-centre", "main-building"): 10,
        ("expo-centre", "savitsky-plaza"): 12,
        ("main-building", "savitsky-plaza"): 12,
    }


def test_every_pair_of_rooms_of_the_real_conference_has_a_way(cop14: SourceProgramme) -> None:
    assert cop14.plan is not None
    venue = cop14.plan.venue
    rooms = [room.slug for room in cop14.rooms]

    minutes = {
        (one, other): sum(leg.minutes for leg in way(venue.doors, venue.paths, one, other) or [])
        for one in rooms
        for other in rooms
        if one != other
    }

    assert len(minutes) == 12
    assert {frozenset(pair): count for pair, count in minutes.items()} == {
        frozenset({"ferghana", "bukhara"}): 1,
        frozenset({"ferghana", "avantegarde"}): 12,
        frozenset({"bukhara", "avantegarde"}): 12,
        frozenset({"ferghana", "snow-leopard"}): 10,
        frozenset({"bukhara", "snow-leopard"}): 10,
        frozenset({"avantegarde", "snow-leopard"}): 12,
    }


def test_walk_between_sites_is_the_longest_between_their_rooms(halls: SourceProgramme) -> None:
    """The library is upstairs: whoever comes from there needs longer than from the aula."""
    assert halls.plan is not None

    [walk] = walks(halls.plan.venue)

    assert (walk.from_site, walk.to_site, walk.minutes) == ("north-hall", "garden-house", 7)
    assert walk.basis == "Walked by a volunteer. The caretaker's estimate."


def test_plan_is_released_with_the_programme(seeded: Session) -> None:
    plan = latest_plan(seeded)

    assert plan is not None
    assert plan.content.encode() == PLAN
    assert released_walks(seeded) == [
        ("north-hall", "garden-house", 7, "Walked by a volunteer. The caretaker's estimate.")
    ]


def test_new_plan_counts_at_once_with_its_walks(seeded: Session) -> None:
    replace_plan(seeded, COORDINATOR, with_minutes("hall-to-garden", 9), NOW)

    plan = latest_plan(seeded)
    assert plan is not None
    assert [
        path["minutes"] for path in json.loads(plan.document)["paths"] if path["id"] == "hall-to-garden"
    ] == [9]
    assert [minutes for _, _, minutes, _ in released_walks(seeded)] == [12]
    assert latest_release_number(seeded) == 2


def test_same_plan_again_changes_nothing(seeded: Session) -> None:
    before = latest_plan(seeded)

    replace_plan(seeded, COORDINATOR, PLAN, NOW)

    assert latest_plan(seeded) == before
    assert latest_release_number(seeded) == 1


def test_broken_plan_leaves_the_last_good_one(seeded: Session) -> None:
    before = latest_plan(seeded)

    with pytest.raises(VenueFileError):
        replace_plan(seeded, COORDINATOR, PLAN.replace(b'"ordinal": 1', b'"ordinal": "top"'), NOW)

    assert latest_plan(seeded) == before
    assert latest_release_number(seeded) == 1


def test_new_plan_does_not_release_other_work_of_the_draft(seeded: Session) -> None:
    event = seeded.exec(select(Event).where(Event.slug == "welcome")).one()
    event.title = "Not yet"
    seeded.add(event)
    seeded.flush()

    replace_plan(seeded, COORDINATOR, with_minutes("hall-to-garden", 9), NOW)

    assert latest_release_number(seeded) == 1
    assert [minutes for _, _, minutes, _ in released_walks(seeded)] == [7]


def test_only_coordinators_replace_the_plan(seeded: Session) -> None:
    member = StaffMember(slug="b", name="B", email="b@adci.example", role=StaffRole.MEMBER, created_at=NOW)

    with pytest.raises(NotAllowedError):
        replace_plan(seeded, member, with_minutes("hall-to-garden", 9), NOW)


def test_conference_without_a_plan_has_none_to_give(environment: Environment, tiny: SourceProgramme) -> None:
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)

    with TestClient(create_api()) as api:
        answer = api.get("/api/v1/venue")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "no plan" in answer.json()["detail"]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The conference of two floors, served."""
    folder = tmp_path_factory.mktemp("door")
    server = DelegateServer(folder, {"COPAPP_CONFERENCE": str(HALLS)})
    server.seed()
    server.start()
    with httpx.Client(base_url=server.url) as client:
        yield client
    server.close()


def test_phone_asks_for_the_plan_by_etag(door: httpx.Client) -> None:
    first = door.get("/api/v1/venue")

    again = door.get("/api/v1/venue", headers={"if-none-match": first.headers["etag"]})

    assert first.json()["box"] == [-8.0, -48.0, 126.0, 56.0]
    assert (again.status_code, again.content) == (304, b"")
    assert door.get("/venue.json").json() == first.json()


def test_plan_points_down_as_svg_does(door: httpx.Client) -> None:
    plan = door.get("/api/v1/venue").json()

    [aula] = [room for room in plan["rooms"] if room["slug"] == "aula"]
    assert aula["outline"] == "M2 -14L30 -14L30 -38L2 -38Z"
    assert aula["box"] == [2.0, -38.0, 28.0, 24.0]
    assert (aula["name"], aula["level"], aula["at"]) == ("Aula", "north-ground", [16.0, -26.0])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/map/aula", 200),
        ("/map/cloakroom", 200),
        ("/map/aula/library", 200),
        ("/map/attic", 404),
        ("/map/aula/attic", 404),
        ("/map/aula/library/pavilion", 404),
    ],
)
def test_map_has_an_address_for_each_room_and_way(door: httpx.Client, path: str, status: int) -> None:
    assert door.get(path).status_code == status
