"""Releases as staff make them: looked at first, made once, brought back by another, and never half."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from copapp.database import migrate, writing
from copapp.domain.changes import Change, EventChange, EventFate
from copapp.domain.event_form import EventForm
from copapp.domain.hints import HintKind
from copapp.domain.source import SourceProgramme
from copapp.models import AuditEntry, Coverage, Event, EventStatus, StaffMember
from copapp.services import draft, meetings, releasing
from copapp.services.draft import Batch
from copapp.services.queries import draft_events, latest_release, latest_release_number
from copapp.services.release import publish
from copapp.services.releasing import (
    DraftMovedError,
    NothingToReleaseError,
    UnknownReleaseError,
    UnreleasedWorkError,
)
from copapp.services.slots import the_conference
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, Staffed, asked, staffed, terms

LATER = MONDAY + timedelta(minutes=5)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def the_event(db: Session, slug: str) -> Event:
    return db.exec(select(Event).where(Event.slug == slug)).one()


def released(db: Session) -> dict[str, dict[str, Any]]:
    release = latest_release(db)
    assert release is not None
    return {each["slug"]: each for each in json.loads(release.document)["events"]}


def move_cats(house: Staffed, minutes: int = 15) -> None:
    version = the_event(house.db, "cats-of-the-silk-road").version
    draft.change_several(
        house.db, house.aigul, {"cats-of-the-silk-road": version}, Batch(minutes=minutes), LATER
    )


def release(house: Staffed, note: str = "") -> None:
    digest = releasing.preview(house.db).digest
    releasing.make_release(house.db, house.aigul, digest, note, LATER)


def test_preview_names_each_field_old_and_new(house: Staffed) -> None:
    move_cats(house)
    draft.remove_events(house.db, house.aigul, {"asiatic-wild-ass": 1}, LATER)
    event = the_event(house.db, "saiga-networking")
    form = EventForm("Saiga evening", event.starts, None, "avantegarde", event.published, {"en": "Come."})
    draft.change_event(house.db, house.aigul, event.slug, 1, form, LATER)

    found = releasing.preview(house.db).changes

    assert found == [
        EventChange(
            "saiga-networking",
            "Saiga evening",
            EventFate.CHANGED,
            [
                Change("title", "Saiga Networking Event", "Saiga evening"),
                Change("descriptions", {}, {"en": "Come."}),
            ],
        ),
        EventChange(
            "cats-of-the-silk-road",
            "Cats of the Silk Road",
            EventFate.CHANGED,
            [
                Change("starts", "2024-02-13T13:45:00+05:00", "2024-02-13T14:00:00+05:00"),
                Change("ends", "2024-02-13T14:30:00+05:00", "2024-02-13T14:45:00+05:00"),
            ],
        ),
        EventChange(
            "asiatic-wild-ass",
            "Asiatic Wild Ass (Equus hemionus): Status, Threats, and Future Conservation Needs",
            EventFate.REMOVED,
            [],
        ),
    ]


def test_preview_names_hints_open_requests_and_meetings_that_become_impossible(house: Staffed) -> None:
    request = asked(house.db, "Dana", event="cats-of-the-silk-road")
    agreed = asked(house.db, "Erik")
    cats = the_event(house.db, "cats-of-the-silk-road")
    at = cats.ends
    assert at is not None
    meetings.accept(house.db, agreed.id or 0, house.bolat, terms(house.aigul, at), LATER)
    house.db.add(Coverage(member_id=house.aigul.id or 0, event=cats.slug))
    house.db.flush()
    assert releasing.preview(house.db).impossible == []

    move_cats(house)

    found = releasing.preview(house.db)
    assert [each.name for each in found.touched] == ["Dana"]
    assert [(each.name, title) for each, title in found.impossible] == [("Erik", "Cats of the Silk Road")]
    assert (HintKind.UNUSUAL_SLOT, "cats-of-the-silk-road") in {
        (each.kind, each.event) for each in found.hints
    }
    assert request.status == "pending"


def test_preview_names_no_request_that_is_held_back(house: Staffed) -> None:
    asked(house.db, "Dana", event="cats-of-the-silk-road").is_held_back = True

    move_cats(house)

    assert releasing.preview(house.db).touched == []


def test_release_is_numbered_noted_and_raises_sequence_of_what_moved(house: Staffed) -> None:
    move_cats(house)

    release(house, "  The cats come later.  ")

    latest = latest_release(house.db)
    assert latest is not None
    assert (latest.number, latest.note, latest.made_by) == (2, "The cats come later.", house.aigul.id)
    assert json.loads(latest.document)["release"]["note"] == "The cats come later."
    moved = {slug: event["sequence"] for slug, event in released(house.db).items() if event["sequence"]}
    assert moved == {"cats-of-the-silk-road": 1}


def test_draft_that_moved_since_it_was_looked_at_is_not_released(house: Staffed) -> None:
    move_cats(house)
    seen = releasing.preview(house.db).digest
    move_cats(house)

    with pytest.raises(DraftMovedError):
        releasing.make_release(house.db, house.aigul, seen, "", LATER)

    assert latest_release_number(house.db) == 1


def test_nothing_new_is_no_release(house: Staffed) -> None:
    with pytest.raises(NothingToReleaseError):
        release(house)


def test_earlier_release_comes_back_as_a_new_one(house: Staffed) -> None:
    before = released(house.db)
    move_cats(house)
    draft.remove_events(house.db, house.aigul, {"asiatic-wild-ass": 1}, LATER)
    draft.change_several(
        house.db, house.aigul, {"saiga-recovery": 1}, Batch(status=EventStatus.CANCELLED), LATER
    )
    release(house)

    back = releasing.bring_back(house.db, house.aigul, 1, 2, LATER)

    assert (back.number, back.restores) == (3, 1)
    after = released(house.db)
    stamps = ("sequence", "updated_at")
    assert [{name: each[name] for name in each if name not in stamps} for each in after.values()] == [
        {name: each[name] for name in each if name not in stamps} for each in before.values()
    ]
    assert {slug: event["sequence"] for slug, event in after.items() if event["sequence"]} == {
        "cats-of-the-silk-road": 2,
        "asiatic-wild-ass": 1,
        "saiga-recovery": 2,
    }
    assert {slug: event["uid"] for slug, event in after.items()} == {
        slug: event["uid"] for slug, event in before.items()
    }


def test_bringing_back_loses_no_unreleased_work(house: Staffed) -> None:
    move_cats(house)
    release(house)
    move_cats(house)

    with pytest.raises(UnreleasedWorkError):
        releasing.bring_back(house.db, house.aigul, 1, 2, LATER)

    releasing.discard_draft(house.db, house.aigul, releasing.preview(house.db).digest, LATER)
    assert releasing.preview(house.db).changes == []
    assert releasing.bring_back(house.db, house.aigul, 1, 2, LATER).number == 3


def test_what_is_not_there_or_there_already_is_not_brought_back(house: Staffed) -> None:
    with pytest.raises(UnknownReleaseError):
        releasing.bring_back(house.db, house.aigul, 9, 1, LATER)
    with pytest.raises(NothingToReleaseError):
        releasing.bring_back(house.db, house.aigul, 1, 1, LATER)


def test_release_that_another_followed_is_not_replaced_unseen(house: Staffed) -> None:
    move_cats(house)
    release(house)

    with pytest.raises(DraftMovedError):
        releasing.bring_back(house.db, house.aigul, 1, 1, LATER)


def test_event_that_comes_back_is_no_version_that_somebody_saw_before(house: Staffed) -> None:
    move_cats(house)
    seen = draft_events(house.db)[0].version
    draft.remove_events(house.db, house.aigul, {"cats-of-the-silk-road": 2}, LATER)

    releasing.discard_draft(house.db, house.aigul, releasing.preview(house.db).digest, LATER)

    versions = {each.slug: each.version for each in draft_events(house.db)}
    assert versions.pop("cats-of-the-silk-road") > 2
    assert set(versions.values()) == {seen}, "what was as released already is nobody's conflict"


def test_each_act_on_releases_is_written_down(house: Staffed) -> None:
    move_cats(house)
    release(house)
    releasing.bring_back(house.db, house.aigul, 1, 2, LATER)

    acts = [(each.act, each.subject) for each in house.db.exec(select(AuditEntry))]

    assert acts == [("change", "cats-of-the-silk-road"), ("release", "2"), ("bring_back", "1")]


def test_fifty_releases_only_raise_sequence_of_what_moved(house: Staffed) -> None:
    expected = 0
    for turn in range(50):
        if turn % 3:
            move_cats(house, 5 if turn % 2 else -5)
            expected += 1
        else:
            event = the_event(house.db, "cats-of-the-silk-road")
            form = EventForm(f"Cats {turn}", event.starts, event.ends, "ferghana")
            draft.change_event(house.db, house.aigul, event.slug, event.version, form, LATER)
        release(house)

    sequences = {slug: event["sequence"] for slug, event in released(house.db).items()}
    assert sequences.pop("cats-of-the-silk-road") == expected
    assert set(sequences.values()) == {0}
    assert latest_release_number(house.db) == 51


def test_of_releases_at_once_one_is_made(environment: Environment, cop14: SourceProgramme) -> None:
    migrate()
    with writing() as db:
        move_cats(staffed(db, cop14))
        seen = releasing.preview(db).digest
    together = Barrier(6)

    def try_it(_: int) -> str:
        together.wait()
        with writing() as db:
            me = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
            try:
                return str(releasing.make_release(db, me, seen, "", LATER).number)
            except (DraftMovedError, NothingToReleaseError):
                return "told"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(try_it, range(6)))

    assert sorted(said) == ["2", "told", "told", "told", "told", "told"]


def test_release_by_the_command_line_names_nobody(house: Staffed) -> None:
    move_cats(house)

    made = publish(house.db, the_conference(house.db), LATER)

    assert made.made_by is None
    assert replace(releasing.preview(house.db), digest="").changes == []
