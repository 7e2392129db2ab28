"""The live state of the draft's list: by day, with what is new and what to look at."""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.database import reading
from copapp.models import EventStatus, StaffMember
from copapp.presenters.draft import DraftDay, DraftRow, Wanted, draft_days, draft_rows
from copapp.services import draft, releasing
from copapp.services.draft import Batch, ChangedMeanwhileError, EventFormError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events, draft_rooms, draft_sites
from copapp.services.slots import the_conference
from copapp.staff.acts import Done, Refusals, do
from copapp.staff.both import Both
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in

_PAGE = 50
_STATUSES = {"cancel": EventStatus.CANCELLED, "restore": EventStatus.CONFIRMED}


REFUSALS: Refusals = {
    ChangedMeanwhileError: "changed",
    NotAllowedError: "refused",
    EventFormError: lambda error: error.problems[0].code,
}


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
    both: list[Both] = []  # noqa: RUF012

    _most: int = _PAGE
    _shown: dict[str, str] = {}  # noqa: RUF012 - what the screen said last of each event
    _now: dict[str, str] = {}  # noqa: RUF012
    _versions: dict[str, int] = {}  # noqa: RUF012

    @rx.event
    async def open_programme(self) -> None:
        """Show the draft as it was looked at last; nothing is picked."""
        self.problem, self.both, self.picked, self._shown = "", [], {}, {}
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
    async def move(self, picked: dict[str, int], minutes: int) -> None:
        """Move what is picked by minutes, earlier or later."""
        await self._change(picked, Batch(minutes=minutes))

    @rx.event
    async def into_room(self, picked: dict[str, int], room: str) -> None:
        """Put what is picked into a room."""
        if room:
            await self._change(picked, Batch(room=room))

    @rx.event
    async def set_status(self, picked: dict[str, int], name: str) -> None:
        """Cancel what is picked, or restore it."""
        await self._change(picked, Batch(status=_STATUSES[name]))

    @rx.event
    async def remove(self, picked: dict[str, int]) -> None:
        """Take what is picked out of the draft."""
        done = await do(lambda db, me, now: draft.remove_events(db, me, picked, now), REFUSALS)
        await self._after(done, picked, {})

    async def _change(self, picked: dict[str, int], batch: Batch) -> None:
        def act(db: Session, me: StaffMember, now: datetime) -> dict[str, int]:
            return {each.slug: each.version for each in draft.change_several(db, me, picked, batch, now)}

        done = await do(act, REFUSALS)
        await self._after(done, picked, done.made or {})

    async def _after(self, done: Done[Any], picked: dict[str, int], made: dict[str, int]) -> None:
        """Show what was done; or of each event that another changed, how it was picked and how it is now."""
        self.problem, self.both, before = done.problem, [], self._shown
        if not done.problem:
            self.picked = {slug: made[slug] for slug in self.picked if slug in made}
        await self._read()
        if not isinstance(done.refusal, ChangedMeanwhileError):
            return
        changed = done.refusal.slugs
        self.both = [Both(before.get(each, ""), self._now.get(each, "")) for each in changed]
        # Both are on the screen: who taps again means the events as they are now.
        seen = {slug: self._versions[slug] for slug in changed if slug in self._versions}
        self.picked = {slug: version for slug, version in picked.items() if slug not in changed} | seen

    async def _narrow(self) -> None:
        self._most = _PAGE
        await self._read()

    async def _read(self) -> None:
        await signed_in()
        wanted = Wanted(self.day, self.room, self.search)
        rows, self.rooms, self.waiting = await asyncio.to_thread(_list)
        self.days = draft_days(rows, wanted, self._most)
        shown = {row.slug: row for day in self.days for row in day.rows}
        # A pick is of the event as it was last on the screen, whatever was done to it out of sight.
        versions = {slug: row.version for slug, row in shown.items()}
        self.picked = {slug: versions.get(slug, seen) for slug, seen in self.picked.items()}
        self._shown |= {slug: _line(row) for slug, row in shown.items()}
        self._now = {row.slug: _line(row) for row in rows}
        self._versions = {row.slug: row.version for row in rows}
        self.found = sum(day.count for day in self.days if wanted.day in {"", day.day})
        self.hidden = self.found - sum(len(day.rows) for day in self.days)


def _line(row: DraftRow) -> str:
    """Say in a line how an event is shown."""
    status = " ✕" if row.is_cancelled else ""
    return f"{row.title} · {row.day} {row.starts}–{row.ends} · {row.room}{status}"


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
