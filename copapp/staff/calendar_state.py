"""The live state of one's calendars: a new address is shown once, to whom it belongs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.database import reading
from copapp.i18n import LANGUAGES
from copapp.interop.personal_calendar import Wishes
from copapp.models import StaffCalendar, StaffMember, StaffRole
from copapp.presenters.follow import WaysToFollow, ways_to_follow
from copapp.presenters.programme import venue_instant
from copapp.services import staff_calendars
from copapp.services.calendars import EndedCalendarError, UnknownCalendarError, expires_at
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.moves import NotAllowedError
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.settings import settings
from copapp.staff.acts import Refusals, do
from copapp.staff.both import Both
from copapp.staff.signed_in import signed_in

ALARMS = (0, 5, 10, 15, 30, 60)


@dataclass(frozen=True)
class CalendarView:
    """One calendar: since when it has its address ("" where there is none), and how it is written."""

    since: str = ""
    language: str = ""
    alarm: str = ""
    seen: str = ""
    line: str = ""


ActOf = Callable[[Session, StaffMember, datetime, bool], str | None]
REFUSALS: Refusals = {
    EndedCalendarError: "over",
    UnknownCalendarError: "gone",
    ChangedMeanwhileError: "changed",
    NotAllowedError: "refused",
}


class CalendarState(rx.State):
    """One's own calendar and, for coordinators, the whole team's; `done` is the key of what was done.

    `ways` are those to the address that was just made, the team's or not, at `made`; `shown_once` keeps them
    for whose number is `me`.
    """

    me: int = 0
    own: CalendarView = CalendarView()
    team: CalendarView = CalendarView()
    is_coordinator: bool = False
    ends: str = ""
    ways: WaysToFollow = WaysToFollow()
    of_team: bool = False
    made: str = ""
    done: str = ""
    done_so_far: int = 0
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012 - Reflex copies a state's defaults

    @rx.event
    async def open_calendars(self) -> None:
        """Show how things are; an earlier address is given no more."""
        self.reset()
        await self._read_all()

    @rx.event
    async def keep(self, given: dict[str, Any]) -> None:
        """Make a calendar, or keep how the one that is shown is to be written."""
        whose, wishes = str(given["whose"]), _wishes(given)

        def act(db: Session, me: StaffMember, now: datetime, of_team: bool) -> str:  # noqa: FBT001 - as in _do
            if staff_calendars.live_staff_calendar(db, me, of_team=of_team):
                staff_calendars.set_wishes(db, me, wishes, of_team=of_team)
                return ""
            return staff_calendars.make_staff_calendar(db, me, wishes, now, of_team=of_team)

        await self._do("kept" if given["seen"] else "made", whose, str(given["seen"]), act)

    @rx.event
    async def replace_address(self, whose: str, seen: str) -> None:
        """Give the calendar that is shown another address: the old one ends at once."""
        await self._do(
            "replaced",
            whose,
            seen,
            lambda db, me, now, of_team: staff_calendars.replace_staff_calendar(db, me, now, of_team=of_team),
        )

    @rx.event
    async def stop(self, whose: str, seen: str) -> None:
        """Stop the calendar that is shown for good."""
        await self._do(
            "stopped",
            whose,
            seen,
            lambda db, me, now, of_team: staff_calendars.stop_staff_calendar(db, me, now, of_team=of_team),
        )

    async def _do(self, name: str, whose: str, seen: str, act: ActOf) -> None:
        """Do something to one's calendar, or the team's, if it is as it was on the screen."""
        of_team = whose == "team"

        def act_on(db: Session, me: StaffMember, now: datetime) -> str | None:
            hold_draft(db, the_conference(db))
            if _seen(staff_calendars.live_staff_calendar(db, me, of_team=of_team)) != seen:
                raise ChangedMeanwhileError([whose])
            return act(db, me, now, of_team)

        before = self.team if of_team else self.own
        done = await do(act_on, REFUSALS)
        self.problem, self.both = done.problem, []
        self.done, self.done_so_far = "" if self.problem else name, self.done_so_far + 1
        if done.made or (self.done == "stopped" and of_team == self.of_team):
            self.ways, self.of_team = await asyncio.to_thread(_ways, done.made or ""), of_team
        await self._read_all()
        if done.made:
            self.made = (self.team if of_team else self.own).since
        if isinstance(done.refusal, ChangedMeanwhileError):
            self.both = [Both(before.line, (self.team if of_team else self.own).line)]

    async def _read_all(self) -> None:
        me = await signed_in()
        self.me, self.is_coordinator = me.id or 0, me.role is StaffRole.COORDINATOR
        self.own, self.team, self.ends = await asyncio.to_thread(_read, me)


def _wishes(given: dict[str, Any]) -> Wishes:
    language, alarm = str(given["language"]), str(given["alarm"])
    known = (each for each in ALARMS if str(each) == alarm)
    return Wishes(language if language in LANGUAGES else "en", next(known, None))


def _seen(calendar: StaffCalendar | None) -> str:
    """Name a calendar and how it is written: what is on the screen, by which it is known again."""
    return f"{calendar.id} {calendar.language} {calendar.alarm}" if calendar else ""


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
    since = venue_instant(found.created_at, zone)
    line = " · ".join(each for each in (since[:16].replace("T", " "), found.language, alarm) if each)
    return CalendarView(since, found.language, alarm, _seen(found), line)
