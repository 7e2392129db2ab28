"""The live state of one's own account: where one is signed in, and the second factor."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock, machine_time
from copapp.database import reading
from copapp.domain.totp import set_up_link
from copapp.models import StaffMember
from copapp.presenters.programme import venue_instant
from copapp.services import second_factor, sign_in, staff
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.acts import Refusals, do, number_of
from copapp.staff.own_password import wrong_password
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


_LONGEST = 32
REFUSALS: Refusals = {
    staff.SessionGoneError: "gone",
    second_factor.CodeError: "code_wrong",
    sign_in.SignInRefusedError: "later",
    NotAllowedError: "refused",
}


class AccountState(rx.State):
    """One's number (`me`), name and address, and every browser that is signed in with them.

    `since` is when the second factor was set up, "" without one. Its key and its codes of recovery are
    given here, and kept in the tab (`shown_once`): this state is gone half a minute after the connection.
    """

    me: int = 0
    name: str = ""
    email: str = ""
    sessions: list[SessionView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    since: str = ""
    is_required: bool = False
    secret: str = ""
    link: str = ""
    codes: str = ""
    factor_problem: str = ""
    problem: str = ""

    @rx.event
    async def open_account(self) -> None:
        """Show who one is, and where one is signed in; codes are given again until somebody has them."""
        since, codes = self.since, self.codes
        self.reset()
        self.since, self.codes = since, codes
        await self._read()

    @rx.event
    async def new_secret(self) -> None:
        """Show a secret for the authenticator app, which counts once a code of it was given."""
        self.factor_problem = ""
        self.secret = second_factor.new_secret()
        self.link = await asyncio.to_thread(_link, self.secret, self.email)

    @rx.event
    async def set_factor(self, given: dict[str, Any]) -> None:
        """Ask who knows the password for codes of that secret; those of recovery are given once."""
        secret, code = str(given["secret"]), str(given["code"])[:_LONGEST]

        def act(db: Session, me: StaffMember, now: datetime) -> list[str]:
            return second_factor.set_factor(db, me, secret, code, now, machine_time())

        self.factor_problem = await wrong_password(_password(given))
        if self.factor_problem:
            return
        done = await do(act, REFUSALS)
        self.factor_problem = done.problem
        await self._read()
        if done.made:
            self.secret, self.link, self.codes = "", "", " ".join(done.made)

    @rx.event
    async def have_codes(self) -> None:
        """Give the codes of recovery no more: they are written down."""
        self.codes = ""

    @rx.event
    async def remove_factor(self, given: dict[str, Any]) -> None:
        """Ask no more for codes, if one is given and the password; wrong ones are counted."""
        code = str(given["code"])[:_LONGEST]
        self.factor_problem = await wrong_password(_password(given))
        if self.factor_problem:
            return
        counted = await do(_count, REFUSALS)
        if not counted.problem:
            counted = await do(lambda db, me, now: _remove(db, me, code, now), REFUSALS)
        self.factor_problem = counted.problem
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
        self.me, self.name, self.email = me.id or 0, me.name, me.email
        self.sessions = await asyncio.to_thread(_sessions, me, this_session())
        before = self.since
        self.since, self.is_required = await asyncio.to_thread(_factor, me)
        if self.since != before:
            self.codes = ""


def _password(given: dict[str, Any]) -> str:
    return str(given.get("current", ""))


def _factor(me: StaffMember) -> tuple[str, bool]:
    with reading() as db:
        since = second_factor.factor_since(db, me)
        return since.isoformat() if since else "", second_factor.is_required(db)


def _link(secret: str, email: str) -> str:
    with reading() as db:
        return set_up_link(secret, email, the_conference(db).name)


def _count(db: Session, me: StaffMember, now: datetime) -> None:
    sign_in.count_try(db, me.email, "", now, f"code {me.id}")


def _remove(db: Session, me: StaffMember, code: str, now: datetime) -> None:
    second_factor.check_code(db, me, code, now, machine_time())
    sign_in.forgive(db, me.email, "", f"code {me.id}")
    second_factor.remove_factor(db, me, me, now)


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
