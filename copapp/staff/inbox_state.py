"""The live state of the list. The database is asked in threads: no answer waits for another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, scrub
from copapp.domain.folding import words_of
from copapp.models import StaffMember, StaffRole
from copapp.presenters.inbox import ReplyView, RowView, names_of, reply_view, row_view
from copapp.presenters.programme import venue_instant
from copapp.services import held_back, inbox, outbox, staff
from copapp.services.erasure import erased_on
from copapp.services.mailbox import mailbox_trouble
from copapp.services.moves import NotAllowedError
from copapp.services.replies import mark_seen, unclear_replies
from copapp.services.slots import the_conference
from copapp.staff.acts import do, number_of
from copapp.staff.signed_in import signed_in

BulkAct = Callable[[Session, StaffMember, held_back.Chosen, datetime], int]


class InboxState(rx.State):
    """The list: one tab of requests, or what a search finds in all of them.

    `searched` are the words that the rows were found by, "" where they are a tab's; `news` counts what came
    in since the page was opened. `total` is how many requests the list holds, of which `rows` are the first.
    Of the held back `picked` are picked, and all up to the number `picked_to` but those `spared`; together
    `picked_count`. `done` says what was done to how many (`done_to`).
    """

    tab: str = "answer"
    search: str = ""
    searched: str = ""
    cleared: int = 0
    problem: str = ""
    counts: dict[str, int] = {}  # noqa: RUF012 - Reflex copies a state's defaults
    rows: list[RowView] = []  # noqa: RUF012
    total: int = 0
    picked: list[int] = []  # noqa: RUF012
    picked_to: int = 0
    spared: list[int] = []  # noqa: RUF012
    picked_count: int = 0
    done: str = ""
    done_to: int = 0
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
    _most: int = inbox.PAGE
    _newest: int = 0

    @rx.event
    async def open_inbox(self) -> None:
        """Show the list as it is; nothing in it is news."""
        self._seen, self.problem = None, ""
        self._let_go()
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Read the list anew, because somebody changed something."""
        await self._read()

    async def _read(self) -> None:
        me = await signed_in()
        self.me, self.is_coordinator = me.name, me.role is StaffRole.COORDINATOR
        chosen = _chosen(self.picked, self.picked_to, self.spared)
        found = await asyncio.to_thread(_list, self.tab, self.search, self._most, self._seen, chosen)
        self.picked_count = found.picked
        self.counts, self.total, self.news = found.counts, found.total, found.news
        if self.rows != found.rows:  # in a flood the same first page would be sent again and again
            self.rows = found.rows
        self._newest = found.newest
        self.searched = " ".join(self.search.split()) if words_of(self.search) else ""
        self.waiting, self.waiting_why = found.waiting.count, found.waiting.reason
        self.replies, self.mailbox_trouble = found.replies, found.trouble
        self.now, self.erased_on = found.now, found.erased_on
        self._seen = found.newest if self._seen is None else self._seen

    @rx.event
    async def choose_tab(self, tab: str) -> None:
        """Show the requests of a tab; what was searched for is no more."""
        if tab in inbox.TABS:
            self.tab, self._seen, self._most = tab, None, inbox.PAGE
            self.search, self.cleared = "", self.cleared + bool(self.search)
            self._let_go()
            await self._read()

    @rx.event
    async def show_more(self) -> None:
        """Show the next of a long list."""
        self._most = len(self.rows) + inbox.PAGE
        await self._read()

    @rx.event
    async def pick(self, number: int) -> None:
        """Pick a request that is held back, or let it go."""
        row = number_of(number)
        if 0 < row <= self.picked_to:
            self.spared = _toggled(self.spared, row)
            self.picked_count += -1 if row in self.spared else 1
        else:
            self.picked = _toggled(self.picked, row)
            self.picked_count += 1 if row in self.picked else -1
        self.done = ""

    @rx.event
    async def pick_all(self) -> None:
        """Pick all that are held back by now, also those further down; what comes later is not picked."""
        self._let_go()
        self.picked_to, self.picked_count = self._newest, self.total

    @rx.event
    async def let_go(self) -> None:
        """Let go of all that is picked."""
        self._let_go()

    @rx.event
    async def put_on_list(self, picked: list[int], picked_to: int, spared: list[int]) -> None:
        """Put what is picked among the requests to answer."""
        await self._do("put_on_list", _chosen(picked, picked_to, spared), held_back.put_on_list)

    @rx.event
    async def decline_unsaid(self, picked: list[int], picked_to: int, spared: list[int]) -> None:
        """Decline what is picked, and tell nobody."""
        await self._do("decline_unsaid", _chosen(picked, picked_to, spared), held_back.decline_unsaid)

    @rx.event
    async def erase_held_back(self, picked: list[int], picked_to: int, spared: list[int]) -> None:
        """Erase what is picked."""
        await self._do("erase_held_back", _chosen(picked, picked_to, spared), held_back.erase_held_back)
        await asyncio.to_thread(scrub)

    async def _do(self, name: str, chosen: held_back.Chosen, act: BulkAct) -> None:
        done = await do(lambda db, me, now: act(db, me, chosen, now), {NotAllowedError: "gone"})
        self.problem = done.problem
        if not done.problem:
            self._let_go()
            self.done, self.done_to = name, done.made or 0
        await self._read()

    def _let_go(self) -> None:
        self.picked, self.picked_to, self.spared, self.picked_count = [], 0, [], 0
        self.done = ""

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
        self.search, self._most = str(text)[:100], inbox.PAGE
        self._let_go()
        await self._read()


def _toggled(numbers: list[int], number: int) -> list[int]:
    others = [each for each in numbers if each != number]
    return others if number in numbers else [*others, number]


def _chosen(picked: list[int], picked_to: int, spared: list[int]) -> held_back.Chosen:
    numbers, but = (frozenset(map(number_of, each)) for each in (picked, spared))
    return held_back.Chosen(numbers, number_of(picked_to), but)


@dataclass(frozen=True)
class _Found:
    counts: dict[str, int]
    rows: list[RowView]
    total: int
    waiting: outbox.Waiting
    replies: list[ReplyView]
    trouble: str
    newest: int
    news: int
    now: str
    erased_on: str
    picked: int


def _list(tab: str, search: str, most: int, seen: int | None, chosen: held_back.Chosen) -> _Found:
    with reading() as db:
        about = the_conference(db)
        names, zone = names_of(staff.members(db)), ZoneInfo(about.timezone)
        is_search = bool(words_of(search))
        listed = inbox.requests_with(db, search, most) if is_search else inbox.requests_of(db, tab, most)
        return _Found(
            inbox.tab_counts(db),
            [row_view(each, names, zone) for each in listed],
            listed.total,
            outbox.waiting(db),
            [reply_view(*each, zone) for each in unclear_replies(db)],
            mailbox_trouble(db),
            inbox.newest_request(db),
            inbox.count_new(db, seen) if seen is not None else 0,
            venue_instant(clock().now(), zone),
            erased_on(about).isoformat(),
            held_back.count_chosen(db, chosen),
        )
