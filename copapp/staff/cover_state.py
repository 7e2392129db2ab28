"""The live state of "who covers what": everybody's events and hours on one screen."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading
from copapp.domain.timetable import conference_days
from copapp.models import StaffMember, StaffRole
from copapp.presenters.cover import CoverDay, cover_hours, cover_people, cover_row
from copapp.presenters.programme import venue_instant
from copapp.services import team
from copapp.services.covering import Covering, covering
from copapp.services.draft import ChangedMeanwhileError, seen_events
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.acts import Act, Refusals, do
from copapp.staff.both import Both
from copapp.staff.signed_in import signed_in

COVER_REFUSALS: Refusals = {ChangedMeanwhileError: "changed", NotAllowedError: "gone"}


class CoverState(rx.State):
    """Every day with its events; `gaps` have nobody, `as_of` is when this was read."""

    days: list[CoverDay] = []  # noqa: RUF012 - Reflex copies a state's defaults
    gaps: int = 0
    clashes: int = 0
    as_of: str = ""
    is_coordinator: bool = False
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012

    @rx.event
    async def refresh(self) -> None:
        """Read everything anew."""
        await self._read()

    @rx.event
    async def cover(self, slug: str, version: int, number: int, is_there: bool) -> None:  # noqa: FBT001 - what a tap sends
        """Say that one of us will be at an event, as it is shown, or not."""
        before = self._row(slug)
        done = await do(covering_act(slug, version, number, is_there=is_there), COVER_REFUSALS)
        self.problem = done.problem
        await self._read()
        self.both = [Both(before, self._row(slug))] if done.problem == "changed" else []

    def _row(self, slug: str) -> str:
        """Say in a line how an event is shown."""
        rows = (
            f"{row.title} · {day.day} {row.starts}–{row.ends} · {row.room}"
            for day in self.days
            for row in day.rows
            if row.slug == slug
        )
        return next(rows, "")

    async def _read(self) -> None:
        me = await signed_in()
        self.days, self.as_of = await asyncio.to_thread(_days, me)
        self.is_coordinator = me.role is StaffRole.COORDINATOR
        rows = [row for day in self.days for row in day.rows]
        self.gaps = sum(row.is_gap for row in rows)
        self.clashes = sum(bool(row.clashes) for row in rows)


def covering_act(slug: str, version: int, number: int, *, is_there: bool) -> Act[None]:
    """Say of the event that was seen, in that version, whether one of us will be there."""

    def act(db: Session, me: StaffMember, now: datetime) -> None:
        seen_events(db, {slug: version})
        team.set_covered(db, me, number, slug, now, is_covered=is_there)

    return act


def _days(me: StaffMember) -> tuple[list[CoverDay], str]:
    with reading() as db:
        about, found = the_conference(db), covering(db)
        zone = ZoneInfo(about.timezone)
        held = {f"{each.starts.astimezone(zone):%Y-%m-%d}" for each in found.events}
        days = sorted(held | {day.isoformat() for day in conference_days(about.starts, about.ends)})
        shown = [_day(found, day, me, zone) for day in days]
        return [each for each in shown if each.rows or each.hours], venue_instant(clock().now(), zone)


def _day(found: Covering, day: str, me: StaffMember, zone: ZoneInfo) -> CoverDay:
    rows = [
        cover_row(
            event,
            found.rooms[event.room_id],
            cover_people(found.members, found.there.get(event.slug, set()), me),
            found.clashes,
            zone,
        )
        for event in found.events
        if f"{event.starts.astimezone(zone):%Y-%m-%d}" == day
    ]
    return CoverDay(day, cover_hours(found.members, found.hours, day, zone), rows)
