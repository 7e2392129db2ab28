"""The live state of "my hours": when one can be met, for how long, and whether delegates see one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.timetable import conference_days
from copapp.i18n import LANGUAGES
from copapp.models import StaffMember, StaffRole
from copapp.presenters.inbox import ClashView, clash_view
from copapp.presenters.programme import venue_instant
from copapp.services import team
from copapp.services.engagements import covered_clashes
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class HoursView:
    """A stretch of time in which one can be met, on the venue's clock."""

    id: int
    opens: str
    closes: str


@dataclass(frozen=True)
class DayView:
    """One day of the conference (YYYY-MM-DD) with one's hours."""

    date: str
    hours: list[HoursView]


@dataclass(frozen=True)
class EventView:
    """An event to be at; `starts` is ISO 8601 with the venue's offset."""

    slug: str
    title: str
    starts: str
    is_covered: bool
    clashes: list[ClashView]


@dataclass(frozen=True)
class Practice:
    """How one meets, and how one is shown."""

    name: str = ""
    slot_minutes: int = 30
    buffer_minutes: int = 0
    is_shown: bool = False
    job_title: str = ""
    languages: list[str] = field(default_factory=list)
    is_coordinator: bool = False


Act = Callable[[Session, StaffMember, datetime], object]


class TeamState(rx.State):
    """One's own hours, practice and events."""

    practice: Practice = Practice()
    days: list[DayView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    events: list[EventView] = []  # noqa: RUF012
    problem: str = ""
    is_kept: bool = False

    @rx.event
    async def refresh(self) -> None:
        """Read everything anew."""
        await self._read_all()

    async def _read_all(self) -> None:
        me = await signed_in()
        self.practice, self.days, self.events = await asyncio.to_thread(_read, me)

    @rx.event
    async def add_hours(self, given: dict[str, Any]) -> None:
        """Add hours of a day."""
        await self._do(
            lambda db, me, now: team.add_hours(
                db,
                me,
                me.id or 0,
                date.fromisoformat(str(given.get("day"))),
                (
                    time.fromisoformat(str(given.get("opens"))),
                    time.fromisoformat(str(given.get("closes"))),
                ),
                now,
            )
        )

    @rx.event
    async def remove_hours(self, number: int) -> None:
        """Take hours back."""
        await self._do(lambda db, me, now: team.remove_hours(db, me, int(number), now))

    @rx.event
    async def set_practice(self, given: dict[str, Any]) -> None:
        """Set length, buffer, and how one is shown."""

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            team.set_practice(
                db,
                me,
                me.id or 0,
                now,
                slot_minutes=int(given.get("slot_minutes", 0)),
                buffer_minutes=int(given.get("buffer_minutes", 0)),
            )
            team.set_shown(
                db,
                me,
                now,
                is_shown=bool(given.get("is_shown")),
                job_title=str(given.get("job_title", "")),
                languages=[each for each in LANGUAGES if given.get(f"speaks_{each}")],
            )

        await self._do(act)
        self.is_kept = not self.problem

    @rx.event
    async def cover(self, event: str, is_covered: bool) -> None:  # noqa: FBT001 - what a box of the page sends
        """Say that one will be at an event, or not."""
        await self._do(
            lambda db, me, now: team.set_covered(db, me, me.id or 0, event, now, is_covered=bool(is_covered))
        )

    async def _do(self, act: Act) -> None:
        me = await signed_in()
        self.is_kept = False
        self.problem = await asyncio.to_thread(_try, act, me)
        await self._read_all()


def _try(act: Act, me: StaffMember) -> str:
    try:
        with writing() as db:
            act(db, me, clock().now())
    except team.HoursError as error:
        return error.code
    except ValueError:
        return "terms"
    except NotAllowedError:
        return "gone"
    return ""


def _read(me: StaffMember) -> tuple[Practice, list[DayView], list[EventView]]:
    with reading() as db:
        about = the_conference(db)
        zone, member = ZoneInfo(about.timezone), db.get_one(StaffMember, me.id)
        hours, covered = team.availability(db, member.id or 0), team.covered(db, member.id or 0)
        clashing = covered_clashes(db, [member.id or 0])[member.id or 0]
        days = [
            DayView(
                day.isoformat(),
                [
                    HoursView(each.id or 0, _clock(each.starts, zone), _clock(each.ends, zone))
                    for each in hours
                    if each.starts.astimezone(zone).date() == day
                ],
            )
            for day in conference_days(about.starts, about.ends)
        ]
        events = [
            EventView(
                each.slug,
                each.title,
                venue_instant(each.starts, zone),
                each.slug in covered,
                [clash_view(clash, zone) for clash in clashing.get(each.slug, [])],
            )
            for each in draft_events(db)
            if each.starts > clock().now()
        ]
        return _practice(member), days, events


def _practice(member: StaffMember) -> Practice:
    return Practice(
        member.name,
        member.slot_minutes,
        member.buffer_minutes,
        member.is_shown,
        member.job_title,
        member.languages,
        member.role is StaffRole.COORDINATOR,
    )


def _clock(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%H:%M")
