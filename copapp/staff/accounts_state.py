"""The live state of the accounts, for coordinators: who may sign in, and one-time links for passwords."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.models import StaffMember, StaffRole
from copapp.services import staff
from copapp.services.moves import NotAllowedError
from copapp.settings import settings
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class AccountView:
    """One of us, and whether a sign-in is possible: active, waiting (no password yet) or disabled."""

    id: int
    name: str
    email: str
    role: str
    state: str


Act = Callable[[Session, StaffMember, datetime], str]


class AccountsState(rx.State):
    """Everybody with an account; `link` is shown once, to be handed to `link_name`."""

    people: list[AccountView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    link: str = ""
    link_name: str = ""
    problem: str = ""

    @rx.event
    async def open_accounts(self) -> None:
        """Show everybody; an earlier link is no longer shown."""
        self.link = self.link_name = self.problem = ""
        self.people = await asyncio.to_thread(_people)

    @rx.event
    async def add_person(self, given: dict[str, Any]) -> None:
        """Add one of us, and make the link to choose a password."""
        name, email = str(given.get("name", "")), str(given.get("email", ""))
        role = StaffRole.COORDINATOR if given.get("coordinator") else StaffRole.MEMBER

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            made = staff.add_member(db, me, name, email, role, now)
            return staff.make_link(db, me, made, now)

        await self._do(name, act)

    @rx.event
    async def make_link(self, number: int) -> None:
        """Make the link to choose a new password."""
        await self._do(self._name(number), lambda db, me, now: staff.make_link(db, me, _one(db, number), now))

    @rx.event
    async def disable(self, number: int) -> None:
        """Take an account away; its pages go dark at once."""

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            staff.disable_member(db, me, _one(db, number), now)
            return ""

        await self._do("", act)

    @rx.event
    async def enable(self, number: int) -> None:
        """Give an account back."""

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            staff.enable_member(db, me, _one(db, number), now)
            return ""

        await self._do("", act)

    @rx.event
    async def set_role(self, number: int, role: str) -> None:
        """Say what somebody may do."""

        def act(db: Session, me: StaffMember, now: datetime) -> str:
            staff.set_role(db, me, _one(db, number), StaffRole(role), now)
            return ""

        await self._do("", act)

    async def _do(self, name: str, act: Act) -> None:
        me = await signed_in()
        token, self.problem = await asyncio.to_thread(_try, act, me)
        self.link = f"{settings().public_url.rstrip('/')}/admin/set-up/{token}" if token else ""
        self.link_name = name if token else ""
        self.people = await asyncio.to_thread(_people)

    def _name(self, number: int) -> str:
        return next((each.name for each in self.people if each.id == number), "")


def _one(db: Session, number: int) -> StaffMember:
    found = db.get(StaffMember, int(number))
    if found is None:
        raise NotAllowedError
    return found


def _try(act: Act, me: StaffMember) -> tuple[str, str]:
    """Give the token of a link, if one was made, and the key of what went wrong."""
    try:
        with writing() as db:
            return act(db, me, clock().now()), ""
    except staff.MemberError as error:
        return "", error.code
    except staff.LastCoordinatorError:
        return "", "last"
    except (NotAllowedError, ValueError, TypeError):
        return "", "refused"


def _people() -> list[AccountView]:
    with reading() as db:
        return [
            AccountView(each.id or 0, each.name, each.email, each.role, _state(each))
            for each in staff.members(db)
        ]


def _state(member: StaffMember) -> str:
    if member.disabled_at is not None:
        return "disabled"
    return "active" if member.password_hash else "waiting"
