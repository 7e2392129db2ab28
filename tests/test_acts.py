"""An act of staff is done whole, or the page can say why not; what is no refusal is logged as a fault."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from reflex_base.event.context import EventContext
from sqlmodel import Session, select

from copapp.copapp import app
from copapp.models import StaffMember, StaffRole
from copapp.services import staff
from copapp.services.moves import NotAllowedError
from copapp.services.tokens import hash_of
from copapp.staff.acts import FAULT, Act, Done, Refusals, do, number_of
from copapp.staff.faults import tell_fault
from copapp.staff.session import HEADER
from copapp.staff.signed_in import NotSignedInError
from tests.conftest import NOW, Environment

REFUSALS: Refusals = {NotAllowedError: "gone", LookupError: lambda error: error.args[0]}


@pytest.fixture
def session(db: Session, environment: Environment) -> str:
    environment(NOW=NOW.isoformat())
    member = staff.add_member(db, None, "Aigul", "aigul@example.org", StaffRole.MEMBER, NOW)
    found = hash_of(staff.open_session(db, member.id or 0, NOW))
    db.commit()
    return found


def as_aigul(session: str, act: Act[str]) -> Done[str]:
    async def run() -> Done[str]:
        context = EventContext(
            token="x",
            state_manager=app.state_manager,
            enqueue_impl=app.event_namespace.on_event,  # type: ignore[union-attr,arg-type]
            router_data={"headers": {HEADER: session}},
        )
        EventContext.set(context)
        return await do(act, REFUSALS)

    with ThreadPoolExecutor(1) as pool:  # in this thread a browser's loop may run
        return pool.submit(asyncio.run, run()).result()


def rename(db: Session, me: StaffMember, now: datetime) -> str:
    del now
    me.name = "Aigul S."
    db.merge(me)
    db.flush()
    return me.name


def test_an_act_is_written_and_gives_what_it_made(db: Session, session: str) -> None:
    done = as_aigul(session, rename)

    assert done == Done("Aigul S.")
    assert db.exec(select(StaffMember.name)).one() == "Aigul S."


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (NotAllowedError(), "gone"),
        (LookupError("lost"), "lost"),
        (KeyError("a kind of that"), "a kind of that"),
        (ValueError("a bug"), FAULT),
        (TypeError("a bug"), FAULT),
    ],
)
def test_only_what_is_named_is_a_refusal_and_nothing_is_half_done(
    error: Exception, problem: str, db: Session, session: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(open_db: Session, me: StaffMember, now: datetime) -> str:
        rename(open_db, me, now)
        raise error

    done = as_aigul(session, fail)

    assert (done.made, done.problem, done.refusal) == (None, problem, error)
    assert db.exec(select(StaffMember.name)).one() == "Aigul"
    assert ("failed" in caplog.text) is (problem == FAULT)
    assert "a bug" not in caplog.text


@pytest.mark.parametrize(
    "given", ["", "x", "-1", "1.5", "٣", "9" * 30, None, [], {"a": 1}, True, float("inf")]
)
def test_what_is_no_number_of_a_row_is_none(given: object) -> None:
    assert number_of(given) == 0
    assert number_of(7) == number_of("7") == 7


@pytest.mark.parametrize(("error", "is_logged"), [(NotSignedInError(), False), (ValueError("a bug"), True)])
def test_a_session_that_ended_meanwhile_is_no_fault(
    error: Exception, caplog: pytest.LogCaptureFixture, *, is_logged: bool
) -> None:
    """Who ended the session of this very page had a fault logged for it."""
    assert tell_fault(error) is not None

    assert ("A staff page's handler failed" in caplog.text) is is_logged
