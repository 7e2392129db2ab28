"""Who covers what: one picture of all of us, which each may change as far as it is one's own business."""

from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from copapp.domain.event_form import EventForm
from copapp.domain.source import SourceProgramme
from copapp.models import EventStatus, StaffRole
from copapp.presenters.cover import CoverHours, CoverRow, cover_hours, cover_people, cover_row
from copapp.services import draft, team
from copapp.services.covering import covering, who_is_at
from copapp.services.queries import inbox_version
from tests.meeting_requests import MONDAY, TEN, Staffed, add_member, staffed

ZONE = ZoneInfo("Asia/Samarkand")
RECOVERY, NETWORKING = "saiga-recovery", "saiga-networking"


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def picture(house: Staffed) -> dict[str, CoverRow]:
    found = covering(house.db)
    return {
        each.slug: cover_row(
            each,
            found.rooms[each.room_id],
            cover_people(found.members, found.there.get(each.slug, set()), house.bolat),
            found.clashes,
            ZONE,
        )
        for each in found.events
    }


def test_every_event_says_who_is_there_and_where_nobody_is(house: Staffed) -> None:
    add_member(house.db, "dana", covers=(RECOVERY, NETWORKING))
    cancelled = draft.Batch(status=EventStatus.CANCELLED)
    draft.change_several(house.db, house.aigul, {"asiatic-wild-ass": 1}, cancelled, MONDAY)

    rows = picture(house)

    assert list(rows)[:2] == ["ssap-flyways", RECOVERY]
    assert [(each.name, each.is_there) for each in rows[RECOVERY].people] == [
        ("Aigul", False),
        ("Bolat", False),
        ("Dana", True),
    ]
    assert {slug for slug, row in rows.items() if row.is_gap} == {
        "ssap-flyways",
        "cats-of-the-silk-road",
        "ecological-connectivity",
        "human-wildlife-conflict",
        "cami-sos-central-asia",
    }


def test_two_places_at_once_are_named_at_both_ends_with_who(house: Staffed) -> None:
    add_member(house.db, "dana", covers=(RECOVERY, NETWORKING))

    rows = picture(house)

    assert [(each.name, each.clash.verdict) for each in rows[RECOVERY].clashes] == [("Dana", "certain")]
    assert [(each.name, each.clash.verdict) for each in rows[NETWORKING].clashes] == [("Dana", "certain")]


def test_clashes_follow_the_draft(house: Staffed) -> None:
    made = draft.add_event(
        house.db, house.aigul, EventForm("Steppe", TEN, TEN.replace(hour=6), "bukhara"), MONDAY
    )
    add_member(house.db, "dana", covers=(made.slug, "cats-of-the-silk-road"))
    assert picture(house)[made.slug].clashes == []

    draft.change_several(house.db, house.aigul, {made.slug: 1}, draft.Batch(minutes=240), MONDAY)

    [clash] = picture(house)[made.slug].clashes
    assert (clash.name, clash.clash.name) == ("Dana", "Cats of the Silk Road")


def test_who_is_disabled_is_in_no_picture(house: Staffed) -> None:
    dana = add_member(house.db, "dana", covers=(RECOVERY, NETWORKING))
    dana.disabled_at = MONDAY
    house.db.add(dana)
    house.db.flush()

    rows = picture(house)

    assert rows[RECOVERY].is_gap
    assert rows[RECOVERY].clashes == []
    assert [each.name for each in who_is_at(house.db, RECOVERY)[0]] == ["Aigul", "Bolat"]
    assert who_is_at(house.db, RECOVERY)[1] == set()


def test_hours_of_a_day_stand_beside_it(house: Staffed) -> None:
    found = covering(house.db)

    tuesday = cover_hours(found.members, found.hours, "2024-02-13", ZONE)

    assert tuesday == [CoverHours("Aigul", "09:00–18:00"), CoverHours("Bolat", "09:00–18:00")]
    assert cover_hours(found.members, found.hours, "2024-02-14", ZONE) == []


def test_each_is_offered_only_what_one_may_change(house: Staffed) -> None:
    both = [house.aigul, house.bolat]
    assert [each.may_change for each in cover_people(both, set(), house.bolat)] == [False, True]

    house.bolat.role = StaffRole.COORDINATOR

    assert [each.may_change for each in cover_people(both, set(), house.bolat)] == [True, True]


def test_open_pages_learn_of_a_change(house: Staffed) -> None:
    before = inbox_version(house.db)

    team.set_covered(house.db, house.bolat, house.bolat.id or 0, RECOVERY, MONDAY, is_covered=True)

    assert inbox_version(house.db) != before
