"""Every staff page, once: where it is, what draws it, and the states that it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.account_state import AccountState
from copapp.staff.accounts_state import AccountsState
from copapp.staff.calendar_state import CalendarState
from copapp.staff.channels_state import ChannelsState
from copapp.staff.conference_state import ConferenceState
from copapp.staff.cover_state import CoverState
from copapp.staff.event_state import EventState
from copapp.staff.figures_state import FiguresState
from copapp.staff.handlers import handlers_of
from copapp.staff.import_state import ImportState
from copapp.staff.inbox_state import InboxState
from copapp.staff.log_state import LogState
from copapp.staff.programme_state import ProgrammeState
from copapp.staff.release_state import ReleaseState
from copapp.staff.replies_state import RepliesState
from copapp.staff.request_state import RequestState
from copapp.staff.settings_state import SettingsState
from copapp.staff.team_state import TeamState
from copapp.staff.views.account import account
from copapp.staff.views.accounts import accounts
from copapp.staff.views.calendar import calendars
from copapp.staff.views.cover import cover
from copapp.staff.views.event import event
from copapp.staff.views.figures import statistics
from copapp.staff.views.inbox import inbox
from copapp.staff.views.log import log
from copapp.staff.views.programme import programme
from copapp.staff.views.programme_import import programme_import
from copapp.staff.views.release import release
from copapp.staff.views.replies import replies
from copapp.staff.views.request import request
from copapp.staff.views.set_up import choose_password, set_up
from copapp.staff.views.settings import settings
from copapp.staff.views.sign_in import sign_in
from copapp.staff.views.team import team
from copapp.staff.watch_state import WatchState


@dataclass(frozen=True)
class StaffPage:
    """A page; `title` names its words, and one without states needs no connection."""

    address: str
    draw: Callable[[], rx.Component]
    title: str
    states: tuple[type[rx.State], ...] = ()

    @property
    def on_load(self) -> list[Any]:
        """Give what is asked when the page opens."""
        return [getattr(state, handlers_of(state).opens) for state in self.states]

    @property
    def refreshes(self) -> tuple[str, ...]:
        """Name what a connected page is asked to do when staff or delegates changed anything."""
        rows = [handlers_of(state) for state in self.states]
        return tuple(each.refresh for each in rows if each.is_refreshed)


PAGES = (
    StaffPage(routes.INBOX, inbox, "place.inbox", (InboxState, WatchState)),
    StaffPage(routes.REQUEST, request, "place.inbox", (RequestState,)),
    StaffPage(routes.REPLIES, replies, "reply.title", (RepliesState,)),
    StaffPage(routes.DRAFT, programme, "draft.title", (ProgrammeState, WatchState)),
    StaffPage(routes.EVENT, event, "draft.title", (EventState,)),
    StaffPage(routes.IMPORT, programme_import, "import.title", (ImportState, WatchState)),
    StaffPage(routes.RELEASE, release, "release.look", (ReleaseState,)),
    StaffPage(routes.TEAM, team, "place.team", (TeamState,)),
    StaffPage(routes.COVER, cover, "cover.title", (CoverState,)),
    StaffPage(routes.STATISTICS, statistics, "figures.title", (FiguresState,)),
    StaffPage(routes.LOG, log, "log.title", (LogState,)),
    StaffPage(routes.CALENDAR, calendars, "feed.title", (CalendarState,)),
    StaffPage(routes.ACCOUNTS, accounts, "accounts.title", (AccountsState,)),
    StaffPage(routes.ACCOUNT, account, "account.title", (AccountState,)),
    StaffPage(routes.SETTINGS, settings, "settings.title", (SettingsState, ConferenceState, ChannelsState)),
    StaffPage(routes.SIGN_IN, sign_in, "sign_in.title"),
    StaffPage(routes.SET_UP, set_up, "set_up.title"),
    StaffPage(routes.CHOOSE, choose_password, "set_up.choose"),
)
REFRESHES = {each.address: each.refreshes for each in PAGES if each.refreshes}
"""What each connected page is asked to do, by its address, when staff or delegates changed anything."""
