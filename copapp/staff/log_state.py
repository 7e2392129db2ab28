"""The live state of the log: who of us changed what, page by page."""

import asyncio
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.database import reading
from copapp.models import StaffMember
from copapp.presenters.log import LogNames, LogRow, log_row
from copapp.services import log, staff
from copapp.services.audit import KINDS
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.choice import Choice
from copapp.staff.signed_in import signed_in


class LogState(rx.State):
    """What was done, the newest first; `who` is a member's number, "0" the command line, "" everybody."""

    rows: list[LogRow] = []  # noqa: RUF012 - Reflex copies a state's defaults
    people: list[Choice] = []  # noqa: RUF012
    has_more: bool = False
    is_open: bool = False
    who: str = ""
    kind: str = ""

    @rx.event
    async def open_log(self) -> None:
        """Show what was done last, by anybody."""
        self.who = self.kind = ""
        await self._read()

    @rx.event
    async def choose_who(self, who: str) -> None:
        """Show what one person did."""
        self.who = str(who) if str(who).isdecimal() else ""
        await self._read()

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Show what was done to one thing."""
        self.kind = str(kind) if kind in KINDS else ""
        await self._read()

    @rx.event
    async def show_older(self) -> None:
        """Show one page more."""
        await self._read(older=True)

    async def _read(self, *, older: bool = False) -> None:
        me = await signed_in()
        before = self.rows[-1].id if older and self.rows else None
        who = int(self.who) if self.who else None
        try:
            found, self.people = await asyncio.to_thread(_page, me, before, who, self.kind)
        except NotAllowedError:
            self.rows, self.people, self.is_open, self.has_more = [], [], False, False
            return
        self.is_open, self.has_more = True, len(found) == log.PAGE
        self.rows = [*self.rows, *found] if before else found


def _page(
    me: StaffMember, before: int | None, who: int | None, kind: str
) -> tuple[list[LogRow], list[Choice]]:
    with reading() as db:
        known = log.names(db)
        names = LogNames(known.events | known.people, known.rooms, ZoneInfo(the_conference(db).timezone))
        rows = [
            log_row(entry, name, names)
            for entry, name in log.entries(db, me, before=before, who=who, kind=kind)
        ]
        return rows, [Choice(str(each.id), each.name) for each in staff.members(db)]
