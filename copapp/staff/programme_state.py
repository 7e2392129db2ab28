"""The live state of the draft's list: by day, with what is new and what to look at."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.models import EventStatus, StaffMember
from copapp.presenters.draft import DraftDay, DraftRow, Wanted, draft_days, draft_rows
from copapp.services import draft, releasing
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events, draft_rooms, draft_sites
from copapp.services.slots import the_conference
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in

Act = Callable[[Session, StaffMember, datetime], object]
_PAGE = 50
_STATUSES = {"cancel": EventStatus.CANCELLED, "restore": EventStatus.CONFIRMED}


class ProgrammeState(rx.State):
    """The draft, at `/admin/programme`; what is picked (slugs, versions seen) is changed together."""

    days: list[DraftDay] = []  # noqa: RUF012 - Reflex copies a state's defaults
    rooms: list[Choice] = []  # noqa: RUF012
    picked: dict[str, int] = {}  # noqa: RUF012
    day: str = ""
    room: str = ""
    search: str = ""
    cleared: int = 0
    found: int = 0
    hidden: int = 0
    waiting: int = 0
    problem: str = ""

    _most: int = _PAGE

    @rx.event
    async def open_programme(self) -> None:
        """Show the draft as it was looked at last; nothing is picked."""
        self.problem, self.picked = "", {}
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Read the draft anew, because somebody changed something; what is picked stays."""
        await self._read()

    @rx.event
    async def look_for(self, words: str) -> None:
        """Show the events that hold these words."""
        self.search = str(words)[:100]
        await self._narrow()

    @rx.event
    async def choose_day(self, day: str) -> None:
        """Show one day, or all."""
        self.day = str(day)
        await self._narrow()

    @rx.event
    async def choose_room(self, room: str) -> None:
        """Show one room, or all."""
        self.room = str(room)
        await self._narrow()

    @rx.event
    async def show_all(self) -> None:
        """Narrow the list by nothing any more."""
        self.day = self.room = self.search = ""
        self.cleared += 1
        await self._narrow()

    @rx.event
    async def show_more(self) -> None:
        """Show the next of a long list."""
        self._most += _PAGE
        await self._read()

    @rx.event
    async def pick(self, slug: str, version: int) -> None:
        """Pick an event, or let go of it; the version is the one on the screen."""
        others = {each: seen for each, seen in self.picked.items() if each != slug}
        self.picked = others if slug in self.picked else others | {str(slug): int(version)}

    @rx.event
    async def pick_shown(self) -> None:
        """Pick every event on the screen as well."""
        self.picked = self.picked | {row.slug: row.version for day in self.days for row in day.rows}

    @rx.event
    async def let_go(self) -> None:
        """Let go of everything that is picked."""
        self.picked = {}

    @rx.event
    async def move(self, minutes: int) -> None:
        """Move what is picked by minutes, earlier or later."""
        await self._change(Batch(minutes=int(minutes)))

    @rx.event
    async def into_room(self, room: str) -> None:
        """Put what is picked into a room."""
        if room:
            await self._change(Batch(room=str(room)))

    @rx.event
    async def set_status(self, name: str) -> None:
        """Cancel what is picked, or restore it."""
        if name in _STATUSES:
            await self._change(Batch(status=_STATUSES[name]))

    @rx.event
    async def remove(self) -> None:
        """Take what is picked out of the draft."""
        picked = dict(self.picked)
        await self._do(lambda db, me, now: draft.remove_events(db, me, picked, now))

    async def _change(self, batch: Batch) -> None:
        picked = dict(self.picked)
        await self._do(lambda db, me, now: draft.change_several(db, me, picked, batch, now))

    async def _do(self, act: Act) -> None:
        me = await signed_in()
        self.problem = await asyncio.to_thread(_try, act, me)
        await self._read()

    async def _narrow(self) -> None:
        self._most = _PAGE
        await self._read()

    async def _read(self) -> None:
        await signed_in()
        wanted = Wanted(self.day, self.room, self.search)
        rows, self.rooms, self.waiting = await asyncio.to_thread(_list)
        if not self.problem:
            # What was done to it here, or by others since, was seen: the list shows it.
            self.picked = {row.slug: row.version for row in rows if row.slug in self.picked}
        self.days = draft_days(rows, wanted, self._most)
        self.found = sum(day.count for day in self.days if wanted.day in {"", day.day})
        self.hidden = self.found - sum(len(day.rows) for day in self.days)


def _list() -> tuple[list[DraftRow], list[Choice], int]:
    with reading() as db:
        zone = ZoneInfo(the_conference(db).timezone)
        sites = {site.id: site for site in draft_sites(db)}
        rooms = {room.id: (room, sites[room.site_id]) for room in draft_rooms(db)}
        events = draft_events(db)  # held while the preview reads them too: made once
        found = releasing.preview(db)
        rows = draft_rows(events, rooms, zone, found.changes, found.hints)
        waiting = len(found.changes) + len(found.about)
        return rows, [Choice(room.slug, room.name) for room, _ in rooms.values()], waiting


def _try(act: Act, me: StaffMember) -> str:
    """Give the key of what went wrong; "" if nothing did."""
    try:
        with writing() as db:
            act(db, me, clock().now())
    except ChangedMeanwhileError:
        return "changed"
    except EventFormError as error:
        return error.problems[0].code
    except (NotAllowedError, ValueError, TypeError):
        return "refused"
    return ""
