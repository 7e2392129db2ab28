"""Whatever is done to requests in whatever order, the table and what is held keep their word."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from copapp.database import engine, migrate, writing
from copapp.domain.meetings import CLOSED, MOVES, OPEN, MoveRefusedError, Terms, TermsError, after, blocks
from copapp.domain.source import SourceProgramme
from copapp.models import (
    Actor,
    Hold,
    MeetingMove,
    MeetingRequest,
    MoveKind,
    OutboxMessage,
    RequestStatus,
    StaffMember,
)
from copapp.services import answers, erasure, lapsing, meetings
from copapp.services.asking import WishError
from copapp.services.holds import SlotTakenError
from copapp.services.moves import ErasedRequestError, UnknownRequestError
from copapp.services.tokens import request_token
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, asked, minutes, staffed

HOLDING = {RequestStatus.ACCEPTED, RequestStatus.PROPOSED, RequestStatus.COUNTERED}


@given(some.data())
def test_status_is_always_one_of_the_table_s(data: some.DataObject) -> None:
    """`is_held` follows what the services do: agreed with an acceptance, let go with a cancellation."""
    status, is_held = RequestStatus.PENDING, False
    while possible := sorted(rule for rule in MOVES if rule[0] is status):
        _, kind, actor = data.draw(some.sampled_from(possible))
        status = after(status, kind, actor, is_held=is_held)
        is_held = kind is MoveKind.ACCEPT or (is_held and kind is not MoveKind.CANCEL)
        assert status in OPEN | CLOSED | {RequestStatus.ACCEPTED}
        assert status in HOLDING or not is_held
        assert is_held or status is not RequestStatus.ACCEPTED
        if data.draw(some.integers(0, 9)) == 0:
            return
    assert status in CLOSED


@pytest.mark.parametrize("is_held", [True, False])
def test_what_the_table_lacks_is_refused(*, is_held: bool) -> None:
    for status, kind, actor in set(product(RequestStatus, MoveKind, Actor)) - set(MOVES):
        with pytest.raises(MoveRefusedError) as refused:
            after(status, kind, actor, is_held=is_held)
        assert (refused.value.status, refused.value.kind) == (status, kind)


REFUSALS = (
    MoveRefusedError,
    SlotTakenError,
    TermsError,
    WishError,
    answers.SupersededError,
    UnknownRequestError,
    ErasedRequestError,
)


@dataclass(frozen=True)
class Held:
    """What a request should hold."""

    member_id: int
    starts: datetime
    ends: datetime

    def rows(self) -> set[tuple[int, int]]:
        return {(self.member_id, each) for each in blocks(self.starts, self.ends)}


which = some.integers(0, 2)
member = some.sampled_from(["aigul", "bolat"])
offset = some.sampled_from([0, 5, 15, 30, 60, 90])
SOON = 6
"""How much is tried before requests may be gone: else little would happen to any."""
length = some.sampled_from([5, 15, 30, 45])


class Requests(RuleBasedStateMachine):
    """Three requests and two of us; `held` is what must be held, reckoned without the database."""

    def __init__(self) -> None:
        super().__init__()
        self.db = Session(engine().execution_options(writes=True))
        self.now = MONDAY
        self.refusal: Exception | None = None
        self.tried = 0
        self.members = {each.slug: each for each in self.db.exec(select(StaffMember))}
        made = [asked(self.db, f"Person{each}", slot=None) for each in range(3)]
        self.numbers = [each.id or 0 for each in made]
        self.tokens = [request_token(self.db, each) for each in made]
        self.held: dict[int, Held] = {}

    def teardown(self) -> None:
        self.db.rollback()
        self.db.close()

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Do it as a door does: what is refused is rolled back. Says whether it was done."""
        self.refusal = None
        self.tried += 1
        try:
            with self.db.begin_nested():
                act()
                self.db.flush()
        except REFUSALS as refusal:
            self.refusal = refusal
            return False
        return True

    def request(self, number: int) -> MeetingRequest | None:
        return self.db.get(MeetingRequest, number)

    def terms(self, slug: str, start: int, long: int) -> Terms:
        starts = TEN + minutes(start)
        return Terms(starts, starts + minutes(long), self.members[slug].id or 0)

    def agree(self, number: int, terms: Terms, act: Callable[[], Any]) -> None:
        """Accept; refused as taken exactly where another holds any of the time."""
        wanted = Held(terms.member_id, terms.starts, terms.ends)
        others = [each.rows() for holder, each in self.held.items() if holder != number]
        is_taken = any(wanted.rows() & each for each in others)
        if self.attempt(act):
            assert not is_taken
            self.held[number] = wanted
        assert is_taken or not isinstance(self.refusal, SlotTakenError)

    @rule(at=which, slug=member, start=offset, long=length)
    def accept(self, at: int, slug: str, start: int, long: int) -> None:
        number, terms = self.numbers[at], self.terms(slug, start, long)
        self.agree(
            number, terms, lambda: meetings.accept(self.db, number, self.members["aigul"], terms, self.now)
        )

    @rule(at=which, slug=member, start=offset, long=length)
    def propose(self, at: int, slug: str, start: int, long: int) -> None:
        terms = self.terms(slug, start, long)
        aigul = self.members["aigul"]
        self.attempt(lambda: meetings.propose(self.db, self.numbers[at], aigul, terms, self.now))

    @rule(at=which)
    def decline(self, at: int) -> None:
        aigul = self.members["aigul"]
        self.attempt(lambda: meetings.decline(self.db, self.numbers[at], aigul, self.now))

    @rule(at=which, slug=member)
    def reassign(self, at: int, slug: str) -> None:
        number, to = self.numbers[at], self.members[slug].id or 0
        aigul = self.members["aigul"]
        is_done = self.attempt(lambda: meetings.reassign(self.db, number, aigul, to, self.now))
        if is_done and number in self.held:
            self.held[number] = Held(to, self.held[number].starts, self.held[number].ends)

    @rule(at=which, by_staff=some.booleans())
    def cancel(self, at: int, *, by_staff: bool) -> None:
        number, aigul = self.numbers[at], self.members["aigul"]
        is_done = self.attempt(
            lambda: (
                meetings.cancel(self.db, number, aigul, self.now)
                if by_staff
                else answers.cancel_by_delegate(self.db, self.tokens[at], self.now)
            )
        )
        if is_done:
            self.held.pop(number, None)

    def waiting(self) -> list[tuple[str, MeetingMove]]:
        """List what has been proposed, by us or by the delegate, with the tokens."""
        found = [(each, self.request(number)) for each, number in zip(self.tokens, self.numbers, strict=True)]
        return [
            (token, self.db.get_one(MeetingMove, each.proposal))
            for token, each in found
            if each and each.proposal
        ]

    def is_waiting(self) -> bool:
        return bool(self.waiting())

    @precondition(is_waiting)
    @rule(at=which)
    def answer_accept(self, at: int) -> None:
        token, line = self.waiting()[at % len(self.waiting())]
        starts, ends, proposal = line.starts or MONDAY, line.ends or MONDAY, line.id or 0
        terms = Terms(starts, ends, line.member_id or 0)
        self.agree(line.request_id, terms, lambda: answers.answer_accept(self.db, token, proposal, self.now))

    @precondition(is_waiting)
    @rule(at=which)
    def answer_decline(self, at: int) -> None:
        token, line = self.waiting()[at % len(self.waiting())]
        self.attempt(lambda: answers.answer_decline(self.db, token, line.id or 0, self.now))

    @precondition(is_waiting)
    @rule(at=which, start=some.sampled_from([0, 30, 60]))
    def answer_counter(self, at: int, start: int) -> None:
        token, line = self.waiting()[at % len(self.waiting())]
        slot = TEN + minutes(start)
        self.attempt(lambda: answers.answer_counter(self.db, token, line.id or 0, slot, self.now))

    @precondition(lambda self: self.tried > SOON)
    @rule(at=which)
    def erase(self, at: int) -> None:
        self.attempt(lambda: erasure.erase(self.db, self.tokens[at], self.now))
        self.held.pop(self.numbers[at], None)

    @precondition(lambda self: self.tried > SOON)
    @rule(minute=some.sampled_from([-30, 10, 40, 100]))
    def time_passes(self, minute: int) -> None:
        self.now = max(self.now, TEN + minutes(minute))
        lapsing.lapse_due(self.db, self.now)

    @invariant()
    def holds_are_the_agreed_meetings(self) -> None:
        found = {(each.request_id, each.member_id, each.block) for each in self.db.exec(select(Hold))}
        assert found == {(number, *row) for number, held in self.held.items() for row in held.rows()}

    @invariant()
    def requests_say_what_is_held(self) -> None:
        kept = self.db.exec(select(MeetingRequest).where(MeetingRequest.is_held)).all()
        assert {
            each.id: Held(each.member_id or 0, each.starts or MONDAY, each.ends or MONDAY) for each in kept
        } == self.held
        for each in self.db.exec(select(MeetingRequest)):
            assert each.is_held == (each.id in self.held)
            assert each.is_held or each.status is not RequestStatus.ACCEPTED
            assert each.status in HOLDING or not each.is_held
            waits = each.status in {RequestStatus.PROPOSED, RequestStatus.COUNTERED}
            assert waits == (each.proposal is not None)

    @invariant()
    def history_goes_by_the_table(self) -> None:
        for number in self.numbers:
            lines = self.db.exec(
                select(MeetingMove).where(MeetingMove.request_id == number).order_by(col(MeetingMove.id))
            ).all()
            for before, line in pairwise(lines):
                assert (before.status, line.kind, line.actor) in MOVES
                assert line.sequence >= before.sequence
            request = self.request(number)
            assert bool(lines) == (request is not None)
            if request:
                assert (lines[-1].status, lines[-1].sequence) == (request.status, request.sequence)

    @invariant()
    def messages_tell_of_requests_that_are_there(self) -> None:
        told = set(self.db.exec(select(OutboxMessage.request_id)))
        assert told <= {None, *self.db.exec(select(MeetingRequest.id))}


@pytest.fixture
def house(environment: Environment, cop14: SourceProgramme) -> None:
    migrate()
    with writing() as db:
        staffed(db, cop14)


def test_what_is_held_is_what_was_agreed(house: None) -> None:
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=80,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
