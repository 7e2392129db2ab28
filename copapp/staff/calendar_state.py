"""The live state of one's calendars: a new address is shown once, to whom it belongs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.i18n import LANGUAGES
from copapp.interop.personal_calendar import Wishes
from copapp.models import StaffMember, StaffRole
from copapp.presenters.follow import WaysToFollow, ways_to_follow
from copapp.presenters.programme import venue_instant
from copapp.services import staff_calendars
from copapp.services.calendars import EndedCalendarError, UnknownCalendarError, expires_at
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.settings import settings
from copapp.staff.signed_in import signed_in

ALARMS = (0, 5, 10, 15, 30, 60)


@dataclass(frozen=True)
class CalendarView:
    """One calendar: since when it has its address ("" where there is none), and how it is written."""

    since: str = ""
    language: str = ""
    alarm: str = ""


Act = Callable[[Session, StaffMember, datetime], str]


class CalendarState(rx.State):
    """One's own calendar and, for coordinators, the whole team's; `done` is the key of what was done.

    `ways` are those to the address that was just made, the team's or not.
    """

    own: CalendarView = CalendarView()
    team: CalendarView = CalendarView()
    is_coordinator: bool = False
    ends: str = ""
    ways: WaysToFollow = WaysToFollow()
    of_team: bool = False
    done: str = ""
    done_so_far: int = 0
    problem: str = ""

    @rx.event
    async def open_calendars(self) -> None:
        """Show how things are; an earlier address is no longer shown."""
        self.reset()
        await self._read_all()

    @rx.event
    async def keep(self, given: dict[str, Any]) -> None:
        """Make a calendar, or keep how one that is followed already is to be written."""
        of_team = given.get("whose") == "team"
        wishes = _wishes(given)

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            if staff_calendars.live_staff_calendar(db, me, of_team=of_team):
                staff_calendars.set_wishes(db, me, wishes, of_team=of_team)
                return ""
            return staff_calendars.make_staff_calendar(db, me, wishes, now, of_team=of_team)

        is_new = not (self.team if of_team else self.own).since
        await self._do("made" if is_new else "kept", act, of_team=of_team)

    @rx.event
    async def replace_address(self, whose: str) -> None:
        """Give a calendar another address: the old one ends at once."""
        of_team = whose == "team"
        await self._do(
            "replaced",
            lambda db, me, now: staff_calendars.replace_staff_calendar(db, me, now, of_team=of_team),
            of_team=of_team,
        )

    @rx.event
    async def stop(self, whose: str) -> None:
        """Stop a calendar for good."""
        of_team = whose == "team"

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            staff_calendars.stop_staff_calendar(db, me, now, of_team=of_team)
            return ""

        await self._do("stopped", act, of_team=of_team)

    async def _do(self, done: str, act: Act, *, of_team: bool) -> None:
        me = await signed_in()
        token, self.problem = await asyncio.to_thread(_try, act, me)
        self.done, self.done_so_far = "" if self.problem else done, self.done_so_far + 1
        if token or (done == "stopped" and of_team == self.of_team):
            self.ways, self.of_team = await asyncio.to_thread(_ways, token), of_team
        await self._read_all()

    async def _read_all(self) -> None:
        me = await signed_in()
        self.is_coordinator = me.role is StaffRole.COORDINATOR
        self.own, self.team, self.ends = await asyncio.to_thread(_read, me)


def _wishes(given: dict[str, Any]) -> Wishes:
    language, alarm = str(given.get("language")), str(given.get("alarm"))
    known = (each for each in ALARMS if str(each) == alarm)
    return Wishes(language if language in LANGUAGES else "en", next(known, None))


def _try(act: Act, me: StaffMember) -> tuple[str, str]:
    """Give the token of a new address, if there is one, and the key of what went wrong."""
    try:
        with writing() as db:
            return act(db, me, clock().now()), ""
    except EndedCalendarError:
        return "", "over"
    except UnknownCalendarError:
        return "", "gone"
    except NotAllowedError:
        return "", "refused"


def _ways(token: str) -> WaysToFollow:
    if not token:
        return WaysToFollow()
    with reading() as db:
        name = the_conference(db).name
    return ways_to_follow(f"{settings().public_url.rstrip('/')}/api/v1/calendars/{token}.ics", name)


def _read(me: StaffMember) -> tuple[CalendarView, CalendarView, str]:
    with reading() as db:
        about = the_conference(db)
        zone = ZoneInfo(about.timezone)
        own, team = (_view(db, me, zone, of_team=each) for each in (False, True))
        return own, team, venue_instant(expires_at(about), zone)[:10]


def _view(db: Session, me: StaffMember, zone: ZoneInfo, *, of_team: bool) -> CalendarView:
    found = staff_calendars.live_staff_calendar(db, me, of_team=of_team)
    if found is None:
        return CalendarView()
    alarm = "" if found.alarm is None else str(found.alarm)
    return CalendarView(venue_instant(found.created_at, zone), found.language, alarm)
