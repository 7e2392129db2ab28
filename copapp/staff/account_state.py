"""The live state of one's own account: where one is signed in."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading
from copapp.models import StaffMember
from copapp.presenters.programme import venue_instant
from copapp.services import staff
from copapp.services.slots import the_conference
from copapp.staff.acts import Refusals, do, number_of
from copapp.staff.signed_in import signed_in, this_session


@dataclass(frozen=True)
class SessionView:
    """One signed-in browser in two words, "" where nothing is known of it; `seen` is when it was opened."""

    id: int
    browser: str
    opened: str
    used: str
    is_this: bool
    seen: str


REFUSALS: Refusals = {staff.SessionGoneError: "gone"}


class AccountState(rx.State):
    """One's name and address, and every browser that is signed in with them."""

    name: str = ""
    email: str = ""
    sessions: list[SessionView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    problem: str = ""

    @rx.event
    async def open_account(self) -> None:
        """Show who one is, and where one is signed in."""
        self.problem = ""
        await self._read()

    @rx.event
    async def end_session(self, number: int, seen: str) -> None:
        """End the session that is shown: its pages go dark at once."""
        which, opened = number_of(number), datetime.fromisoformat(seen)
        done = await do(lambda db, me, now: staff.end_session(db, me, which, opened, now), REFUSALS)
        self.problem = done.problem
        await self._read()

    async def _read(self) -> None:
        me = await signed_in()
        self.name, self.email = me.name, me.email
        self.sessions = await asyncio.to_thread(_sessions, me, this_session())


def _sessions(me: StaffMember, this: str) -> list[SessionView]:
    with reading() as db:
        zone = ZoneInfo(the_conference(db).timezone)
        return [
            SessionView(
                each.id or 0,
                each.browser,
                venue_instant(each.created_at, zone),
                venue_instant(each.used_at or each.created_at, zone),
                each.token_hash == this,
                each.created_at.isoformat(),
            )
            for each in staff.sessions_of(db, me, clock().now())
        ]
