"""The live state of the inbox's two pages. The database is asked in threads: no answer waits for another."""

import asyncio
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading
from copapp.presenters.inbox import RowView, names_of, row_view
from copapp.presenters.programme import venue_instant
from copapp.services import inbox, outbox
from copapp.services.slots import active_members, the_conference
from copapp.staff.signed_in import signed_in


class InboxState(rx.State):
    """The list: one tab of requests, searched."""

    tab: str = "answer"
    search: str = ""
    counts: dict[str, int] = {}  # noqa: RUF012 - Reflex copies a state's defaults
    rows: list[RowView] = []  # noqa: RUF012
    me: str = ""
    now: str = ""
    news: int = 0
    waiting: int = 0
    waiting_why: str = ""

    @rx.event
    async def refresh(self) -> None:
        """Read the list anew; called when the page opens and whenever anyone changed something."""
        await self._read_list()

    async def _read_list(self) -> None:
        me = await signed_in()
        before = self.counts.get("answer", 0)
        found = await asyncio.to_thread(_list, self.tab, self.search)
        self.counts, self.rows, self.waiting, self.waiting_why, self.now = found
        self.news = max(0, self.counts["answer"] - before) if self.me else 0
        self.me = me.name

    @rx.event
    async def choose_tab(self, tab: str) -> None:
        """Show the requests of another tab."""
        if tab in inbox.TABS:
            self.tab = tab
            await self._read_list()

    @rx.event
    async def look_for(self, text: str) -> None:
        """Show the requests that hold these words."""
        self.search = text[:100]
        await self._read_list()


def _list(tab: str, search: str) -> tuple[dict[str, int], list[RowView], int, str, str]:
    with reading() as db:
        names, zone = names_of(active_members(db)), ZoneInfo(the_conference(db).timezone)
        rows = [row_view(each, names, zone) for each in inbox.requests_of(db, tab, search)]
        waiting = outbox.waiting(db)
        return inbox.tab_counts(db), rows, waiting.count, waiting.reason, venue_instant(clock().now(), zone)
