"""The live state of one event's form. What is typed stays in the browser until it is kept."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, select

from copapp.database import reading
from copapp.domain.event_form import EventForm, FormProblem
from copapp.domain.wall_clock import wall_end, wall_instant, wall_time
from copapp.models import Event, EventStatus, Room, StaffMember
from copapp.presenters.cover import CoverPerson, cover_people
from copapp.presenters.draft import EventFields, FieldChange, differing_fields, event_fields
from copapp.services import draft
from copapp.services.covering import who_is_at
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_rooms
from copapp.services.slots import the_conference
from copapp.staff import routes
from copapp.staff.acts import Done, Refusals, do, number_of
from copapp.staff.choice import Choice
from copapp.staff.cover_state import COVER_REFUSALS, covering_act
from copapp.staff.signed_in import signed_in

_LANGUAGES = ("en", "fr", "es", "ru")
_FIELDS = ("title", "day", "starts", "ends", "ends_day", "room", "published")
_STATUSES = {"cancel": EventStatus.CANCELLED, "restore": EventStatus.CONFIRMED}

REFUSALS: Refusals = {
    ChangedMeanwhileError: "changed",
    NotAllowedError: "refused",
    EventFormError: lambda error: error.problems[0].code,
}


class EventState(rx.State):
    """One event, at `/admin/event?slug=…`, or a new one; nothing is of the page unless the address names it.

    `theirs` is what the screen says otherwise than what somebody else kept meanwhile, in `theirs_version`;
    `follows` is the version that this page itself replaced, `fresh` names a new event's form. `kept` counts
    how often what was typed was done with; `is_kept` says that it was kept, and nothing was refused since.
    """

    event: EventFields = EventFields()
    theirs: list[FieldChange] = []  # noqa: RUF012 - Reflex copies a state's defaults
    theirs_version: int = 0
    changed_by: str = ""
    rooms: list[Choice] = []  # noqa: RUF012
    people: list[CoverPerson] = []  # noqa: RUF012
    is_open: bool = False
    is_missing: bool = False
    follows: int = 0
    fresh: str = ""
    kept: int = 0
    is_kept: bool = False
    problem_field: str = ""
    problem: str = ""
    cover_problem: str = ""

    @rx.event
    async def open_event(self) -> None:
        """Show the event of the address, or an empty form."""
        self.reset()
        await self._load(self.router.url.query_parameters.get("slug", ""))

    @rx.event
    async def save(self, given: dict[str, Any]) -> Any:
        """Keep what the form says of the event and version it names; a new event is kept once."""
        slug, version = str(given["slug"]), number_of(given["version"])
        if not slug and given["fresh"] != self.fresh:
            return None
        done = await do(lambda db, me, now: _keep(db, me, slug, version, given, now), REFUSALS)
        if done.made is None:
            await self._refused(done, slug, given)
            return None
        self.kept += 1
        await self._load(done.made)
        self.is_kept = True
        return None if slug else rx.redirect(f"{routes.EVENT}?slug={done.made}")

    @rx.event
    async def take_theirs(self, slug: str) -> None:
        """Fill the form with what somebody else kept."""
        self.kept += 1
        await self._load(str(slug))

    @rx.event
    async def duplicate(self, slug: str, version: int) -> Any:
        """Add the event that is shown once more, and open that."""
        done = await do(lambda db, me, now: draft.duplicate_event(db, me, slug, version, now).slug, REFUSALS)
        if done.made is None:
            return await self._refused(done, slug)
        return rx.redirect(f"{routes.EVENT}?slug={done.made}")

    @rx.event
    async def set_status(self, slug: str, version: int, name: str) -> None:
        """Cancel the event that is shown, or restore it; what is half written stays in the form."""
        batch = Batch(status=_STATUSES[name])
        done = await do(
            lambda db, me, now: draft.change_several(db, me, {slug: version}, batch, now), REFUSALS
        )
        if done.made is None:
            await self._refused(done, slug)
        elif slug == self.event.slug:
            await self._load(slug)
            self.follows = version

    @rx.event
    async def remove(self, slug: str, version: int) -> Any:
        """Take the event that is shown out of the draft, and go back to the list."""
        done = await do(lambda db, me, now: draft.remove_events(db, me, {slug: version}, now), REFUSALS)
        if done.problem:
            return await self._refused(done, slug)
        return rx.redirect(routes.DRAFT)

    @rx.event
    async def cover(self, slug: str, version: int, number: int, is_there: bool) -> None:  # noqa: FBT001 - what a tap sends
        """Say that one of us will be at the event that is shown, or not."""
        done = await do(covering_act(slug, version, number, is_there=is_there), COVER_REFUSALS)
        if isinstance(done.refusal, ChangedMeanwhileError):
            await self._refused(done, slug)
        else:
            self.cover_problem, self.is_kept = done.problem, False
        self.people = await asyncio.to_thread(_people, self.event.slug, await signed_in())

    async def _refused(self, done: Done[Any], slug: str, given: dict[str, Any] | None = None) -> None:
        """Say why not: what is wrong with a field, or what is on the screen beside what is kept now."""
        self._forget_outcome()
        if isinstance(done.refusal, EventFormError):
            self.problem_field = done.refusal.problems[0].field
        if not isinstance(done.refusal, ChangedMeanwhileError):
            self.problem = done.problem
            return
        screen = given or vars(self.event)
        found = await asyncio.to_thread(_theirs, slug, screen)
        self.theirs, self.theirs_version, self.changed_by = found
        self.is_missing = not self.theirs_version

    def _forget_outcome(self) -> None:
        self.problem = self.problem_field = self.cover_problem = self.changed_by = ""
        self.theirs, self.theirs_version, self.is_kept = [], 0, False

    async def _load(self, slug: str) -> None:
        me = await signed_in()
        found, self.rooms, first_day = await asyncio.to_thread(_load, slug)
        self.people = await asyncio.to_thread(_people, slug, me)
        new = EventFields(slug, day=first_day, room=self.rooms[0].value if self.rooms else "")
        self.event, self.is_missing = found or new, bool(slug) and found is None
        self.fresh = "" if slug else token_hex(8)
        self.is_open, self.follows = True, 0
        self._forget_outcome()


def _load(slug: str) -> tuple[EventFields | None, list[Choice], str]:
    with reading() as db:
        about = the_conference(db)
        rooms = [Choice(room.slug, room.name) for room in draft_rooms(db)]
        return _fields(db, slug, ZoneInfo(about.timezone)), rooms, about.starts.isoformat()


def _fields(db: Session, slug: str, zone: ZoneInfo) -> EventFields | None:
    found = db.exec(select(Event, Room.slug).where(Event.slug == slug, Event.room_id == Room.id)).first()
    return event_fields(*found, zone) if found else None


def _theirs(slug: str, screen: Mapping[str, Any]) -> tuple[list[FieldChange], int, str]:
    """Give where the screen and what is kept differ, its version (0 for gone), and who changed it last."""
    with reading() as db:
        now = _fields(db, slug, ZoneInfo(the_conference(db).timezone))
        by = draft.last_changed_by(db, slug) or "?"
        if now is None:
            return [], 0, by
        rooms = {room.slug: room.name for room in draft_rooms(db)}
        return differing_fields(screen, now, rooms), now.version, by


def _people(slug: str, me: StaffMember) -> list[CoverPerson]:
    with reading() as db:
        members, there = who_is_at(db, slug)
        return cover_people(members, there, me)


def _keep(db: Session, me: StaffMember, slug: str, version: int, given: dict[str, Any], now: datetime) -> str:
    zone = ZoneInfo(the_conference(db).timezone)
    if not slug:
        return draft.add_event(db, me, form_of(given, zone, None), now).slug
    known = db.exec(select(Event).where(Event.slug == slug)).first()
    draft.change_event(db, me, slug, version, form_of(given, zone, known), now)
    return slug


def form_of(given: dict[str, Any], zone: ZoneInfo, known: Event | None) -> EventForm:
    """Read the form: all its fields are there, or it is no form of ours. Raises EventFormError."""
    text = {name: str(given[name]) for name in _FIELDS}
    starts = wall_instant(_wall(text["day"], text["starts"], "starts"), zone, known.starts if known else None)
    return EventForm(
        text["title"],
        starts,
        _ends(text, starts, zone, known.ends if known else None) if text["ends"] else None,
        text["room"],
        text["published"],
        {language: str(given[language]) for language in _LANGUAGES},
    )


def _ends(text: dict[str, str], starts: datetime, zone: ZoneInfo, known: datetime | None) -> datetime:
    """Give the end of the day that is named, or the next time that the clocks show it."""
    if text["ends_day"]:
        return wall_instant(_wall(text["ends_day"], text["ends"], "ends"), zone, known)
    ends = wall_end(starts, _wall(text["day"], text["ends"], "ends").time(), zone)
    is_as_known = known is not None and known > starts and wall_time(known, zone) == wall_time(ends, zone)
    return known if known is not None and is_as_known else ends


def _wall(day: str, time: str, field: str) -> datetime:
    try:
        return datetime.strptime(f"{day} {time[:5]}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the venue's clock
    except ValueError as error:
        raise EventFormError([FormProblem(field, "required")]) from error
