"""When we can be met: whose hours one may set, and which hours can be."""

from datetime import date, time

import pytest
from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.models import StaffRole
from copapp.services import team
from copapp.services.moves import NotAllowedError
from copapp.services.slots import offer
from tests.meeting_requests import MONDAY, Staffed, add_member, staffed

WEDNESDAY = date(2024, 2, 14)
TEN_TO_ELEVEN = (time(10), time(11))


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def test_hours_become_slots(house: Staffed) -> None:
    aigul = house.aigul.id or 0

    team.add_hours(house.db, house.aigul, aigul, WEDNESDAY, TEN_TO_ELEVEN, MONDAY)

    free = [each for each in offer(house.db, MONDAY).slots if "aigul" in each.whom]
    on_wednesday = [each.span.starts.hour for each in free if each.span.starts.date() == WEDNESDAY]
    assert on_wednesday == [5, 5]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "code"),
    [
        (date(2024, 2, 20), time(9), time(10), "day"),
        (WEDNESDAY, time(10), time(10), "order"),
        (WEDNESDAY, time(10, 2), time(11), "grid"),
        (date(2024, 2, 13), time(17), time(19), "overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    house: Staffed, day: date, opens: time, closes: time, code: str
) -> None:
    with pytest.raises(team.HoursError) as refused:
        team.add_hours(house.db, house.aigul, house.aigul.id or 0, day, (opens, closes), MONDAY)

    assert refused.value.code == code
    assert len(team.availability(house.db, house.aigul.id or 0)) == 1


def test_hours_of_another_are_a_coordinator_s_business(house: Staffed) -> None:
    bolat = house.bolat.id or 0
    with pytest.raises(NotAllowedError):
        team.add_hours(house.db, house.aigul, bolat, WEDNESDAY, TEN_TO_ELEVEN, MONDAY)
    with pytest.raises(NotAllowedError):
        team.remove_hours(house.db, house.aigul, team.availability(house.db, bolat)[0].id or 0, MONDAY)
    with pytest.raises(NotAllowedError):
        team.set_practice(house.db, house.aigul, bolat, MONDAY, slot_minutes=15, buffer_minutes=5)
    with pytest.raises(NotAllowedError):
        team.set_covered(house.db, house.aigul, bolat, "saiga-recovery", MONDAY, is_covered=True)

    house.aigul.role = StaffRole.COORDINATOR
    team.add_hours(house.db, house.aigul, bolat, WEDNESDAY, TEN_TO_ELEVEN, MONDAY)

    assert len(team.availability(house.db, bolat)) == 2


def test_length_and_buffer_shape_the_slots(house: Staffed) -> None:
    team.set_practice(house.db, house.aigul, house.aigul.id or 0, MONDAY, slot_minutes=60, buffer_minutes=10)

    lengths = {
        each.span.ends - each.span.starts for each in offer(house.db, MONDAY).slots if "aigul" in each.whom
    }
    assert {each.total_seconds() / 60 for each in lengths} == {60}
    with pytest.raises(team.HoursError):
        team.set_practice(
            house.db, house.aigul, house.aigul.id or 0, MONDAY, slot_minutes=7, buffer_minutes=10
        )


def test_being_shown_is_one_s_own_choice(house: Staffed) -> None:
    team.set_shown(
        house.db, house.bolat, MONDAY, is_shown=True, job_title=" Rangelands ", languages=["ru", "xx"]
    )

    assert [each.slug for each in offer(house.db, MONDAY).shown] == ["aigul", "bolat"]
    assert (house.bolat.job_title, house.bolat.languages) == ("Rangelands", ["ru"])


def test_covered_events_are_set_and_taken_back(house: Staffed) -> None:
    aigul = house.aigul.id or 0
    for slug in ("saiga-recovery", "saiga-recovery", "no-such-event"):
        team.set_covered(house.db, house.aigul, aigul, slug, MONDAY, is_covered=True)
    assert team.covered(house.db, aigul) == ["saiga-recovery"]

    team.set_covered(house.db, house.aigul, aigul, "saiga-recovery", MONDAY, is_covered=False)

    assert team.covered(house.db, aigul) == []


def test_removed_hours_leave_no_slot(house: Staffed) -> None:
    team.remove_hours(
        house.db, house.aigul, team.availability(house.db, house.aigul.id or 0)[0].id or 0, MONDAY
    )
    team.remove_hours(house.db, house.aigul, 999, MONDAY)

    assert [each for each in offer(house.db, MONDAY).slots if "aigul" in each.whom] == []


def test_disabled_one_is_not_offered(house: Staffed) -> None:
    gone = add_member(house.db, "gone")
    gone.disabled_at = MONDAY
    house.db.add(gone)
    house.db.flush()

    assert all("gone" not in each.whom for each in offer(house.db, MONDAY).slots)
