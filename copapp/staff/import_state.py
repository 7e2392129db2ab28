"""The live state of an import: what a file would change, before any of it is written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.imported import ProgrammeFileError
from copapp.models import StaffMember
from copapp.services import importing, watching
from copapp.services.given_files import fetch_file, keep_file, kept_file
from copapp.services.moves import NotAllowedError
from copapp.services.releasing import DraftMovedError
from copapp.services.slots import the_conference
from copapp.services.watching import TooManyWatchedError
from copapp.sources.addresses import FetchError
from copapp.staff.acts import FAULT, Refusals, do, number_of
from copapp.staff.faults import note_fault
from copapp.staff.import_rows import (
    ImportRow,
    SkippedRow,
    added_row,
    changed_row,
    known_row,
    picked_row,
    skipped_row,
)
from copapp.staff.signed_in import signed_in

_MOST_ROWS = 200
_LONGEST_NAME = 100


class FileGoneError(LookupError):
    """The file is kept no longer."""


REFUSALS: Refusals = {
    FileGoneError: "gone",
    ProgrammeFileError: lambda error: str(error.code),
    DraftMovedError: "moved",
    TooManyWatchedError: "watched-enough",
    NotAllowedError: "refused",
}


class ImportState(rx.State):
    """A file beside the draft, at `/admin/import`; nothing is written before `take`."""

    format: str = ""
    added: list[ImportRow] = []  # noqa: RUF012 - Reflex copies a state's defaults
    changed: list[ImportRow] = []  # noqa: RUF012
    removed: list[ImportRow] = []  # noqa: RUF012
    skipped: list[SkippedRow] = []  # noqa: RUF012
    more_skipped: int = 0
    new_rooms: list[str] = []  # noqa: RUF012
    same: int = 0
    is_new: bool = False
    is_taken: bool = False
    problem: str = ""
    problem_words: str = ""
    looks: int = 0

    name: str = ""
    address: str = ""
    is_fetching: bool = False

    file: str = ""
    seen: str = ""
    picked: list[str] = []  # noqa: RUF012

    @rx.event
    async def open_import(self) -> None:
        """Begin with nothing, or with what waits of the watched address that the page's own names."""
        self.reset()
        if number := number_of(self.router.url.query_parameters.get("watched", "")):
            await self._review(number)

    @rx.event
    async def look(self, given: dict[str, Any]) -> None:
        """Read a file that the page has sent before, and show what it would change."""
        problem = str(given["problem"])
        await self._look_at(str(given["name"]), str(given["file"]), problem, "")

    @rx.event
    async def look_at(self, given: dict[str, Any]) -> AsyncIterator[None]:
        """Fetch what an address holds, and show what it would change."""
        me, address = await signed_in(), str(given["address"]).strip()
        self.is_fetching, self.format, self.problem, self.problem_words = True, "", "", ""
        yield
        found = await asyncio.to_thread(_fetch, me, address)
        self.is_fetching = False
        await self._look_at(address, *found)
        self.address = self.file and address

    @rx.event
    async def review(self, number: int) -> None:
        """Show what a watched address says otherwise than the draft."""
        await self._review(int(number))

    @rx.event
    async def watch(self, address: str, file: str) -> None:
        """Watch the address of which this file is shown."""

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            watching.watch(db, me, address, _content(db, me, file), now)

        done = await do(act, REFUSALS)
        self.problem, self.problem_words = done.problem, ""

    async def _review(self, number: int) -> None:
        address, file = await asyncio.to_thread(_review, await signed_in(), number)
        await self._look_at(address, file, "" if file else "gone", "")

    @rx.event
    async def pick(self, slug: str) -> None:
        """Pick an event that the file lacks, to be taken out; or let go of it."""
        self.picked = sorted({*self.picked} ^ {slug})
        self.removed = [picked_row(row, row.slug in self.picked) for row in self.removed]

    @rx.event
    async def take(self, file: str, seen: str, picked: list[str]) -> None:
        """Write all of the file that is shown into the draft that was beside it, or nothing."""

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            importing.apply_import(db, me, _content(db, me, file), seen, frozenset(picked), now)

        done = await do(act, REFUSALS)
        self.problem, self.problem_words = done.problem, ""
        if isinstance(done.refusal, ProgrammeFileError):
            self.problem_words = done.refusal.words
        self.is_taken = not done.problem
        if file == self.file:
            await self._look(keep_problem=bool(self.problem))

    async def _look_at(self, name: str, file: str, problem: str, words: str) -> None:
        """Show what a kept file would change, or the key of why there is none, and words beside."""
        self.file, self.picked = file, []
        self.name, self.address, self.is_taken = name[:_LONGEST_NAME], "", False
        if problem:
            self.format, self.problem, self.problem_words = "", problem, words
        else:
            await self._look()
        self.looks += 1

    async def _look(self, *, keep_problem: bool = False) -> None:
        me = await signed_in()
        found = await asyncio.to_thread(_look, me, self.file)
        if found is None:
            self.format, self.problem, self.problem_words = "", "gone", ""
            return
        if isinstance(found, ProgrammeFileError):
            self.format, self.problem, self.problem_words = "", str(found.code), found.words
            return
        if not keep_problem:
            self.problem = self.problem_words = ""
        look, zone = found
        differing = look.difference
        self.format, self.seen, self.same = look.format, look.seen, len(differing.same)
        self.added = [added_row(each, zone) for each in differing.added][:_MOST_ROWS]
        self.changed = [changed_row(each, zone) for each in differing.changed][:_MOST_ROWS]
        self.removed = [known_row(each, zone, each.slug in self.picked) for each in differing.removed][
            :_MOST_ROWS
        ]
        self.skipped = [skipped_row(*each) for each in enumerate(look.skipped[:_MOST_ROWS])]
        self.more_skipped = max(0, len(look.skipped) - _MOST_ROWS)
        self.new_rooms = [f"{room}, {site}" if site else room for room, site in look.new_rooms]
        self.is_new = bool(differing.added or differing.changed or differing.removed)


def _fetch(me: StaffMember, address: str) -> tuple[str, str, str]:
    """Give the name of the file that is kept of it; else the key of what went wrong, and words beside."""
    try:
        content = fetch_file(address)
        with writing() as db:
            return keep_file(db, me, content, clock().now()), "", ""
    except FetchError as error:
        return "", str(error.code), error.words
    except NotAllowedError:
        return "", "refused", ""
    except Exception as error:  # noqa: BLE001 - logged, and the page says so instead of waiting for ever
        note_fault(error)
        return "", FAULT, ""


def _content(db: Session, me: StaffMember, file: str) -> bytes:
    """Give a file that is shown. Raises FileGoneError."""
    content = kept_file(db, me, file)
    if content is None:
        raise FileGoneError
    return content


def _review(me: StaffMember, number: int) -> tuple[str, str]:
    """Give the address and the name of the file that is kept of it; both "" where nothing waits."""
    with suppress(NotAllowedError), writing() as db:
        return watching.review(db, me, number, clock().now())
    return "", ""


def _look(me: StaffMember, file: str) -> tuple[importing.Look, ZoneInfo] | ProgrammeFileError | None:
    with reading() as db:
        content = kept_file(db, me, file)
        if content is None:
            return None
        try:
            return importing.look(db, content), ZoneInfo(the_conference(db).timezone)
        except ProgrammeFileError as error:
            return error
