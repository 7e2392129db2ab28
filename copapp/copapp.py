"""The composition root: the app and every page of it in one list."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.about import about
from copapp.delegate.calendars import public_calendars
from copapp.delegate.changes import changes
from copapp.delegate.event import event
from copapp.delegate.map import room_map, whole_map
from copapp.delegate.meet import meet
from copapp.delegate.more import more
from copapp.delegate.not_found import boundary, not_found
from copapp.delegate.request import one_request
from copapp.delegate.saved import saved
from copapp.delegate.schedule import schedule
from copapp.delegate.settings import settings
from copapp.delegate.way import way_map
from copapp.offline import live
from copapp.offline import map as venue_map
from copapp.offline.head import before_anything
from copapp.offline.live import t
from copapp.staff import routes as staff_routes
from copapp.staff.account_state import AccountState
from copapp.staff.accounts_state import AccountsState
from copapp.staff.calendar_state import CalendarState
from copapp.staff.channels_state import ChannelsState
from copapp.staff.conference_state import ConferenceState
from copapp.staff.cover_state import CoverState
from copapp.staff.event_state import EventState
from copapp.staff.faults import note_page_fault, tell_fault
from copapp.staff.figures_state import FiguresState
from copapp.staff.guard import Guard
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
from copapp.staff.views.event import event as staff_event
from copapp.staff.views.figures import statistics
from copapp.staff.views.inbox import inbox
from copapp.staff.views.log import log
from copapp.staff.views.programme import programme
from copapp.staff.views.programme_import import programme_import
from copapp.staff.views.release import release
from copapp.staff.views.replies import replies
from copapp.staff.views.request import request
from copapp.staff.views.set_up import choose_password, set_up
from copapp.staff.views.settings import settings as staff_settings
from copapp.staff.views.sign_in import sign_in
from copapp.staff.views.team import team
from copapp.staff.watch_state import WatchState
from copapp.staff.words import t as staff_t


def titled(words: Any) -> Any:
    """A page's title: its own words, then the conference."""
    return words + " · " + live.conference.name


app = rx.App(
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): lambda _: boundary()},
    head_components=before_anything(),
    stylesheets=["/app.css"],
    reset_style=False,
    html_lang="en",
    backend_exception_handler=tell_fault,
    frontend_exception_handler=note_page_fault,
)
app.add_middleware(Guard())

for page, route, title in (
    (schedule, routes.SCHEDULE, titled(t("place.schedule"))),
    (event, routes.EVENT, titled(rx.cond(live.event, live.event.title, t("event.unknown")))),
    (saved, routes.SAVED, titled(t("place.saved"))),
    (whole_map, routes.MAP, titled(t("map.title"))),
    (
        room_map,
        routes.ROOM,
        titled(rx.cond(venue_map.room, venue_map.room.name, t("map.unknown"))),
    ),
    (
        way_map,
        routes.WAY,
        titled(rx.cond(venue_map.way, venue_map.way.title, t("map.unknown"))),
    ),
    (meet, routes.MEET, titled(t("place.meet"))),
    (one_request, routes.REQUEST, titled(t("request.title"))),
    (changes, routes.CHANGES, titled(t("changes.title"))),
    (public_calendars, routes.CALENDARS, titled(t("calendars.title"))),
    (more, routes.MORE, titled(t("place.more"))),
    (settings, routes.SETTINGS, titled(t("place.settings"))),
    (about, routes.ABOUT, titled(t("place.about"))),
):
    app.add_page(page, route=route, title=title, meta=[])

for page, route, title, on_load in (
    (inbox, staff_routes.INBOX, "place.inbox", [InboxState.open_inbox, WatchState.refresh]),
    (request, staff_routes.REQUEST, "place.inbox", RequestState.open_request),
    (replies, staff_routes.REPLIES, "reply.title", RepliesState.open_replies),
    (programme, staff_routes.DRAFT, "draft.title", [ProgrammeState.open_programme, WatchState.refresh]),
    (staff_event, staff_routes.EVENT, "draft.title", EventState.open_event),
    (programme_import, staff_routes.IMPORT, "import.title", [ImportState.open_import, WatchState.refresh]),
    (release, staff_routes.RELEASE, "release.look", ReleaseState.open_release),
    (team, staff_routes.TEAM, "place.team", TeamState.refresh),
    (cover, staff_routes.COVER, "cover.title", CoverState.refresh),
    (statistics, staff_routes.STATISTICS, "figures.title", FiguresState.refresh),
    (log, staff_routes.LOG, "log.title", LogState.open_log),
    (calendars, staff_routes.CALENDAR, "feed.title", CalendarState.open_calendars),
    (accounts, staff_routes.ACCOUNTS, "accounts.title", AccountsState.open_accounts),
    (account, staff_routes.ACCOUNT, "account.title", AccountState.open_account),
    (
        staff_settings,
        staff_routes.SETTINGS,
        "settings.title",
        [SettingsState.open_settings, ConferenceState.open_conference, ChannelsState.open_channels],
    ),
    (sign_in, staff_routes.SIGN_IN, "sign_in.title", None),
    (set_up, staff_routes.SET_UP, "set_up.title", None),
    (choose_password, staff_routes.CHOOSE, "set_up.choose", None),
):
    app.add_page(page, route=route, title=titled(staff_t(title)), meta=[], on_load=on_load)

app.add_page(not_found, route="/404", title=titled(t("not_found.title")), meta=[])
