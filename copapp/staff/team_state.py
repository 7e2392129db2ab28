"""The live state of "my hours": when one can be met, for how long, and whether delegates see one."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading
from copapp.domain.timetable import conference_days
from copapp.i18n import LANGUAGES
from copapp.models import Availability, StaffMember, StaffRole
from copapp.presenters.inbox import ClashView, clash_view
from copapp.presenters.programme import venue_instant
from copapp.services import team
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.engagements import covered_clashes
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.staff.acts import Done, Refusals, do, number_of
from copapp.staff.both import Both
from copapp.staff.cover_state import COVER_REFUSALS, covering_act
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class HoursView:
    """A stretch of time in which one can be met, on the venue's clock."""

    id: int
    seen: str
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
    version: int
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
    seen: str = ""
    """All of it that the form holds, in a line: what is on the screen, by which it is known again."""


REFUSALS: Refusals = {
    team.HoursError: lambda error: error.code,
    ChangedMeanwhileError: "changed",
    NotAllowedError: "gone",
}


class TeamState(rx.State):
    """One's own hours, practice and events."""

    practice: Practice = Practice()
    days: list[DayView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    events: list[EventView] = []  # noqa: RUF012
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012
    is_kept: bool = False
    kept: int = 0

    @rx.event
    async def refresh(self) -> None:
        """Read everything anew."""
        await self._read_all()

    async def _read_all(self) -> None:
        me = await signed_in()
        self.practice, self.days, self.events = await asyncio.to_thread(_read, me)

    @rx.event
    async def add_hours(self, given: dict[str, Any]) -> None:
        """Add hours of the day that the form names."""
        day = date.fromisoformat(given["day"])

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            hours = _time(given["opens"]), _time(given["closes"])
            team.add_hours(db, me, me.id or 0, day, hours, now)

        self._said(await do(act, REFUSALS))
        await self._read_all()

    @rx.event
    async def remove_hours(self, number: int, seen: str) -> None:
        """Take back the hours that are shown."""

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            hours = db.get(Availability, number)
            if hours is None or _stretch(hours) != seen:
                raise ChangedMeanwhileError([seen])
            team.remove_hours(db, me, number, now)

        self._said(await do(act, REFUSALS))
        await self._read_all()

    @rx.event
    async def set_practice(self, given: dict[str, Any]) -> None:
        """Set length, buffer, and how one is shown, in the place of what the form showed."""
        wanted = _wanted(given)

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            hold_draft(db, the_conference(db))
            if _practice(db.get_one(StaffMember, me.id)).seen != given["seen"]:
                raise ChangedMeanwhileError([me.slug])
            lengths = {"slot_minutes": wanted.slot_minutes, "buffer_minutes": wanted.buffer_minutes}
            team.set_practice(db, me, me.id or 0, now, **lengths)
            team.set_shown(
                db,
                me,
                now,
                is_shown=wanted.is_shown,
                job_title=wanted.job_title,
                languages=wanted.languages,
            )

        done = await do(act, REFUSALS)
        self._said(done)
        await self._read_all()
        if isinstance(done.refusal, ChangedMeanwhileError):
            self.both = [Both(wanted.seen, self.practice.seen)]
        self.is_kept = not done.problem
        self.kept += self.is_kept

    @rx.event
    async def cover(self, slug: str, version: int, is_covered: bool) -> None:  # noqa: FBT001 - what a box of the page sends
        """Say that one will be at an event, as it is shown, or not."""
        me = await signed_in()
        before = self._line(slug)
        done = await do(covering_act(slug, version, me.id or 0, is_there=is_covered), COVER_REFUSALS)
        self._said(done)
        await self._read_all()
        if isinstance(done.refusal, ChangedMeanwhileError):
            self.both = [Both(before, self._line(slug))]

    def _line(self, slug: str) -> str:
        """Say in a line how an event is shown."""
        told = (
            f"{each.title} · {each.starts[:16].replace('T', ' ')}"
            for each in self.events
            if each.slug == slug
        )
        return next(told, "")

    def _said(self, done: Done[Any]) -> None:
        self.is_kept, self.both, self.problem = False, [], done.problem


def _time(text: object) -> time:
    """Read a time of the day that somebody typed. Raises HoursError."""
    try:
        return time.fromisoformat(str(text))
    except ValueError as error:
        raise team.HoursError("terms") from error


def _stretch(hours: Availability) -> str:
    """Name hours by what they are: a number may be another's later."""
    return f"{hours.starts.isoformat()}/{hours.ends.isoformat()}"


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
                    HoursView(
                        each.id or 0, _stretch(each), _clock(each.starts, zone), _clock(each.ends, zone)
                    )
                    for each in hours
                    if each.starts.astimezone(zone).date() == day
                ],
            )
            for day in conference_days(about.starts, about.ends)
        ]
        events = [
            EventView(
                each.slug,
                each.version,
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
        _told(
            member.slot_minutes, member.buffer_minutes, member.is_shown, member.job_title, member.languages
        ),
    )


def _wanted(given: dict[str, Any]) -> Practice:
    """Read the form; a box that is not ticked is not in it."""
    lengths = number_of(given["slot_minutes"]), number_of(given["buffer_minutes"])
    is_shown, title = bool(given.get("is_shown")), str(given["job_title"])
    languages = [each for each in LANGUAGES if given.get(f"speaks_{each}")]
    told = _told(*lengths, is_shown, title, languages)
    return Practice("", *lengths, is_shown, title, languages, seen=told)


def _told(slot: int, buffer: int, is_shown: bool, title: str, languages: list[str]) -> str:  # noqa: FBT001 - one of a line
    return " · ".join([f"{slot} + {buffer} min", "✓" if is_shown else "–", title, ", ".join(languages)])


def _clock(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%H:%M")
