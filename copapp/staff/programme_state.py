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
from copapp.presenters.draft import DraftDay, draft_rows
from copapp.services import draft, releasing
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events, draft_rooms
from copapp.services.slots import the_conference
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in

Act = Callable[[Session, StaffMember, datetime], object]
_STATUSES = {"cancel": EventStatus.CANCELLED, "restore": EventStatus.CONFIRMED}


class ProgrammeState(rx.State):
    """The draft, at `/admin/programme`; what is picked is changed together."""

    days: list[DraftDay] = []  # noqa: RUF012 - Reflex copies a state's defaults
    rooms: list[Choice] = []  # noqa: RUF012
    picked_count: int = 0
    waiting: int = 0
    problem: str = ""

    _picked: dict[str, int] = {}  # noqa: RUF012

    @rx.event
    async def open_programme(self) -> None:
        """Show the draft; nothing is picked."""
        self.problem, self._picked = "", {}
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Read the draft anew, because somebody changed something; what is picked stays."""
        await self._read()

    @rx.event
    async def pick(self, slug: str, version: int) -> None:
        """Pick an event, or let go of it; the version is the one on the screen."""
        others = {each: seen for each, seen in self._picked.items() if each != slug}
        self._picked = others if slug in self._picked else others | {str(slug): int(version)}
        await self._read()

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
        picked = self._picked
        await self._do(lambda db, me, now: draft.remove_events(db, me, picked, now))
        if not self.problem:
            self._picked = {}
            await self._read()

    async def _change(self, batch: Batch) -> None:
        picked = self._picked
        await self._do(lambda db, me, now: draft.change_several(db, me, picked, batch, now))

    async def _do(self, act: Act) -> None:
        me = await signed_in()
        self.problem = await asyncio.to_thread(_try, act, me)
        await self._read()

    async def _read(self) -> None:
        await signed_in()
        found, self.rooms, self.waiting = await asyncio.to_thread(_list, frozenset(self._picked))
        versions = {row.slug: row.version for day in found for row in day.rows}
        if not self.problem:
            # What was done to it here, or by others since, was seen: the list shows it.
            self._picked = {slug: versions[slug] for slug in self._picked if slug in versions}
        self.days, self.picked_count = found, len(self._picked)


def _list(picked: frozenset[str]) -> tuple[list[DraftDay], list[Choice], int]:
    with reading() as db:
        zone = ZoneInfo(the_conference(db).timezone)
        rooms = {room.id: room for room in draft_rooms(db)}
        found = releasing.preview(db)
        rows = draft_rows(draft_events(db), rooms, zone, found.changes, found.hints, picked)
        waiting = len(found.changes) + len(found.about)
        return rows, [Choice(room.slug, room.name) for room in rooms.values()], waiting


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
