"""The live state of what is watched: the list on the import's page, and what of it waits for review."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.models import StaffMember
from copapp.presenters.programme import venue_instant
from copapp.services import watching
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
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


class WatchState(rx.State):
    """What is watched, at `/admin/import`."""

    rows: list[WatchedRow] = []  # noqa: RUF012 - Reflex copies a state's defaults
    addresses: list[str] = []  # noqa: RUF012
    now: str = ""

    @rx.event
    async def refresh(self) -> None:
        """Read the list anew."""
        await self._read()

    @rx.event
    async def set_aside(self, number: int, says: str) -> None:
        """Let what waits go, until the page says something else again."""
        me = await signed_in()
        await asyncio.to_thread(_set_aside, me, int(number), str(says))
        await self._read()

    @rx.event
    async def stop(self, number: int) -> None:
        """Watch an address no longer."""
        me = await signed_in()
        await asyncio.to_thread(_stop, me, int(number))
        await self._read()

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


def _set_aside(me: StaffMember, number: int, says: str) -> None:
    with suppress(NotAllowedError), writing() as db:
        watching.set_aside(db, me, number, says, clock().now())


def _stop(me: StaffMember, number: int) -> None:
    with suppress(NotAllowedError), writing() as db:
        watching.stop_watching(db, me, number, clock().now())
