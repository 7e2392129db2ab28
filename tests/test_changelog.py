"""The public changelog: every release beside the one before it, as JSON and as a feed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from copapp.api import create_api
from copapp.database import migrate, writing
from copapp.domain.event_form import EventForm
from copapp.domain.source import SourceProgramme
from copapp.models import Event, EventStatus
from copapp.services import draft, releasing
from copapp.services.draft import Batch
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, Staffed, staffed

LATER = MONDAY + timedelta(minutes=5)
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def the_event(db: Session, slug: str) -> Event:
    return db.exec(select(Event).where(Event.slug == slug)).one()


def release(house: Staffed, note: str) -> None:
    digest = releasing.preview(house.db).digest
    releasing.make_release(house.db, house.aigul, digest, note, LATER)


def change_much(house: Staffed) -> None:
    """Move one event to another time and room, describe one, cancel one, remove one, add one."""
    cats = the_event(house.db, "cats-of-the-silk-road")
    form = EventForm(cats.title, cats.starts, None, "snow-leopard", cats.published, cats.descriptions)
    draft.change_event(house.db, house.aigul, cats.slug, 1, form, LATER)
    saiga = the_event(house.db, "saiga-networking")
    form = EventForm(
        saiga.title, saiga.starts, None, "avantegarde", "By the bar", {"en": "Tea & <b>talk</b>."}
    )
    draft.change_event(house.db, house.aigul, saiga.slug, 1, form, LATER)
    cancelled = Batch(status=EventStatus.CANCELLED)
    draft.change_several(house.db, house.aigul, {"human-wildlife-conflict": 1}, cancelled, LATER)
    draft.remove_events(house.db, house.aigul, {"asiatic-wild-ass": 1}, LATER)
    draft.duplicate_event(house.db, house.aigul, "cats-of-the-silk-road", 2, LATER)
    release(house, "Cats & rooms")


@pytest.fixture
def line(environment: Environment, cop14: SourceProgramme) -> Iterator[TestClient]:
    environment(PUBLIC_URL="https://meet.example.org")
    migrate()
    with writing() as db:
        house = staffed(db, cop14)
        change_much(house)
        releasing.bring_back(house.db, house.aigul, 1, 2, LATER)
    with TestClient(create_api()) as client:
        yield client


def changes_of(line: TestClient, number: int) -> dict[str, Any]:
    releases = line.get("/api/v1/changes").json()["releases"]
    found: dict[str, Any] = next(each for each in releases if each["number"] == number)
    return found


def test_newest_release_comes_first(line: TestClient) -> None:
    releases = line.get("/api/v1/changes").json()["releases"]

    assert [(each["number"], each["restores"], each["note"]) for each in releases] == [
        (3, 1, ""),
        (2, None, "Cats & rooms"),
        (1, None, ""),
    ]
    assert releases[-1]["events"] == []


def test_each_field_is_told_old_and_new_with_rooms_by_name(line: TestClient) -> None:
    found = {each["slug"]: each for each in changes_of(line, 2)["events"]}

    assert found["cats-of-the-silk-road"] == {
        "slug": "cats-of-the-silk-road",
        "title": "Cats of the Silk Road",
        "fate": "changed",
        "changes": [
            {
                "field": "room",
                "was": "Room Ferghana, Expo Centre",
                "is": "Snow Leopard Room, Main Building",
            },
            {"field": "ends", "was": "2024-02-13T14:30:00+05:00", "is": None},
        ],
    }
    assert [each["field"] for each in found["saiga-networking"]["changes"]] == ["published", "descriptions"]
    assert found["human-wildlife-conflict"]["changes"] == [
        {"field": "status", "was": "confirmed", "is": "cancelled"}
    ]
    assert (found["asiatic-wild-ass"]["fate"], found["cats-of-the-silk-road-2"]["fate"]) == (
        "removed",
        "added",
    )


def test_what_comes_back_is_told_as_a_change_the_other_way(line: TestClient) -> None:
    back = {each["slug"]: each["fate"] for each in changes_of(line, 3)["events"]}

    assert back == {
        "cats-of-the-silk-road": "changed",
        "saiga-networking": "changed",
        "human-wildlife-conflict": "changed",
        "asiatic-wild-ass": "added",
        "cats-of-the-silk-road-2": "removed",
    }


def test_feed_holds_an_entry_for_each_release(line: TestClient) -> None:
    answer = line.get("/changes.atom", headers={"accept-language": "ru"})

    feed = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    titles = [each.findtext("atom:title", namespaces=ATOM) for each in feed.iterfind("atom:entry", ATOM)]
    assert titles == ["Версия 3", "Версия 2: Cats & rooms", "Версия 1"]
    links = [each.get("href") for each in feed.iterfind("atom:link", ATOM)]
    assert links == ["https://meet.example.org/changes.atom", "https://meet.example.org/changes"]
    ids = [each.text for each in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids)) == 4


def test_feed_says_what_was_in_words(line: TestClient) -> None:
    feed = ET.fromstring(line.get("/changes.atom?language=en").content)  # noqa: S314 - our own answer

    [text] = [
        each.findtext("atom:content", namespaces=ATOM)
        for each in feed.iterfind("atom:entry", ATOM)
        if each.findtext("atom:title", namespaces=ATOM) == "Release 2: Cats & rooms"
    ]
    assert text is not None
    assert text.splitlines() == [
        "Saiga Networking Event: The text about it is new",
        "Cats of the Silk Road: Room was Room Ferghana, Expo Centre; End was 2024-02-13 14:30",
        "Cats of the Silk Road: New in the programme",
        "Building Capacity for Managing Human-Wildlife Conflict and Coexistence: Was: confirmed",
        "Asiatic Wild Ass (Equus hemionus): Status, Threats, and Future Conservation Needs: "
        "No longer in the programme",
    ]


@pytest.mark.parametrize("path", ["/api/v1/changes", "/changes.atom"])
def test_unchanged_changelog_is_not_sent_again(line: TestClient, path: str) -> None:
    etag = line.get(path).headers["etag"]

    again = line.get(path, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
