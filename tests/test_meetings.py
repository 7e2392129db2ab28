"""What becomes of a request: every move, with its line of history, what it holds and what it frees."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from copapp.domain.meetings import MOVES, MoveRefusedError, TermsError, after, blocks
from copapp.domain.source import SourceProgramme
from copapp.models import (
    Actor,
    Hold,
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    RequestStatus,
    StaffMember,
    Tombstone,
)
from copapp.services import erasure, lapsing, meetings
from copapp.services.answers import (
    SupersededError,
    answer_accept,
    answer_counter,
    answer_decline,
    cancel_by_delegate,
)
from copapp.services.asking import ClosedError, KeyReusedError, WishError, ask
from copapp.services.holds import SlotTakenError
from copapp.services.moves import ErasedRequestError, NotAllowedError, UnknownRequestError, find
from copapp.services.slots import the_conference
from copapp.services.tokens import hash_of, request_token
from tests.meeting_requests import (
    MONDAY,
    TEN,
    Staffed,
    add_member,
    asked,
    do_duties,
    due_duties,
    form,
    minutes,
    staffed,
    terms,
)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def number(request: MeetingRequest) -> int:
    assert request.id is not None
    return request.id


def kinds(db: Session, request: MeetingRequest) -> list[MoveKind]:
    lines = select(MeetingMove).where(MeetingMove.request_id == request.id).order_by("id")
    return [each.kind for each in db.exec(lines)]


def held(db: Session, member: StaffMember) -> set[int]:
    return set(db.exec(select(Hold.block).where(Hold.member_id == member.id)))


def open_proposal(request: MeetingRequest) -> int:
    assert request.proposal is not None
    return request.proposal


def test_same_key_and_content_is_one_request(house: Staffed) -> None:
    first = ask(house.db, form(), "key-one-one", MONDAY)
    again = ask(house.db, form(), "key-one-one", MONDAY)

    assert again.id == first.id
    assert request_token(house.db, again) == request_token(house.db, first)
    assert len(house.db.exec(select(MeetingRequest)).all()) == 1


def test_same_key_with_other_content_is_refused(house: Staffed) -> None:
    ask(house.db, form(), "key-one-one", MONDAY)

    with pytest.raises(KeyReusedError):
        ask(house.db, form(reason="Another"), "key-one-one", MONDAY)


def test_replay_answers_the_same_after_the_slot_has_passed(house: Staffed) -> None:
    first = ask(house.db, form(), "key-one-one", MONDAY)

    assert ask(house.db, form(), "key-one-one", TEN + minutes(60)).id == first.id


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"event": "no-such"}, "event", "unknown"),
        ({"whom": "bolat"}, "whom", "unknown"),  # one of us, who did not agree to be shown
        ({"slot": TEN + minutes(7)}, "slot", "unknown"),
        ({"slot": TEN - minutes(600)}, "slot", "unknown"),  # in the night before
    ],
)
def test_wish_that_is_not_offered_is_refused(
    house: Staffed, given: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(WishError) as refused:
        asked(house.db, **given)

    assert (refused.value.field, refused.value.code) == (field, code)
    assert house.db.exec(select(MeetingRequest)).all() == []


def test_past_slot_is_refused(house: Staffed) -> None:
    with pytest.raises(WishError) as refused:
        asked(house.db, now=TEN + minutes(1))

    assert (refused.value.field, refused.value.code) == ("slot", "past")


def test_nobody_is_asked_after_the_conference(house: Staffed) -> None:
    with pytest.raises(ClosedError):
        asked(house.db, now=MONDAY + timedelta(days=6), slot=None)


def test_accept_holds_the_time_of_one_person(house: Staffed) -> None:
    request = asked(house.db)

    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)

    assert request.status is RequestStatus.ACCEPTED
    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))
    assert kinds(house.db, request) == [MoveKind.ASK, MoveKind.ACCEPT]


@pytest.mark.parametrize("offset", [-25, -15, 0, 15, 25])
def test_overlap_is_taken_and_says_by_whom(house: Staffed, offset: int) -> None:
    first, second = asked(house.db, "Dana"), asked(house.db, "Erlan")
    meetings.accept(house.db, number(first), house.aigul, terms(house.aigul), MONDAY)

    with pytest.raises(SlotTakenError) as taken:
        meetings.accept(
            house.db, number(second), house.bolat, terms(house.aigul, TEN + minutes(offset)), MONDAY
        )

    assert taken.value.holder is not None
    assert taken.value.holder.id == first.id
    assert second.status is RequestStatus.PENDING
    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))


@pytest.mark.parametrize("offset", [-30, 30])
def test_neighbouring_times_do_not_clash(house: Staffed, offset: int) -> None:
    first, second = asked(house.db, "Dana"), asked(house.db, "Erlan")
    meetings.accept(house.db, number(first), house.aigul, terms(house.aigul), MONDAY)

    meetings.accept(house.db, number(second), house.aigul, terms(house.aigul, TEN + minutes(offset)), MONDAY)

    assert len(held(house.db, house.aigul)) == 12


def test_pending_blocks_nothing(house: Staffed) -> None:
    first, second = asked(house.db, "Dana"), asked(house.db, "Erlan")

    meetings.propose(house.db, number(first), house.aigul, terms(house.aigul), MONDAY)
    meetings.accept(house.db, number(second), house.aigul, terms(house.aigul), MONDAY)

    assert (first.status, second.status) == (RequestStatus.PROPOSED, RequestStatus.ACCEPTED)


def test_propose_counter_accept(house: Staffed) -> None:
    request = asked(house.db)
    token = request_token(house.db, request)

    meetings.propose(
        house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(60)), MONDAY, "Sorry"
    )
    answer_counter(house.db, token, open_proposal(request), TEN + minutes(90), MONDAY)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(90)), MONDAY)

    assert request.status is RequestStatus.ACCEPTED
    assert request.starts == TEN + minutes(90)
    assert kinds(house.db, request) == [MoveKind.ASK, MoveKind.PROPOSE, MoveKind.COUNTER, MoveKind.ACCEPT]


def test_delegate_accepts_and_a_lost_reply_may_be_repeated(house: Staffed) -> None:
    request = asked(house.db)
    token = request_token(house.db, request)
    meetings.propose(house.db, number(request), house.aigul, terms(house.bolat), MONDAY)
    proposal = open_proposal(request)

    answer_accept(house.db, token, proposal, MONDAY)
    answer_accept(house.db, token, proposal, MONDAY)

    assert request.status is RequestStatus.ACCEPTED
    assert request.member_id == house.bolat.id
    assert kinds(house.db, request) == [MoveKind.ASK, MoveKind.PROPOSE, MoveKind.ACCEPT]


def test_superseded_proposal_cannot_be_answered(house: Staffed) -> None:
    request = asked(house.db)
    token = request_token(house.db, request)
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    old = open_proposal(request)
    meetings.propose(house.db, number(request), house.aigul, terms(house.aigul, TEN + minutes(60)), MONDAY)

    with pytest.raises(SupersededError):
        answer_accept(house.db, token, old, MONDAY)
    with pytest.raises(SupersededError):
        answer_decline(house.db, token, old, MONDAY)

    assert request.status is RequestStatus.PROPOSED


def moved(house: Staffed) -> MeetingRequest:
    request = asked(house.db)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    meetings.propose(house.db, number(request), house.aigul, terms(house.bolat, TEN + minutes(60)), MONDAY)
    return request


def test_move_holds_the_old_time_until_answered(house: Staffed) -> None:
    request = moved(house)

    assert request.status is RequestStatus.PROPOSED
    assert request.starts == TEN
    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))
    assert held(house.db, house.bolat) == set()


def test_accepted_move_frees_the_old_time_and_raises_sequence(house: Staffed) -> None:
    request = moved(house)
    before = request.sequence

    answer_accept(house.db, request_token(house.db, request), open_proposal(request), MONDAY)

    assert (request.starts, request.member_id) == (TEN + minutes(60), house.bolat.id)
    assert held(house.db, house.aigul) == set()
    assert held(house.db, house.bolat) == set(blocks(TEN + minutes(60), TEN + minutes(90)))
    assert request.sequence == before + 1


def test_refused_move_leaves_the_meeting_as_it_was(house: Staffed) -> None:
    request = moved(house)

    answer_decline(house.db, request_token(house.db, request), open_proposal(request), MONDAY)

    assert (request.status, request.starts, request.proposal) == (RequestStatus.ACCEPTED, TEN, None)
    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))


def test_move_into_a_time_that_was_taken_meanwhile_is_refused(house: Staffed) -> None:
    request, other = moved(house), asked(house.db, "Erlan")
    meetings.accept(house.db, number(other), house.bolat, terms(house.bolat, TEN + minutes(75)), MONDAY)

    with pytest.raises(SlotTakenError):
        answer_accept(house.db, request_token(house.db, request), open_proposal(request), MONDAY)

    assert (request.status, request.starts) == (RequestStatus.PROPOSED, TEN)
    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))


def test_cancel_frees_the_time(house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)

    cancel_by_delegate(house.db, request_token(house.db, request), MONDAY)
    cancel_by_delegate(house.db, request_token(house.db, request), MONDAY)

    assert (request.status, request.sequence) == (RequestStatus.CANCELLED, 1)
    assert held(house.db, house.aigul) == set()
    assert kinds(house.db, request) == [MoveKind.ASK, MoveKind.ACCEPT, MoveKind.CANCEL]


def test_declined_request_takes_no_more(house: Staffed) -> None:
    request = asked(house.db)
    meetings.decline(house.db, number(request), house.aigul, MONDAY)

    with pytest.raises(MoveRefusedError):
        meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)
    with pytest.raises(MoveRefusedError):
        cancel_by_delegate(house.db, request_token(house.db, request), MONDAY)


def test_reassign_moves_what_is_held(house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)

    meetings.reassign(house.db, number(request), house.aigul, house.bolat.id or 0, MONDAY, "You know them")

    assert held(house.db, house.aigul) == set()
    assert held(house.db, house.bolat) == set(blocks(TEN, TEN + minutes(30)))
    assert request.sequence == 1
    assert [each.text for each in house.db.exec(select(MeetingNote))] == ["You know them"]
    assert all("You know them" not in each.words for each in house.db.exec(select(MeetingMove)))


def test_reassign_to_one_who_is_busy_is_taken(house: Staffed) -> None:
    first, second = asked(house.db, "Dana"), asked(house.db, "Erlan")
    meetings.accept(house.db, number(first), house.aigul, terms(house.aigul), MONDAY)
    meetings.accept(house.db, number(second), house.bolat, terms(house.bolat), MONDAY)

    with pytest.raises(SlotTakenError):
        meetings.reassign(house.db, number(first), house.aigul, house.bolat.id or 0, MONDAY)

    assert held(house.db, house.aigul) == set(blocks(TEN, TEN + minutes(30)))


def test_disabled_colleague_can_neither_act_nor_be_met(house: Staffed) -> None:
    request, gone = asked(house.db), add_member(house.db, "gone")
    gone.disabled_at = MONDAY
    house.db.add(gone)
    house.db.flush()

    for by, whom in ((gone, house.aigul), (house.aigul, gone)):
        with pytest.raises(NotAllowedError):
            meetings.accept(house.db, number(request), by, terms(whom), MONDAY)

    assert request.status is RequestStatus.PENDING


@pytest.mark.parametrize(
    ("starts", "length", "code"),
    [
        (MONDAY - minutes(30), 30, "past"),
        (TEN, 0, "length"),
        (TEN, 245, "length"),
        (TEN + minutes(3), 30, "grid"),
    ],
)
def test_impossible_times_are_refused(house: Staffed, starts: object, length: int, code: str) -> None:
    request = asked(house.db)

    with pytest.raises(TermsError) as refused:
        meetings.accept(house.db, number(request), house.aigul, terms(house.aigul, starts, length), MONDAY)  # type: ignore[arg-type]

    assert refused.value.code == code
    assert request.status is RequestStatus.PENDING


def test_unanswered_request_lapses_when_its_time_begins(house: Staffed) -> None:
    request = asked(house.db)

    assert lapsing.lapse_due(house.db, TEN - timedelta(seconds=1)) == 0
    assert lapsing.lapse_due(house.db, TEN) == 1
    assert request.status is RequestStatus.LAPSED
    assert lapsing.lapse_due(house.db, TEN) == 0


def test_request_for_any_time_lapses_with_the_conference(house: Staffed) -> None:
    request = asked(house.db, slot=None)

    assert lapsing.lapse_due(house.db, MONDAY + timedelta(days=5)) == 0
    assert lapsing.lapse_due(house.db, MONDAY + timedelta(days=6)) == 1
    assert request.status is RequestStatus.LAPSED


def test_meeting_stands_where_its_move_was_not_answered(house: Staffed) -> None:
    request = moved(house)

    lapsing.lapse_due(house.db, TEN)

    assert (request.status, request.starts) == (RequestStatus.ACCEPTED, TEN)


def test_accepted_meeting_does_not_lapse(house: Staffed) -> None:
    request = asked(house.db)
    meetings.accept(house.db, number(request), house.aigul, terms(house.aigul), MONDAY)

    assert lapsing.lapse_due(house.db, MONDAY + timedelta(days=6)) == 0
    assert request.status is RequestStatus.ACCEPTED


def test_erasing_leaves_a_tombstone_alone(house: Staffed) -> None:
    request = moved(house)
    meetings.note(house.db, number(request), house.aigul, "A word among us", MONDAY)
    token = request_token(house.db, request)

    erasure.erase(house.db, token, MONDAY)
    erasure.erase(house.db, token, MONDAY)

    assert [each.token_hash for each in house.db.exec(select(Tombstone))] == [hash_of(token)]
    for table in (MeetingRequest, MeetingMove, MeetingNote, Hold):
        assert house.db.exec(select(table)).all() == []
    assert [each.request_id for each in house.db.exec(select(OutboxMessage)) if each.request_id] == []
    with pytest.raises(ErasedRequestError):
        find(house.db, token)


def test_erased_request_does_not_come_back_with_its_key(house: Staffed) -> None:
    """A phone whose reply was lost may still repeat a request that was erased by its link."""
    request = ask(house.db, form(), "key-one-one", MONDAY)
    erasure.erase(house.db, request_token(house.db, request), MONDAY)

    with pytest.raises(ErasedRequestError):
        ask(house.db, form(), "key-one-one", MONDAY)

    assert house.db.exec(select(MeetingRequest)).all() == []


def test_unknown_token_is_unknown(house: Staffed) -> None:
    with pytest.raises(UnknownRequestError):
        find(house.db, "a" * 32)


def test_everything_is_erased_thirty_days_after(house: Staffed) -> None:
    asked(house.db)
    about = the_conference(house.db)
    promised = erasure.erases_at(about)

    assert erasure.erase_due(house.db, about, promised - timedelta(seconds=1)) == 0
    assert erasure.erase_due(house.db, about, promised) == 1
    assert house.db.exec(select(OutboxMessage)).all() == []
    assert promised.astimezone(TEN.tzinfo).isoformat() == "2024-03-17T19:00:00+00:00"


def test_upkeep_is_wanted_only_when_something_is_due(house: Staffed) -> None:
    asked(house.db, now=TEN - minutes(60))
    later = erasure.erases_at(the_conference(house.db))

    assert due_duties(house.db, TEN - timedelta(seconds=1)) == []
    assert due_duties(house.db, TEN) == ["lapsing"]
    do_duties(house.db, TEN)
    assert due_duties(house.db, TEN) == []
    assert due_duties(house.db, later) == ["erasing", "attempts"]
    do_duties(house.db, later)
    assert due_duties(house.db, later) == []
    assert house.db.exec(select(MeetingRequest)).all() == []


def test_every_move_writes_messages(house: Staffed) -> None:
    request = moved(house)
    answer_accept(house.db, request_token(house.db, request), open_proposal(request), MONDAY)
    meetings.cancel(house.db, number(request), house.aigul, MONDAY, "Ill")

    moves = set(house.db.exec(select(MeetingMove.id).where(MeetingMove.request_id == request.id)))
    told = set(house.db.exec(select(OutboxMessage.move_id)))

    assert moves <= told


def test_table_ends_where_nothing_more_can_come() -> None:
    for status in (
        RequestStatus.DECLINED,
        RequestStatus.CANCELLED,
        RequestStatus.LAPSED,
        RequestStatus.ERASED,
    ):
        assert [rule for rule in MOVES if rule[0] is status] == []


def test_delegate_cannot_do_what_staff_do() -> None:
    with pytest.raises(MoveRefusedError):
        after(RequestStatus.PENDING, MoveKind.ACCEPT, Actor.DELEGATE)
