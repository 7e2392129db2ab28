"""The live state of the release: what it would change, what to look at, and the earlier ones."""

import asyncio
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, col, select

from copapp.database import reading
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
from copapp.staff.acts import Act, Refusals, do
from copapp.staff.signed_in import signed_in

REFUSALS: Refusals = {
    DraftMovedError: "moved",
    NothingToReleaseError: "nothing",
    UnreleasedWorkError: "unreleased",
    UnknownReleaseError: "refused",
    NotAllowedError: "refused",
}
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
    digest: str = ""
    current: int = 0

    @rx.event
    async def open_release(self) -> None:
        """Show what a release would change."""
        self.made, self.problem, self.has_told = 0, "", False
        await self._read()

    @rx.event
    async def refresh(self) -> None:
        """Look anew, because somebody changed something; say so where that is another draft."""
        seen = self.digest
        await self._read()
        if seen not in {"", self.digest}:
            self.problem = "moved"

    @rx.event
    async def make_release(self, given: dict[str, Any]) -> None:
        """Release the draft that is shown, with a note."""
        seen, note, tells = str(given["seen"]), str(given["note"]), bool(given.get("tell"))
        await self._do(lambda db, me, now: releasing.make_release(db, me, seen, note, now, tells=tells))
        self.has_told = tells and self.made > 0

    @rx.event
    async def bring_back(self, number: int, current: int) -> None:
        """Release again what an earlier one said, in the place of the one that is shown as the latest."""
        await self._do(lambda db, me, now: releasing.bring_back(db, me, number, current, now))

    @rx.event
    async def discard(self, seen: str) -> None:
        """Make the draft that is shown what delegates see again."""
        await self._do(lambda db, me, now: releasing.discard_draft(db, me, seen, now))

    async def _do(self, act: Act[Release | None]) -> None:
        done = await do(lambda db, me, now: _number(act(db, me, now)), REFUSALS)
        self.has_told, self.made, self.problem = False, done.made or 0, done.problem
        await self._read()

    async def _read(self) -> None:
        await signed_in()
        found = await asyncio.to_thread(_look)
        self.digest, self.about = found.digest, found.about
        self.changes, self.hints = found.changes, found.hints
        self.touched, self.impossible, self.releases = found.touched, found.impossible, found.releases
        self.calendars, self.concerned = found.calendars, found.concerned
        self.has_channel = found.has_channel
        self.current = max((each.number for each in self.releases), default=0)


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


def _number(made: Release | None) -> int:
    return made.number if made else 0
