"""The one place that does an act of staff: it is done whole, or the page can say why not.

In a handler, with everything that the act needs taken from the arguments (what was on the screen):

    done = await do(lambda db, me, now: draft.remove_events(db, me, picked, now), REFUSALS)
    self.problem = done.problem

`REFUSALS` names each error by which the service refuses, and the key of the words for it, or a function from
the error to that key:

    REFUSALS: Refusals = {
        ChangedMeanwhileError: "changed",
        NotAllowedError: "gone",
        EventFormError: lambda error: error.problems[0].code,
    }

`done.refusal` is that error, for what else it says (who has the time, what is there now). Any other error is
a fault of ours: it is logged, and the problem is FAULT, for which every page has words ("problem.fault").
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from copapp.clock import clock
from copapp.database import writing
from copapp.models import StaffMember
from copapp.staff.faults import note_fault
from copapp.staff.signed_in import signed_in
from copapp.this_request import count_from_now

FAULT = "fault"

Made = TypeVar("Made")
Act = Callable[[Session, StaffMember, datetime], Made]
Refusals = Mapping[type[Exception], str | Callable[[Any], str]]


@dataclass(frozen=True)
class Done(Generic[Made]):
    """What an act made, or the key of what went wrong and the error that refused it."""

    made: Made | None = None
    problem: str = ""
    refusal: Exception | None = None


async def do(act: Act[Made], refusals: Refusals) -> Done[Made]:
    """Do an act for whoever is signed in, in a transaction of its own. Raises NotSignedInError."""
    count_from_now()
    return await asyncio.to_thread(_do, act, refusals, await signed_in())


def _do(act: Act[Made], refusals: Refusals, me: StaffMember) -> Done[Made]:
    try:
        with writing() as db:
            return Done(act(db, me, clock().now()))
    except Exception as error:  # noqa: BLE001 - what no service names is logged, and the page says so
        return _refused(error, refusals)


def _refused(error: Exception, refusals: Refusals) -> Done[Made]:
    words = next((refusals[kind] for kind in type(error).__mro__ if kind in refusals), None)
    if words is None:
        note_fault(error)
        return Done(problem=FAULT, refusal=error)
    return Done(problem=words if isinstance(words, str) else words(error), refusal=error)


def number_of(given: object) -> int:
    """Give the number of a row that a page sent, 0 for anything that no page of ours sends."""
    text = str(given)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - what a row's number fits in
