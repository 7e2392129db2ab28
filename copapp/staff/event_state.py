"""The live state of one event's form. What is typed stays in the browser until it is kept."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, select

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.event_form import EventForm, FormProblem
from copapp.models import Event, EventStatus, Room, StaffMember
from copapp.presenters.cover import CoverPerson, cover_people
from copapp.presenters.draft import EventFields, event_fields
from copapp.services import draft
from copapp.services.covering import who_is_at
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_rooms
from copapp.services.slots import the_conference
from copapp.staff import routes
from copapp.staff.choice import Choice
from copapp.staff.cover_state import try_to_cover
from copapp.staff.signed_in import signed_in

_LANGUAGES = ("en", "fr", "es", "ru")
_FIELDS = ("title", "day", "starts", "ends", "room", "published")
_STATUSES = {"cancel": EventStatus.CANCELLED, "restore": EventStatus.CONFIRMED}
_DAY = timedelta(days=1)

Act = Callable[[Session, StaffMember, datetime], object]


class EventState(rx.State):
    """One event, at `/admin/event?slug=…`, or a new one; `theirs` is what somebody else kept meanwhile."""

    event: EventFields = EventFields()
    theirs: EventFields = EventFields()
    changed_by: str = ""
    rooms: list[Choice] = []  # noqa: RUF012 - Reflex copies a state's defaults
    people: list[CoverPerson] = []  # noqa: RUF012
    loaded: int = 0
    kept: int = 0
    is_missing: bool = False
    problem_field: str = ""
    problem: str = ""
    cover_problem: str = ""

    @rx.event
    async def open_event(self) -> None:
        """Show the event of the address, or an empty form."""
        self.reset()
        await self._load(str(self.router.url.query_parameters.get("slug", ""))[:80])

    @rx.event
    async def save(self, given: dict[str, Any]) -> Any:
        """Keep what the form says; where somebody else was first, what he kept is shown before."""
        me = await signed_in()
        await self._write(given, me, self.theirs.version or self.event.version)
        return await self._after()

    @rx.event
    async def take_theirs(self) -> None:
        """Fill the form with what somebody else kept."""
        self.kept += 1
        await self._load(self.event.slug)

    @rx.event
    async def duplicate(self) -> Any:
        """Add the same event once more, and open that."""
        me = await signed_in()
        slug = await asyncio.to_thread(_duplicate, self.event.slug, me)
        return rx.redirect(f"/admin/event?slug={slug}") if slug else None

    @rx.event
    async def set_status(self, name: str) -> None:
        """Cancel the event, or restore it; what is half written stays in the form."""
        if name in _STATUSES:
            batch = Batch(status=_STATUSES[name])
            seen = {self.event.slug: self.event.version}
            await self._do(lambda db, me, now: draft.change_several(db, me, seen, batch, now))

    @rx.event
    async def remove(self) -> Any:
        """Take the event out of the draft, and go back to the list."""
        seen = {self.event.slug: self.event.version}
        is_done = await self._do(lambda db, me, now: draft.remove_events(db, me, seen, now))
        return rx.redirect(routes.DRAFT) if is_done else None

    @rx.event
    async def cover(self, number: int, is_there: bool) -> None:  # noqa: FBT001 - what a tap sends
        """Say that one of us will be at this event, or not."""
        me = await signed_in()
        self.cover_problem = await asyncio.to_thread(
            try_to_cover, me, self.event.slug, number, bool(is_there)
        )
        self.people = await asyncio.to_thread(_people, self.event.slug, me)

    async def _do(self, act: Act) -> bool:
        me = await signed_in()
        self.problem = self.problem_field = self.changed_by = ""
        slug = self.event.slug
        try:
            await asyncio.to_thread(_act, act, me)
        except ChangedMeanwhileError:
            self.theirs, self.changed_by = await asyncio.to_thread(_theirs, slug)
            self.is_missing = not self.theirs.slug
        except EventFormError as error:
            self.problem_field, self.problem = error.problems[0].field, error.problems[0].code
        except NotAllowedError:
            self.problem = "refused"
        else:
            await self._load(slug)
            return True
        return False

    async def _after(self) -> Any:
        if self.problem or self.changed_by or self.event.slug == self._asked():
            return None
        return rx.redirect(f"/admin/event?slug={self.event.slug}")

    def _asked(self) -> str:
        return str(self.router.url.query_parameters.get("slug", ""))

    async def _load(self, slug: str) -> None:
        me = await signed_in()
        found, self.rooms, first_day = await asyncio.to_thread(_load, slug)
        self.people, self.cover_problem = await asyncio.to_thread(_people, slug, me), ""
        self.is_missing = bool(slug) and found is None
        self.event = found or EventFields(day=first_day, room=self.rooms[0].value if self.rooms else "")
        self.theirs, self.changed_by = EventFields(), ""
        self.problem = self.problem_field = ""
        self.loaded += 1

    async def _write(self, given: dict[str, Any], me: StaffMember, version: int) -> None:
        self.problem = self.problem_field = self.changed_by = ""
        slug = self.event.slug
        try:
            kept = await asyncio.to_thread(_keep, slug, version, given, me)
        except ChangedMeanwhileError:
            self.theirs, self.changed_by = await asyncio.to_thread(_theirs, slug)
            self.is_missing = not self.theirs.slug
        except EventFormError as error:
            self.problem_field, self.problem = error.problems[0].field, error.problems[0].code
        except NotAllowedError:
            self.problem = "refused"
        else:
            self.kept += 1
            await self._load(kept)


def _load(slug: str) -> tuple[EventFields | None, list[Choice], str]:
    with reading() as db:
        about = the_conference(db)
        rooms = [Choice(room.slug, room.name) for room in draft_rooms(db)]
        return _fields(db, slug, ZoneInfo(about.timezone)), rooms, about.starts.isoformat()


def _fields(db: Session, slug: str, zone: ZoneInfo) -> EventFields | None:
    found = db.exec(select(Event, Room.slug).where(Event.slug == slug, Event.room_id == Room.id)).first()
    return event_fields(*found, zone) if found else None


def _theirs(slug: str) -> tuple[EventFields, str]:
    """Give the event as it is now, and who changed it last."""
    with reading() as db:
        zone = ZoneInfo(the_conference(db).timezone)
        return _fields(db, slug, zone) or EventFields(), draft.last_changed_by(db, slug) or "?"


def _people(slug: str, me: StaffMember) -> list[CoverPerson]:
    with reading() as db:
        members, there = who_is_at(db, slug)
        return cover_people(members, there, me)


def _act(act: Act, me: StaffMember) -> None:
    with writing() as db:
        act(db, me, clock().now())


def _keep(slug: str, version: int, given: dict[str, Any], me: StaffMember) -> str:
    with writing() as db:
        form = _form(given, ZoneInfo(the_conference(db).timezone))
        now = clock().now()
        kept = (
            draft.change_event(db, me, slug, version, form, now)
            if slug
            else draft.add_event(db, me, form, now)
        )
        return kept.slug


def _form(given: dict[str, Any], zone: ZoneInfo) -> EventForm:
    """Read the form; an end at or before the start is on the next day. Raises EventFormError."""
    text = {
        name: str(given.get(name, "")) for name in ("title", "day", "starts", "ends", "room", "published")
    }
    starts = _instant(text["day"], text["starts"], zone, "starts")
    ends = _instant(text["day"], text["ends"], zone, "ends") if text["ends"] else None
    if ends and timedelta() < ends + _DAY - starts <= _DAY / 2:
        ends += _DAY
    texts = {language: str(given.get(language, "")) for language in _LANGUAGES}
    return EventForm(text["title"], starts, ends, text["room"], text["published"], texts)


def _instant(day: str, time: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        local = datetime.strptime(f"{day} {time[:5]}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone follows
    except ValueError as error:
        raise EventFormError([FormProblem(field, "required")]) from error
    return local.replace(tzinfo=zone).astimezone(UTC)


def _duplicate(slug: str, me: StaffMember) -> str:
    try:
        with writing() as db:
            return draft.duplicate_event(db, me, slug, clock().now()).slug
    except (ChangedMeanwhileError, NotAllowedError):
        return ""
