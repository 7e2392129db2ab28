"""What staff do to the draft: never over each other's heads, all or nothing, and written down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from copapp.database import migrate, writing
from copapp.domain.event_form import EventForm, FormProblem
from copapp.domain.source import SourceProgramme
from copapp.models import AuditEntry, Event, EventStatus, StaffMember
from copapp.services import draft
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import latest_release
from copapp.services.release import publish
from copapp.services.slots import the_conference
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, Staffed, staffed

LATER = MONDAY + timedelta(minutes=5)
FRIDAY = datetime(2024, 2, 16, 9, 0, tzinfo=UTC)
FORM = EventForm("A new event", FRIDAY, FRIDAY + timedelta(hours=1), "bukhara")


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def the_event(db: Session, slug: str = "saiga-networking") -> Event:
    return db.exec(select(Event).where(Event.slug == slug)).one()


def as_it_is(event: Event) -> EventForm:
    return EventForm(
        event.title, event.starts, event.ends, "avantegarde", event.published, event.descriptions
    )


def acts(db: Session) -> list[tuple[str, str]]:
    return [(each.act, each.subject) for each in db.exec(select(AuditEntry))]


def test_new_event_waits_for_the_release(house: Staffed) -> None:
    made = draft.add_event(house.db, house.aigul, replace(FORM, title="  Steppe — Ночь & “сны”  "), LATER)

    assert (made.slug, made.title, made.version) == ("steppe", "Steppe — Ночь & “сны”", 1)
    assert made.uid == "steppe@cop14.copapp"
    release = latest_release(house.db)
    assert release is not None
    assert '"slug":"steppe"' not in release.document


def test_slug_of_an_event_that_vanished_is_never_given_to_another(house: Staffed) -> None:
    cats = the_event(house.db, "cats-of-the-silk-road")
    draft.remove_events(house.db, house.aigul, {cats.slug: 1}, LATER)
    publish(house.db, the_conference(house.db), LATER)

    made = draft.add_event(house.db, house.aigul, replace(FORM, title="Cats of the Silk Road"), LATER)

    assert made.slug == "cats-of-the-silk-road-2"


def test_change_is_written_down_old_and_new(house: Staffed) -> None:
    event = the_event(house.db)
    ends = event.starts + timedelta(minutes=45)

    draft.change_event(house.db, house.aigul, event.slug, 1, replace(as_it_is(event), ends=ends), LATER)

    [entry] = house.db.exec(select(AuditEntry))
    assert (entry.act, entry.subject, entry.member_id) == ("change", "saiga-networking", house.aigul.id)
    assert entry.changes == {"ends": [None, "2024-02-13 08:45:00+00:00"]}
    assert the_event(house.db).version == 2


def test_same_form_again_changes_nothing(house: Staffed) -> None:
    event = the_event(house.db)

    draft.change_event(house.db, house.aigul, event.slug, 1, as_it_is(event), LATER)

    assert the_event(house.db).version == 1
    assert acts(house.db) == []


def test_what_somebody_else_changed_is_not_overwritten(house: Staffed) -> None:
    event = the_event(house.db)
    draft.change_event(house.db, house.bolat, event.slug, 1, replace(as_it_is(event), title="Bolat's"), LATER)

    with pytest.raises(ChangedMeanwhileError) as refused:
        draft.change_event(
            house.db, house.aigul, event.slug, 1, replace(as_it_is(event), title="Aigul's"), LATER
        )

    assert refused.value.slugs == ["saiga-networking"]
    assert the_event(house.db).title == "Bolat's"


def test_several_move_together_or_not_at_all(house: Staffed) -> None:
    seen = {"saiga-networking": 1, "cats-of-the-silk-road": 1, "saiga-recovery": 7}
    before = {slug: the_event(house.db, slug).starts for slug in seen}

    with pytest.raises(ChangedMeanwhileError):
        draft.change_several(house.db, house.aigul, seen, Batch(minutes=15), LATER)
    assert {slug: the_event(house.db, slug).starts for slug in seen} == before

    draft.change_several(house.db, house.aigul, seen | {"saiga-recovery": 1}, Batch(minutes=15), LATER)
    moved = {slug: starts + timedelta(minutes=15) for slug, starts in before.items()}
    assert {slug: the_event(house.db, slug).starts for slug in seen} == moved
    assert the_event(house.db).ends is None


def test_cancelled_and_restored_are_states_of_one_event(house: Staffed) -> None:
    seen = {"saiga-networking": 1}

    draft.change_several(house.db, house.aigul, seen, Batch(status=EventStatus.CANCELLED), LATER)
    assert the_event(house.db).status is EventStatus.CANCELLED
    draft.change_several(
        house.db, house.aigul, {"saiga-networking": 2}, Batch(status=EventStatus.CONFIRMED), LATER
    )

    assert the_event(house.db).status is EventStatus.CONFIRMED
    assert acts(house.db) == [("cancel", "saiga-networking"), ("restore", "saiga-networking")]


def test_duplicate_is_another_event(house: Staffed) -> None:
    made = draft.duplicate_event(house.db, house.aigul, "cats-of-the-silk-road", 1, LATER)

    original = the_event(house.db, "cats-of-the-silk-road")
    assert (made.slug, made.uid) == ("cats-of-the-silk-road-2", "cats-of-the-silk-road-2@cop14.copapp")
    assert (made.title, made.starts, made.room_id) == (original.title, original.starts, original.room_id)
    assert made.descriptions == original.descriptions


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"title": "  "}, "title", "required"),
        ({"title": "x" * 301}, "title", "too_long"),
        ({"title": "One\nTwo"}, "title", "characters"),
        ({"title": "A\x00B"}, "title", "characters"),
        ({"ends": FORM.starts}, "ends", "order"),
        ({"ends": FORM.starts + timedelta(days=4)}, "ends", "too_long"),
        ({"room": "attic"}, "room", "unknown"),
        ({"published": "x" * 301}, "published", "too_long"),
        ({"descriptions": {"en": "x" * 5_001}}, "descriptions", "too_long"),
        ({"descriptions": {"fr": "\x1b[31m"}}, "descriptions", "characters"),
    ],
)
def test_form_that_cannot_be_kept_is_refused_by_field(
    house: Staffed, changed: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(EventFormError) as refused:
        draft.add_event(house.db, house.aigul, replace(FORM, **changed), LATER)  # type: ignore[arg-type]

    assert refused.value.problems == [FormProblem(field, code)]
    assert acts(house.db) == []


def test_who_is_disabled_changes_nothing(house: Staffed) -> None:
    house.aigul.disabled_at = MONDAY
    house.db.add(house.aigul)
    house.db.flush()

    with pytest.raises(NotAllowedError):
        draft.add_event(house.db, house.aigul, FORM, LATER)


def test_of_two_who_save_at_once_one_is_told(environment: Environment, cop14: SourceProgramme) -> None:
    migrate()
    with writing() as db:
        staffed(db, cop14)
    together = Barrier(8)

    def save(number: int) -> str:
        together.wait()
        with writing() as db:
            me = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
            form = replace(as_it_is(the_event(db)), title=f"Title {number}")
            try:
                return draft.change_event(db, me, "saiga-networking", 1, form, LATER).title
            except ChangedMeanwhileError:
                return "told"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(save, range(8)))

    assert said.count("told") == 7
    with writing() as db:
        assert the_event(db).title in said
        assert the_event(db).version == 2
