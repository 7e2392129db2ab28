"""Seeding and releasing: numbers, stamps, and what is frozen."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, col, select

from copapp.database import migrate, writing
from copapp.domain.source import SourceEvent, SourceProgramme
from copapp.models import Conference, Event, Release
from copapp.services.programme import apply_source
from copapp.services.queries import latest_release_number
from copapp.services.release import publish
from copapp.services.seed import seed
from tests.conftest import NOW, Environment

LATER = NOW + timedelta(days=1)
GOLDEN = Path(__file__).parent / "golden" / "programme.json"


def _with(source: SourceProgramme, slug: str, **changed: Any) -> SourceProgramme:
    events: list[SourceEvent] = [
        replace(event, **changed) if event.slug == slug else event for event in source.events
    ]
    return replace(source, events=events)


def _released(db: Session, source: SourceProgramme) -> dict[str, dict[str, Any]]:
    release = publish(db, apply_source(db, source, LATER), LATER)
    return {event["slug"]: event for event in json.loads(release.document)["events"]}


def test_seed_releases_the_programme(db: Session, cop14: SourceProgramme) -> None:
    release = seed(db, cop14, NOW)

    assert release is not None
    assert release.number == 1
    assert [event["slug"] for event in json.loads(release.document)["events"]] == [
        event.slug for event in cop14.events
    ]


def test_seed_twice_changes_nothing(db: Session, cop14: SourceProgramme) -> None:
    first = seed(db, cop14, NOW)
    assert first is not None
    before = [each.model_dump() for each in db.exec(select(Event))]

    second = seed(db, _with(cop14, "saiga-networking", title="Another"), LATER)

    assert second is None
    assert latest_release_number(db) == 1
    assert [each.model_dump() for each in db.exec(select(Event))] == before


def test_programme_has_the_public_shape(db: Session, tiny: SourceProgramme) -> None:
    release = seed(db, tiny, NOW)

    assert release is not None
    assert json.loads(release.document) == json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize(
    ("changed", "sequence"),
    [
        ({"room": "alta"}, 1),
        ({"ends": None}, 1),
        ({"starts": NOW}, 1),
        ({"is_cancelled": True}, 1),
        ({"title": "Renamed"}, 0),
        ({"descriptions": {"en": "New."}}, 0),
    ],
    ids=str,
)
def test_sequence_rises_for_time_place_and_state_only(
    db: Session, tiny: SourceProgramme, changed: dict[str, Any], sequence: int
) -> None:
    seed(db, tiny, NOW)

    after = _released(db, _with(tiny, "opening", **changed))["opening"]

    assert after["sequence"] == sequence
    assert after["updated_at"] == "2024-02-02T08:00:00+00:00"


def test_untouched_event_keeps_its_stamps(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)

    after = _released(db, _with(tiny, "opening", title="Renamed"))["night-walk"]

    assert (after["sequence"], after["updated_at"]) == (0, "2024-02-01T08:00:00+00:00")


def test_sequence_only_rises(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)

    moved = _released(db, _with(tiny, "opening", room="alta"))
    back = _released(db, tiny)

    assert [each["opening"]["sequence"] for each in (moved, back)] == [1, 2]


def test_event_keeps_its_uid_for_ever(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)

    after = _released(db, _with(tiny, "opening", title="Renamed", room="alta"))

    assert after["opening"]["uid"] == "opening@tiny.copapp"


def test_event_that_the_source_lacks_stays(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)

    after = _released(db, replace(tiny, events=tiny.events[1:]))

    assert (after["opening"]["sequence"], after["opening"]["updated_at"]) == (0, "2024-02-01T08:00:00+00:00")


def test_release_is_numbered_and_earlier_ones_stay(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)
    _released(db, _with(tiny, "opening", title="Renamed"))

    titles = [
        json.loads(each.document)["events"][0]["title"]
        for each in db.exec(select(Release).order_by(col(Release.number)))
    ]

    assert titles == [tiny.events[0].title, "Renamed"]


def _vanish(db: Session, slug: str) -> None:
    db.delete(db.exec(select(Event).where(Event.slug == slug)).one())
    db.flush()


def test_vanished_event_is_absent_from_the_next_release(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)
    _vanish(db, "opening")

    release = publish(db, db.exec(select(Conference)).one(), LATER)

    assert [event["slug"] for event in json.loads(release.document)["events"]] == [
        "night-walk",
        "open-end",
        "called-off",
    ]


def test_returned_event_continues_its_sequence(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)
    _released(db, _with(tiny, "opening", room="alta"))
    _vanish(db, "opening")
    publish(db, db.exec(select(Conference)).one(), LATER)

    after = _released(db, tiny)

    assert {slug: event["sequence"] for slug, event in after.items()} == {
        "opening": 2,
        "night-walk": 0,
        "open-end": 0,
        "called-off": 0,
    }


def _with_room(source: SourceProgramme, slug: str, **changed: Any) -> SourceProgramme:
    return replace(source, rooms=[replace(r, **changed) if r.slug == slug else r for r in source.rooms])


@pytest.mark.parametrize(
    ("changed", "sequence"), [({"site": "hill"}, 1), ({"name": "Sala Azzurra"}, 0)], ids=str
)
def test_event_is_updated_with_its_room(
    db: Session, tiny: SourceProgramme, changed: dict[str, Any], sequence: int
) -> None:
    """LOCATION shows site and room: calendars must learn of both, and a new site is a new place."""
    seed(db, tiny, NOW)

    after = _released(db, _with_room(tiny, "azul", **changed))

    assert (after["opening"]["sequence"], after["opening"]["updated_at"]) == (
        sequence,
        "2024-02-02T08:00:00+00:00",
    )
    assert (after["night-walk"]["sequence"], after["night-walk"]["updated_at"]) == (
        0,
        "2024-02-01T08:00:00+00:00",
    )


def test_release_without_a_change_moves_no_stamp(db: Session, tiny: SourceProgramme) -> None:
    seed(db, tiny, NOW)

    after = _released(db, tiny)

    assert {(event["sequence"], event["updated_at"]) for event in after.values()} == {
        (0, "2024-02-01T08:00:00+00:00")
    }


def test_publishers_at_once_take_turns(environment: Environment, tiny: SourceProgramme) -> None:
    """Without the lock before the first read, two read one number and one of them fails."""
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    together = Barrier(8)

    def publish_alone(_: int) -> int:
        together.wait()
        with writing() as db:
            return publish(db, db.exec(select(Conference)).one(), LATER).number

    with ThreadPoolExecutor(8) as publishers:
        numbers = list(publishers.map(publish_alone, range(8)))

    assert sorted(numbers) == list(range(2, 10))
