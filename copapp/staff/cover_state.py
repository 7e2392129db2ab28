"""The live state of "who covers what": everybody's events and hours on one screen."""

import asyncio
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.timetable import conference_days
from copapp.models import StaffMember, StaffRole
from copapp.presenters.cover import CoverDay, cover_hours, cover_people, cover_row
from copapp.presenters.programme import venue_instant
from copapp.services import team
from copapp.services.covering import Covering, covering
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in


class CoverState(rx.State):
    """Every day with its events; `gaps` have nobody, `as_of` is when this was read."""

    days: list[CoverDay] = []  # noqa: RUF012 - Reflex copies a state's defaults
    gaps: int = 0
    clashes: int = 0
    as_of: str = ""
    is_coordinator: bool = False
    problem: str = ""

    @rx.event
    async def refresh(self) -> None:
        """Read everything anew."""
        await self._read()

    @rx.event
    async def cover(self, event: str, number: int, is_there: bool) -> None:  # noqa: FBT001 - what a tap sends
        """Say that one of us will be at an event, or not."""
        me = await signed_in()
        self.problem = await asyncio.to_thread(try_to_cover, me, str(event), number, bool(is_there))
        await self._read()

    async def _read(self) -> None:
        me = await signed_in()
        self.days, self.as_of = await asyncio.to_thread(_days, me)
        self.is_coordinator = me.role is StaffRole.COORDINATOR
        rows = [row for day in self.days for row in day.rows]
        self.gaps = sum(row.is_gap for row in rows)
        self.clashes = sum(bool(row.clashes) for row in rows)


def try_to_cover(me: StaffMember, event: str, number: int, is_there: bool) -> str:  # noqa: FBT001 - see cover
    """Give the key of what went wrong; "" if nothing did."""
    try:
        with writing() as db:
            team.set_covered(db, me, int(number), event, clock().now(), is_covered=is_there)
    except (NotAllowedError, ValueError, TypeError):
        return "gone"
    return ""


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
