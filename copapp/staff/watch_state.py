"""The live state of what is watched: the list on the import's page, and what of it waits for review."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading
from copapp.models import StaffMember, WatchedAddress
from copapp.presenters.programme import venue_instant
from copapp.services import watching
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.moves import NotAllowedError
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.staff.acts import Refusals, do
from copapp.staff.both import Both
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class WatchedRow:
    """One address: when it was looked at (an instant), why that failed, and whether anything waits."""

    id: int
    address: str
    host: str
    looked_at: str
    problem: str
    says: str
    waits: bool


ActOf = Callable[[Session, StaffMember, int, str, datetime], None]
REFUSALS: Refusals = {ChangedMeanwhileError: "changed", NotAllowedError: "refused"}


class WatchState(rx.State):
    """What is watched, at `/admin/import`."""

    rows: list[WatchedRow] = []  # noqa: RUF012 - Reflex copies a state's defaults
    addresses: list[str] = []  # noqa: RUF012
    now: str = ""
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012

    @rx.event
    async def refresh(self) -> None:
        """Read the list anew."""
        await self._read()

    @rx.event
    async def set_aside(self, number: int, address: str, says: str) -> None:
        """Let what waits go, until the page says something else again."""
        await self._do(number, address, says, watching.set_aside)

    @rx.event
    async def stop(self, number: int, address: str) -> None:
        """Watch the address that is shown no longer."""
        await self._do(
            number, address, None, lambda db, me, one, _says, now: watching.stop_watching(db, me, one, now)
        )

    async def _do(self, number: int, address: str, says: str | None, act: ActOf) -> None:
        """Do something to an address that is as it was on the screen."""

        def act_on(db: Session, me: StaffMember, now: datetime) -> None:
            hold_draft(db, the_conference(db))
            known = db.get(WatchedAddress, number)
            if known is None or known.address != address or (says is not None and known.says != says):
                raise ChangedMeanwhileError([address])
            act(db, me, number, says or "", now)

        done = await do(act_on, REFUSALS)
        self.problem, self.both = done.problem, []
        await self._read()
        if isinstance(done.refusal, ChangedMeanwhileError):
            now = next((each.address for each in self.rows if each.id == number), "")
            self.both = [Both(address, now)]

    async def _read(self) -> None:
        await signed_in()
        self.rows, self.now = await asyncio.to_thread(_list)
        self.addresses = [each.address for each in self.rows]


def watched_rows(db: Session, zone: ZoneInfo) -> list[WatchedRow]:
    """List what is watched, what waits first."""
    return [
        WatchedRow(
            each.id,
            each.address,
            urlsplit(each.address).hostname or "",
            venue_instant(each.looked_at, zone),
            each.problem,
            each.says,
            each.waits,
        )
        for each in watching.watched(db)
    ]


def _list() -> tuple[list[WatchedRow], str]:
    with reading() as db:
        zone = ZoneInfo(the_conference(db).timezone)
        return watched_rows(db, zone), venue_instant(clock().now(), zone)
