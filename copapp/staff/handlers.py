"""What may be asked of each state, by whom, and what of it changes something: the guard's only source."""

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx
from reflex_base.utils.format import format_event_handler

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
from copapp.staff.team_state import TeamState
from copapp.staff.watch_state import WatchState

_REFRESH = "refresh"


@dataclass(frozen=True)
class Handlers:
    """The handlers of a state by name, several with blanks between them.

    `opens` is asked when a page opens; `views` read, as it does; `acts` change something that others see.
    `before_factor` are allowed to somebody who must set up a second factor first.
    `shown_once` are not asked again once a lost connection is back: an answer that was lost is named.
    """

    state: type[rx.State]
    opens: str
    views: str = ""
    acts: str = ""
    is_for_coordinators: bool = False
    before_factor: str = ""
    shown_once: str = ""

    @property
    def all(self) -> list[str]:
        """Name every handler."""
        return [self.opens, *self.views.split(), *self.acts.split()]

    @property
    def is_refreshed(self) -> bool:
        """Whether an open page shows by itself what others change."""
        return _REFRESH in self.all

    @property
    def refresh(self) -> str:
        """Give the full name of what shows it."""
        return full_name(self.state, _REFRESH)


HANDLERS = (
    Handlers(
        AccountState,
        opens="open_account",
        views="new_secret have_codes",
        acts="end_session set_factor remove_factor",
        before_factor="open_account new_secret set_factor have_codes end_session",
    ),
    Handlers(
        AccountsState,
        opens="open_accounts",
        acts="add_person make_link disable enable set_role end_sessions reset_factor require_factor",
        is_for_coordinators=True,
    ),
    Handlers(CalendarState, opens="open_calendars", acts="keep replace_address stop"),
    Handlers(
        ChannelsState,
        opens="open_channels",
        acts="keep_mail forget_mail keep_webhook forget_webhook try_mail try_webhook try_mailbox",
        is_for_coordinators=True,
    ),
    Handlers(
        ConferenceState, opens="open_conference", views="take_theirs", acts="keep", is_for_coordinators=True
    ),
    Handlers(CoverState, opens="refresh", acts="cover"),
    Handlers(
        EventState,
        opens="open_event",
        views="take_theirs",
        acts="save duplicate set_status remove cover",
    ),
    Handlers(FiguresState, opens="refresh"),
    Handlers(
        ImportState,
        opens="open_import",
        views="look look_at review pick",
        acts="watch take",
        shown_once="look look_at review",
    ),
    Handlers(
        InboxState,
        opens="open_inbox",
        views="refresh choose_tab look_for show_more pick pick_all let_go",
        acts="saw_reply put_on_list decline_unsaid erase_held_back",
    ),
    Handlers(LogState, opens="open_log", views="choose_who choose_kind show_older", is_for_coordinators=True),
    Handlers(
        ProgrammeState,
        opens="open_programme",
        views="refresh look_for choose_day choose_room show_all show_more pick pick_shown let_go",
        acts="move into_room set_status remove",
    ),
    Handlers(ReleaseState, opens="open_release", views="refresh", acts="make_release bring_back discard"),
    Handlers(RepliesState, opens="open_replies", acts="follow"),
    Handlers(
        RequestState,
        opens="open_request",
        views="refresh choose",
        acts="accept propose decline cancel reassign add_note",
    ),
    Handlers(SettingsState, opens="open_settings", acts="replace_plan", is_for_coordinators=True),
    Handlers(TeamState, opens="refresh", acts="add_hours remove_hours set_practice cover"),
    Handlers(WatchState, opens="refresh", acts="set_aside stop"),
)


def full_name(state: type[rx.State], name: str) -> str:
    """Give the name that a page sends to call a handler. Raises KeyError where the state has none such."""
    return format_event_handler(state.event_handlers[name])


def full_names(state: type[rx.State], names: Iterable[str]) -> set[str]:
    """Do so for several."""
    return {full_name(state, name) for name in names}


def handlers_of(state: type[rx.State]) -> Handlers:
    """Find the row of a state."""
    return next(each for each in HANDLERS if each.state is state)
