"""What staff find, what is suggested to them, and that they act only on what they saw."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlmodel import Session, col, select

from copapp.database import alembic_config, engine, migrate, reading, writing
from copapp.domain.meetings import TermsError
from copapp.domain.slots import Span, covers_whole
from copapp.domain.source import SourceProgramme
from copapp.models import Availability, MeetingMove, MeetingRequest, StaffMember
from copapp.services import lapsing, meetings
from copapp.services.answers import answer_counter, cancel_by_delegate
from copapp.services.erasure import erase_address
from copapp.services.inbox import requests_with, suggested_terms
from copapp.services.moves import MovedOnError, UnknownRequestError, request_by_id, request_to_change, version
from copapp.services.slots import free_members, is_within_hours, members_there
from copapp.services.tokens import request_token
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, Staffed, add_member, asked, minutes, staffed, terms

ACTS: dict[str, Callable[[Staffed, int, int], object]] = {
    "accept": lambda house, number, seen: meetings.accept(
        house.db, number, house.bolat, terms(house.bolat, TEN + minutes(60)), MONDAY, seen=seen
    ),
    "propose": lambda house, number, seen: meetings.propose(
        house.db, number, house.bolat, terms(house.bolat, TEN + minutes(90)), MONDAY, seen=seen
    ),
    "decline": lambda house, number, seen: meetings.decline(house.db, number, house.bolat, MONDAY, seen=seen),
    "cancel": lambda house, number, seen: meetings.cancel(house.db, number, house.bolat, MONDAY, seen=seen),
    "reassign": lambda house, number, seen: meetings.reassign(
        house.db, number, house.bolat, house.bolat.id or 0, MONDAY, seen=seen
    ),
    "note": lambda house, number, seen: meetings.note(
        house.db, number, house.bolat, "A word", MONDAY, seen=seen
    ),
}


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def seen(house: Staffed, request: MeetingRequest) -> int:
    return version(house.db, request)


def lines(house: Staffed, request: MeetingRequest) -> int:
    found = select(MeetingMove).where(MeetingMove.request_id == request.id)
    return len(house.db.exec(found).all())


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_done_on_what_was_not_seen(act: str, house: Staffed) -> None:
    request = asked(house.db)
    old, number = seen(house, request), request.id or 0
    meetings.accept(house.db, number, house.aigul, terms(house.aigul), MONDAY)
    before = lines(house, request)

    for other in (old, 0, seen(house, request) + 1):
        with pytest.raises(MovedOnError):
            ACTS[act](house, number, other)

    assert lines(house, request) == before


@pytest.mark.parametrize("act", ["propose", "cancel", "reassign", "note"])
def test_every_act_is_done_on_what_was_seen(act: str, house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)

    ACTS[act](house, request.id or 0, seen(house, request))


def test_every_move_makes_another_version_and_a_note_does_not(house: Staffed) -> None:
    request, aigul = asked(house.db), house.aigul
    number, token = request.id or 0, request_token(house.db, request)
    versions = [seen(house, request)]

    def moved(_: object) -> None:
        versions.append(seen(house, request))

    moved(meetings.reassign(house.db, number, aigul, aigul.id or 0, MONDAY))
    moved(meetings.propose(house.db, number, aigul, terms(aigul), MONDAY))
    moved(meetings.propose(house.db, number, aigul, terms(aigul), MONDAY))
    moved(answer_counter(house.db, token, request.proposal or 0, TEN + minutes(60), MONDAY))
    moved(meetings.accept(house.db, number, aigul, terms(aigul, TEN + minutes(60)), MONDAY))
    moved(meetings.propose(house.db, number, aigul, terms(aigul, TEN + minutes(90)), MONDAY))
    moved(lapsing.lapse_due(house.db, TEN + minutes(60)))
    moved(cancel_by_delegate(house.db, token, TEN))
    meetings.note(house.db, number, aigul, "A word", MONDAY)

    assert versions == sorted(set(versions))
    assert seen(house, request) == versions[-1]


def test_a_delegates_proposal_is_agreed_at_its_own_time_only(house: Staffed) -> None:
    request, aigul = asked(house.db), house.aigul
    number, token = request.id or 0, request_token(house.db, request)
    meetings.propose(house.db, number, aigul, terms(aigul), MONDAY)
    answer_counter(house.db, token, request.proposal or 0, TEN + minutes(60), MONDAY)

    with pytest.raises(TermsError, match="not_theirs"):
        meetings.accept(house.db, number, aigul, terms(aigul), MONDAY)
    meetings.accept(house.db, number, aigul, terms(aigul, TEN + minutes(60), 45), MONDAY)

    assert request.starts == TEN + minutes(60)


def test_looking_at_a_request_does_not_hold_it(house: Staffed) -> None:
    number = asked(house.db).id or 0
    house.db.commit()

    with reading() as looking, writing() as other:
        request_by_id(looking, number)
        if engine().dialect.name == "postgresql":
            other.connection().exec_driver_sql("SET LOCAL lock_timeout = '1s'")  # else it would wait for ever
        request_to_change(other, number).place = "Table 4"


def suggested(house: Staffed, request: MeetingRequest, me: StaffMember | None = None) -> StaffMember | None:
    found = suggested_terms(house.db, request, me or house.aigul, MONDAY)
    return house.db.get(StaffMember, found.member_id) if found else None


def test_anyone_is_who_asks_if_free_then(house: Staffed) -> None:
    request = asked(house.db)

    assert suggested(house, request, house.aigul) == house.aigul
    assert suggested(house, request, house.bolat) == house.bolat


def test_anyone_is_a_colleague_who_is_free_where_who_asks_is_not(house: Staffed) -> None:
    first, second = asked(house.db, "Dana"), asked(house.db, "Erlan")
    meetings.accept(house.db, first.id or 0, house.aigul, terms(house.aigul), MONDAY)

    assert suggested(house, second, house.aigul) == house.bolat


def test_anyone_is_nobody_outside_their_own_hours(house: Staffed) -> None:
    camille = add_member(house.db, "camille", windows=False)
    asked_for = TEN + minutes(24 * 60)
    house.db.add(Availability(member_id=camille.id or 0, starts=asked_for, ends=asked_for + minutes(30)))
    house.db.flush()
    request = asked(house.db, slot=asked_for)

    assert suggested(house, request, house.aigul) == camille


def test_until_anybody_has_said_when_who_asks_may_be_met(db: Session, cop14: SourceProgramme) -> None:
    house = staffed(db, cop14)
    for hours in db.exec(select(Availability)):
        db.delete(hours)
    db.flush()

    assert suggested(house, asked(db), house.bolat) == house.bolat


def test_an_agreed_meeting_that_has_begun_suggests_no_other_time(house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, request.id or 0, house.aigul, terms(house.aigul, TEN + minutes(60)), MONDAY)

    before = suggested_terms(house.db, request, house.aigul, TEN)
    begun = suggested_terms(house.db, request, house.aigul, TEN + minutes(70))

    assert before is not None
    assert (before.starts, begun) == (TEN + minutes(60), None)


def test_free_is_who_has_hours_and_nothing_else_then(house: Staffed) -> None:
    request = asked(house.db)
    half_hour = Span(TEN, TEN + minutes(30))
    meetings.accept(house.db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)

    assert free_members(house.db, half_hour) == [house.bolat]
    assert free_members(house.db, half_hour, request.id) == [house.aigul, house.bolat]
    assert members_there(house.db, half_hour) == [house.aigul, house.bolat]
    assert not is_within_hours(house.db, house.aigul.id or 0, Span(TEN + minutes(465), TEN + minutes(495)))


def test_hours_that_meet_are_one() -> None:
    windows = [Span(TEN + minutes(60), TEN + minutes(120)), Span(TEN, TEN + minutes(60))]

    assert covers_whole(windows, Span(TEN + minutes(45), TEN + minutes(75)))
    assert not covers_whole(windows, Span(TEN + minutes(105), TEN + minutes(125)))
    assert not covers_whole([], Span(TEN, TEN + minutes(5)))


def names(house: Staffed, words: str) -> list[str]:
    return sorted(each.name for each in requests_with(house.db, words))


def test_every_request_is_found_as_it_is_written_and_as_it_is_typed(house: Staffed) -> None:
    russian = asked(house.db, "Иван Королёв", organisation="Минприроды", email="korolev@example.org")
    asked(house.db, "Ana Núñez", organisation="Côte d’Azur – Parc", email="ana@example.org")
    meetings.decline(house.db, russian.id or 0, house.aigul, MONDAY)

    for words in ("Королёв", "КОРОЛЕВ иван", "минприроды", "korolev@example.org"):
        assert names(house, words) == ["Иван Королёв"], words
    for words in ("nunez", "NÚÑEZ", "cote d'azur-parc", "azur parc"):
        assert names(house, words) == ["Ana Núñez"], words
    assert names(house, "nobody") == []
    assert names(house, "100%_") == []


def test_number_of_an_erased_request_is_never_given_to_another(house: Staffed) -> None:
    """Who still has the erased one on the screen would act on a stranger's: same number, same version."""
    erased = asked(house.db)
    number, old = erased.id or 0, seen(house, erased)
    erase_address(house.db, erased.email, MONDAY)
    house.db.expunge_all()

    other = asked(house.db, "Erlan")

    assert other.id != number
    with pytest.raises(UnknownRequestError):
        meetings.decline(house.db, number, house.bolat, MONDAY, seen=old)


def test_requests_are_found_by_colleague_and_by_event(house: Staffed) -> None:
    mine = asked(house.db, "Dana", event="cats-of-the-silk-road")
    asked(house.db, "Erlan")
    meetings.reassign(house.db, mine.id or 0, house.aigul, house.bolat.id or 0, MONDAY)

    assert names(house, "bolat") == ["Dana"]
    assert names(house, "SILK cats") == ["Dana"]


def test_requests_of_before_are_folded_by_the_migration(
    environment: Environment, cop14: SourceProgramme
) -> None:
    migrate()
    with Session(engine()) as db:
        house = staffed(db, cop14)
        asked(db, "Иван Королёв")
        db.commit()
    command.downgrade(alembic_config(), "0012")

    migrate()

    with Session(engine()) as db:
        assert [each.name for each in requests_with(db, "королев")] == ["Иван Королёв"]
        assert db.exec(select(MeetingRequest).where(col(MeetingRequest.folded) == "")).all() == []
    del house
