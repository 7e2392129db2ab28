"""The live state of an import: what a file would change, before any of it is written."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.difference import FieldChange, Known, Pair
from copapp.domain.imported import ImportedEvent, ProgrammeFileError, Skipped
from copapp.models import StaffMember
from copapp.presenters.imported import plain_place, plain_value, plain_when
from copapp.services import importing
from copapp.services.given_files import kept_file
from copapp.services.moves import NotAllowedError
from copapp.services.releasing import DraftMovedError
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in

_MOST_ROWS = 200
_LONGEST_NAME = 100
# "day 2, Hall B, item 3", "Sheet 1, row 4", "line 5": what readers say of where something stands.
_WHERE = re.compile(r"(?:day (\d+)(?:, |$))?(?:(.*), )?(?:(line|entry|item|row|event) (.*))?")


@dataclass(frozen=True)
class FieldRow:
    """One field that would be another, in plain text; `language` of a description, else ""."""

    field: str
    language: str
    was: str
    now: str


@dataclass(frozen=True)
class ImportRow:
    """One event: its title, when and where in plain text; `slug` "" for a new one."""

    key: str
    slug: str
    title: str
    when: str
    place: str
    changes: list[FieldRow]
    is_picked: bool = False


@dataclass(frozen=True)
class SkippedRow:
    """What was left out: where it stands in the file, in parts, the key of why, and what is meant."""

    key: str
    day: str
    place: str
    kind: str
    number: str
    code: str
    about: str


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

    _file: str = ""
    _seen: str = ""
    _remove: frozenset[str] = frozenset()

    @rx.event
    async def open_import(self) -> None:
        """Begin with nothing."""
        self.reset()

    @rx.event
    async def look(self, given: dict[str, Any]) -> None:
        """Read a file that the page has sent before, and show what it would change."""
        self._file, self._remove = str(given.get("file", "")), frozenset()
        self.name, self.is_taken = str(given.get("name", ""))[:_LONGEST_NAME], False
        if problem := str(given.get("problem", "")):
            self.format, self.problem, self.problem_words = "", problem, ""
        else:
            await self._look()
        self.looks += 1

    @rx.event
    async def pick(self, slug: str) -> None:
        """Pick an event that the file lacks, to be taken out; or let go of it."""
        self._remove = self._remove ^ {str(slug)}
        self.removed = [_picked(row, row.slug in self._remove) for row in self.removed]

    @rx.event
    async def take(self) -> None:
        """Write all of it into the draft, or nothing."""
        me = await signed_in()
        self.problem, self.problem_words = await asyncio.to_thread(
            _take, me, self._file, self._seen, self._remove
        )
        if not self.problem:
            self.is_taken = True
        await self._look(keep_problem=bool(self.problem))

    async def _look(self, *, keep_problem: bool = False) -> None:
        me = await signed_in()
        found = await asyncio.to_thread(_look, me, self._file)
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
        self.format, self._seen, self.same = look.format, look.seen, len(differing.same)
        self.added = [_new(each, zone) for each in differing.added][:_MOST_ROWS]
        self.changed = [_changed(each, zone) for each in differing.changed][:_MOST_ROWS]
        self.removed = [_known(each, zone, each.slug in self._remove) for each in differing.removed][
            :_MOST_ROWS
        ]
        self.skipped = [_skipped(*each) for each in enumerate(look.skipped[:_MOST_ROWS])]
        self.more_skipped = max(0, len(look.skipped) - _MOST_ROWS)
        self.new_rooms = [f"{room}, {site}" if site else room for room, site in look.new_rooms]
        self.is_new = bool(differing.added or differing.changed or differing.removed)


def _look(me: StaffMember, file: str) -> tuple[importing.Look, ZoneInfo] | ProgrammeFileError | None:
    with reading() as db:
        content = kept_file(db, me, file)
        if content is None:
            return None
        try:
            return importing.look(db, content), ZoneInfo(the_conference(db).timezone)
        except ProgrammeFileError as error:
            return error


def _take(me: StaffMember, file: str, seen: str, remove: frozenset[str]) -> tuple[str, str]:
    """Give the key of what went wrong, and words beside; both "" if nothing did."""
    try:
        with writing() as db:
            content = kept_file(db, me, file)
            if content is None:
                return "gone", ""
            importing.apply_import(db, me, content, seen, remove, clock().now())
    except ProgrammeFileError as error:
        return str(error.code), error.words
    except DraftMovedError:
        return "moved", ""
    except NotAllowedError:
        return "refused", ""
    return "", ""


def _new(event: ImportedEvent, zone: ZoneInfo) -> ImportRow:
    return ImportRow(
        event.where,
        "",
        event.title,
        plain_when(event.starts, event.ends, zone),
        plain_place(event.room, event.site),
        [],
    )


def _changed(pair: Pair, zone: ZoneInfo) -> ImportRow:
    known, lines = pair.known, [_line(each, zone) for each in pair.changes]
    return ImportRow(
        known.slug,
        known.slug,
        known.title,
        plain_when(known.starts, known.ends, zone),
        plain_place(known.room, known.site),
        lines,
    )


def _known(event: Known, zone: ZoneInfo, is_picked: bool) -> ImportRow:  # noqa: FBT001 - a row's own field
    when, place = plain_when(event.starts, event.ends, zone), plain_place(event.room, event.site)
    return ImportRow(event.slug, event.slug, event.title, when, place, [], is_picked)


def _picked(row: ImportRow, is_picked: bool) -> ImportRow:  # noqa: FBT001 - see _known
    return ImportRow(row.key, row.slug, row.title, row.when, row.place, row.changes, is_picked)


def _line(change: FieldChange, zone: ZoneInfo) -> FieldRow:
    field, _, language = change.field.partition(".")
    return FieldRow(field, language, plain_value(change.old, zone), plain_value(change.new, zone))


def _skipped(number: int, given: Skipped) -> SkippedRow:
    found = _WHERE.fullmatch(given.where)
    day, place, kind, at = found.groups("") if found else ("", given.where, "", "")
    return SkippedRow(str(number), day, place, kind, at, str(given.code), given.about)
