"""The live state of the release: what it would change, what to look at, and the earlier ones."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, col, select

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.models import Release, StaffMember
from copapp.presenters.draft import (
    ChangeRow,
    FieldChange,
    HintRow,
    ReleaseRow,
    change_row,
    conference_change,
    hint_row,
    release_row,
)
from copapp.services import releasing
from copapp.services.channels import webhook_in_force
from copapp.services.moves import NotAllowedError
from copapp.services.queries import draft_events, draft_rooms
from copapp.services.releasing import (
    DraftMovedError,
    NothingToReleaseError,
    UnknownReleaseError,
    UnreleasedWorkError,
)
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in

Act = Callable[[Session, StaffMember, datetime], object]
_MOST_RELEASES = 30


@dataclass(frozen=True)
class TouchedRow:
    """An open request that a release touches; `event` is the one in the way of an agreed meeting, or ""."""

    id: int
    name: str
    event: str


class ReleaseState(rx.State):
    """The draft beside what delegates see, at `/admin/release`."""

    about: list[FieldChange] = []  # noqa: RUF012 - Reflex copies a state's defaults
    changes: list[ChangeRow] = []  # noqa: RUF012
    hints: list[HintRow] = []  # noqa: RUF012
    touched: list[TouchedRow] = []  # noqa: RUF012
    impossible: list[TouchedRow] = []  # noqa: RUF012
    releases: list[ReleaseRow] = []  # noqa: RUF012
    calendars: int = 0
    concerned: int = 0
    has_channel: bool = False
    made: int = 0
    has_told: bool = False
    problem: str = ""

    _digest: str = ""

    @rx.event
    async def open_release(self) -> None:
        """Show what a release would change."""
        self.made, self.problem, self.has_told = 0, "", False
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Look anew, because somebody changed something."""
        await self._read()

    @rx.event
    async def make_release(self, given: dict[str, Any]) -> None:
        """Release the draft that is shown, with a note."""
        seen, note, tells = self._digest, str(given.get("note", "")), bool(given.get("tell"))
        await self._do(lambda db, me, now: releasing.make_release(db, me, seen, note, now, tells=tells))
        self.has_told = tells and self.made > 0

    @rx.event
    async def bring_back(self, number: int) -> None:
        """Release again what an earlier one said."""
        await self._do(lambda db, me, now: releasing.bring_back(db, me, int(number), now))

    @rx.event
    async def discard(self) -> None:
        """Make the draft what delegates see again."""
        seen = self._digest
        await self._do(lambda db, me, now: releasing.discard_draft(db, me, seen, now))

    async def _do(self, act: Act) -> None:
        me = await signed_in()
        self.has_told = False
        self.made, self.problem = await asyncio.to_thread(_try, act, me)
        await self._read()

    async def _read(self) -> None:
        await signed_in()
        found = await asyncio.to_thread(_look)
        self._digest, self.about = found.digest, found.about
        self.changes, self.hints = found.changes, found.hints
        self.touched, self.impossible, self.releases = found.touched, found.impossible, found.releases
        self.calendars, self.concerned = found.calendars, found.concerned
        self.has_channel = found.has_channel


@dataclass(frozen=True)
class _Found:
    digest: str
    about: list[FieldChange]
    changes: list[ChangeRow]
    hints: list[HintRow]
    touched: list[TouchedRow]
    impossible: list[TouchedRow]
    releases: list[ReleaseRow]
    calendars: int
    concerned: int
    has_channel: bool


def _look() -> _Found:
    with reading() as db:
        found = releasing.preview(db)
        rooms = {room.slug: room.name for room in draft_rooms(db)}
        titles = {event.slug: event.title for event in draft_events(db)}
        return _Found(
            found.digest,
            [conference_change(each) for each in found.about],
            [change_row(each, rooms) for each in found.changes],
            [hint_row(each, titles) for each in found.hints],
            [TouchedRow(each.id or 0, each.name, "") for each in found.touched],
            [TouchedRow(each.id or 0, each.name, title) for each, title in found.impossible],
            _releases(db),
            found.calendars,
            len(found.concerned),
            webhook_in_force(db) is not None,
        )


def _releases(db: Session) -> list[ReleaseRow]:
    zone = ZoneInfo(the_conference(db).timezone)
    wanted = select(Release, StaffMember).join(StaffMember, isouter=True)
    found = db.exec(wanted.order_by(col(Release.number).desc()).limit(_MOST_RELEASES)).all()
    return [
        release_row(release, member.name if member else "", zone, is_latest=not place)
        for place, (release, member) in enumerate(found)
    ]


def _try(act: Act, me: StaffMember) -> tuple[int, str]:
    """Give the number of a release that was made, and the key of what went wrong."""
    try:
        with writing() as db:
            made = act(db, me, clock().now())
            return (made.number if isinstance(made, Release) else 0), ""
    except DraftMovedError:
        return 0, "moved"
    except NothingToReleaseError:
        return 0, "nothing"
    except UnreleasedWorkError:
        return 0, "unreleased"
    except (UnknownReleaseError, NotAllowedError, ValueError, TypeError):
        return 0, "refused"
