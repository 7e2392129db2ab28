"""The second lock: every event of a staff page, by its full name, or it does not happen.

Any public method of any state is a door that a plain socket client can knock at. `COORDINATORS` and `MEMBERS`
list what may be asked for and by whom; what is listed nowhere is refused, and a test fails on it.
"""

import asyncio
from typing import Any

import reflex as rx
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_event_handler

from copapp.database import reading
from copapp.logs import Repeats
from copapp.models import StaffMember, StaffRole
from copapp.services.second_factor import must_set_up
from copapp.staff import routes
from copapp.staff.account_state import AccountState
from copapp.staff.accounts_state import AccountsState
from copapp.staff.calendar_state import CalendarState
from copapp.staff.channels_state import ChannelsState
from copapp.staff.conference_state import ConferenceState
from copapp.staff.cover_state import CoverState
from copapp.staff.event_state import EventState
from copapp.staff.figures_state import FiguresState
from copapp.staff.import_state import ImportState
from copapp.staff.inbox_state import InboxState
from copapp.staff.log_state import LogState
from copapp.staff.programme_state import ProgrammeState
from copapp.staff.release_state import ReleaseState
from copapp.staff.replies_state import RepliesState
from copapp.staff.request_state import RequestState
from copapp.staff.settings_state import SettingsState
from copapp.staff.signed_in import NotSignedInError, signed_in
from copapp.staff.team_state import TeamState
from copapp.staff.watch_state import WatchState
from copapp.this_request import begin_request

# What Reflex does by itself when a page connects.
_BY_ITSELF: dict[type, str] = {
    State: "hydrate hydrate_and_load",
    OnLoadInternalState: "on_load_internal set_is_hydrated",
}
_MEMBERS_VIEWS: dict[type, str] = {
    AccountState: "open_account new_secret have_codes",
    InboxState: "open_inbox refresh choose_tab look_for show_more pick pick_all let_go",
    RequestState: "open_request refresh choose",
    RepliesState: "open_replies",
    ProgrammeState: "open_programme refresh look_for choose_day choose_room show_all show_more "
    "pick pick_shown let_go",
    EventState: "open_event take_theirs",
    ImportState: "open_import look look_at review pick",
    WatchState: "refresh",
    ReleaseState: "open_release refresh",
    CalendarState: "open_calendars",
    TeamState: "refresh",
    CoverState: "refresh",
    FiguresState: "refresh",
}
_MEMBERS_ACTS: dict[type, str] = {
    AccountState: "end_session set_factor remove_factor",
    InboxState: "saw_reply put_on_list decline_unsaid erase_held_back",
    RequestState: "accept propose decline cancel reassign add_note",
    RepliesState: "follow",
    ProgrammeState: "move into_room set_status remove",
    EventState: "save duplicate set_status remove cover",
    ImportState: "watch take",
    WatchState: "set_aside stop",
    ReleaseState: "make_release bring_back discard",
    CalendarState: "keep replace_address stop",
    TeamState: "add_hours remove_hours set_practice cover",
    CoverState: "cover",
}
_COORDINATORS_VIEWS: dict[type, str] = {
    AccountsState: "open_accounts",
    ChannelsState: "open_channels",
    ConferenceState: "open_conference take_theirs",
    LogState: "open_log choose_who choose_kind show_older",
    SettingsState: "open_settings",
}
_COORDINATORS_ACTS: dict[type, str] = {
    AccountsState: "add_person make_link disable enable set_role end_sessions reset_factor require_factor",
    ChannelsState: "keep_mail forget_mail keep_webhook forget_webhook try_mail try_webhook try_mailbox",
    ConferenceState: "keep",
    SettingsState: "replace_plan",
}

_LIVE: dict[str, tuple[type, ...]] = {
    routes.INBOX: (InboxState, WatchState),
    routes.REQUEST: (RequestState,),
    routes.DRAFT: (ProgrammeState, WatchState),
    routes.IMPORT: (WatchState,),
    routes.RELEASE: (ReleaseState,),
    routes.TEAM: (TeamState,),
    routes.COVER: (CoverState,),
    routes.STATISTICS: (FiguresState,),
}


def _names(table: dict[type, str]) -> set[str]:
    return {
        format_event_handler(state.event_handlers[name])  # type: ignore[attr-defined]
        for state, names in table.items()
        for name in names.split()
    }


MEMBERS = _names(_BY_ITSELF) | _names(_MEMBERS_VIEWS) | _names(_MEMBERS_ACTS)
COORDINATORS = _names(_COORDINATORS_VIEWS) | _names(_COORDINATORS_ACTS)
OPEN = format_event_handler(State.event_handlers["hydrate_and_load"])
"""What a page asks first: everything that it shows."""
ACTS = {
    f"{state.__name__}.{name}"
    for table in (_MEMBERS_ACTS, _COORDINATORS_ACTS)
    for state, names in table.items()
    for name in names.split()
}
"""What changes something that others see: each has a journey in a browser (`tests/browser/acts.py`)."""
ACT_EVENTS = _names(_MEMBERS_ACTS) | _names(_COORDINATORS_ACTS)
"""The same by their full names: what a page says of a tap that had no answer depends on it."""
FIRST_OF_ALL = _names(_BY_ITSELF) | _names(
    {AccountState: "open_account new_secret set_factor have_codes end_session"}
)
"""What somebody may do who must set up a second factor before anything else."""
SHOWN_ONCE = _names({ImportState: "look look_at review"})
"""What a page does not show again by itself once the connection is back: an answer that is lost is named."""
_READ = format_event_handler(OnLoadInternalState.event_handlers["set_is_hydrated"])
REFRESHES = {
    route: tuple(format_event_handler(state.event_handlers["refresh"]) for state in states)  # type: ignore[attr-defined]
    for route, states in _LIVE.items()
}
"""What a connected page is asked to do, by its route, when staff or delegates changed anything."""


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
