"""The live state of the list. The database is asked in threads: no answer waits for another."""

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading
from copapp.domain.folding import words_of
from copapp.models import StaffRole
from copapp.presenters.inbox import ReplyView, RowView, names_of, reply_view, row_view
from copapp.presenters.programme import venue_instant
from copapp.services import inbox, outbox, staff
from copapp.services.erasure import erased_on
from copapp.services.mailbox import mailbox_trouble
from copapp.services.moves import NotAllowedError
from copapp.services.replies import mark_seen, unclear_replies
from copapp.services.slots import the_conference
from copapp.staff.acts import do, number_of
from copapp.staff.signed_in import signed_in


class InboxState(rx.State):
    """The list: one tab of requests, or what a search finds in all of them.

    `searched` are the words that the rows were found by, "" where they are a tab's; `news` counts what came
    in since the page was opened.
    """

    tab: str = "answer"
    search: str = ""
    searched: str = ""
    cleared: int = 0
    problem: str = ""
    counts: dict[str, int] = {}  # noqa: RUF012 - Reflex copies a state's defaults
    rows: list[RowView] = []  # noqa: RUF012
    me: str = ""
    is_coordinator: bool = False
    erased_on: str = ""
    now: str = ""
    news: int = 0
    waiting: int = 0
    waiting_why: str = ""
    replies: list[ReplyView] = []  # noqa: RUF012
    mailbox_trouble: str = ""

    _seen: int | None = None

    @rx.event
    async def open_inbox(self) -> None:
        """Show the list as it is; nothing in it is news."""
        self._seen, self.problem = None, ""
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Read the list anew, because somebody changed something."""
        await self._read()

    async def _read(self) -> None:
        me = await signed_in()
        self.me, self.is_coordinator = me.name, me.role is StaffRole.COORDINATOR
        found = await asyncio.to_thread(_list, self.tab, self.search, self._seen)
        self.counts, self.rows, self.news = found.counts, found.rows, found.news
        self.searched = " ".join(self.search.split()) if words_of(self.search) else ""
        self.waiting, self.waiting_why = found.waiting.count, found.waiting.reason
        self.replies, self.mailbox_trouble = found.replies, found.trouble
        self.now, self.erased_on = found.now, found.erased_on
        self._seen = found.newest if self._seen is None else self._seen

    @rx.event
    async def choose_tab(self, tab: str) -> None:
        """Show the requests of a tab; what was searched for is no more."""
        if tab in inbox.TABS:
            self.tab, self._seen = tab, None
            self.search, self.cleared = "", self.cleared + bool(self.search)
            await self._read()

    @rx.event
    async def saw_reply(self, number: int) -> None:
        """Take an answer by mail from the list: somebody has looked at it."""
        row = number_of(number)
        done = await do(lambda db, me, now: mark_seen(db, me, row, now), {NotAllowedError: "gone"})
        self.problem = done.problem
        await self._read()

    @rx.event
    async def look_for(self, text: str) -> None:
        """Show the requests of all tabs that hold these words."""
        self.search = str(text)[:100]
        await self._read()


@dataclass(frozen=True)
class _Found:
    counts: dict[str, int]
    rows: list[RowView]
    waiting: outbox.Waiting
    replies: list[ReplyView]
    trouble: str
    newest: int
    news: int
    now: str
    erased_on: str


def _list(tab: str, search: str, seen: int | None) -> _Found:
    with reading() as db:
        about = the_conference(db)
        names, zone = names_of(staff.members(db)), ZoneInfo(about.timezone)
        requests = inbox.requests_with(db, search) if words_of(search) else inbox.requests_of(db, tab)
        return _Found(
            inbox.tab_counts(db),
            [row_view(each, names, zone) for each in requests],
            outbox.waiting(db),
            [reply_view(*each, zone) for each in unclear_replies(db)],
            mailbox_trouble(db),
            inbox.newest_request(db),
            inbox.count_new(db, seen) if seen is not None else 0,
            venue_instant(clock().now(), zone),
            erased_on(about).isoformat(),
        )
