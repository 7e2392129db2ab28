"""The second lock: every event of a staff page, by its full name, or it does not happen.

Any public method of any state is a door that a plain socket client can knock at. `handlers` lists what may be
asked for and by whom; what is listed nowhere is refused, and a test fails on it.
"""

import asyncio
from typing import Any

import reflex as rx
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event.context import EventContext

from copapp.database import reading
from copapp.logs import Repeats
from copapp.models import StaffMember, StaffRole
from copapp.services.second_factor import must_set_up
from copapp.staff.handlers import HANDLERS, full_name, full_names
from copapp.staff.signed_in import NotSignedInError, signed_in
from copapp.this_request import begin_request

# What Reflex does by itself when a page connects.
_BY_ITSELF = full_names(State, ("hydrate", "hydrate_and_load")) | full_names(
    OnLoadInternalState, ("on_load_internal", "set_is_hydrated")
)
MEMBERS = _BY_ITSELF | {
    name for each in HANDLERS if not each.is_for_coordinators for name in full_names(each.state, each.all)
}
COORDINATORS = {
    name for each in HANDLERS if each.is_for_coordinators for name in full_names(each.state, each.all)
}
OPEN = full_name(State, "hydrate_and_load")
"""What a page asks first: everything that it shows."""
ACTS = {f"{each.state.__name__}.{name}" for each in HANDLERS for name in each.acts.split()}
"""What changes something that others see: each has a journey in a browser (`tests/browser/acts.py`)."""
ACT_EVENTS = {name for each in HANDLERS for name in full_names(each.state, each.acts.split())}
"""The same by their full names: what a page says of a tap that had no answer depends on it."""
FIRST_OF_ALL = _BY_ITSELF | {
    name for each in HANDLERS for name in full_names(each.state, each.before_factor.split())
}
"""What somebody may do who must set up a second factor before anything else."""
SHOWN_ONCE = {name for each in HANDLERS for name in full_names(each.state, each.shown_once.split())}
"""What a page does not show again by itself once the connection is back: an answer that is lost is named."""
_READ = full_name(OnLoadInternalState, "set_is_hydrated")


_refusals = Repeats("Staff's events")


def is_listed(name: object) -> bool:
    """Whether anybody may call a handler of this name; a client may send anything as one, which is noted."""
    listed = isinstance(name, str) and name in MEMBERS | COORDINATORS
    if not listed:
        _refusals.note("unlisted", "one that stands in no list was refused")
    return listed


class Guard(rx.Middleware):
    """Lets an event through if its name is listed and its sender is signed in with that role."""

    async def preprocess(self, app: rx.App, state: Any, event: Any) -> StateUpdate | None:
        """Give None to let the event through; an update, here an empty one, ends it."""
        del state
        begin_request()
        if not is_listed(event.name):
            return StateUpdate()
        try:
            member = await signed_in()
        except NotSignedInError:
            return StateUpdate()
        if event.name == _READ and _reading_failed(app):
            return StateUpdate()
        may = event.name in MEMBERS or member.role is StaffRole.COORDINATOR
        if not may:
            _refusals.note("role", f"{event.name} was refused to somebody who does not coordinate")
        if event.name not in FIRST_OF_ALL and await asyncio.to_thread(_must_set_up, member):
            may = False
        return None if may else StateUpdate()


def _must_set_up(member: StaffMember) -> bool:
    with reading() as db:
        return must_set_up(db, member)


def _reading_failed(app: rx.App) -> bool:
    """Whether a handler that reads the page has failed: then the page must not say that it was read."""
    processor = app._event_processor  # noqa: SLF001 - Reflex keeps it, and what is under way, to itself
    futures = processor._futures if processor else {}  # noqa: SLF001
    mine = futures.get(EventContext.get().txid)
    siblings = mine.parent.children if mine and mine.parent else []
    return any(each.done() and (each.cancelled() or each.exception()) for each in siblings)
