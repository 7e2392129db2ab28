"""The live state of the accounts, for coordinators: who may sign in, and one-time links for passwords."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading
from copapp.models import StaffLink, StaffMember, StaffRole
from copapp.presenters.programme import venue_instant
from copapp.services import second_factor, staff
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.settings import settings
from copapp.staff.acts import Act, Refusals, do
from copapp.staff.both import Both
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class AccountView:
    """One of us, whether a sign-in is possible, and how many browsers are signed in.

    `state` is active, waiting (no password yet) or disabled. `link_until` is when the one-time link ends that
    is out, `link_mark` tells it from others; "" without one.
    """

    id: int
    name: str
    email: str
    role: str
    state: str
    seen: str
    sessions: int
    has_factor: bool
    link_until: str
    link_mark: str


@dataclass(frozen=True)
class NewLink:
    """A one-time link that was just made: for whom, and the mark by which the account tells it."""

    of: int = 0
    name: str = ""
    address: str = ""
    mark: str = ""


ActTo = Callable[[Session, StaffMember, StaffMember, datetime], NewLink | None]
_MARKED_BY = 16
REFUSALS: Refusals = {
    staff.MemberError: lambda error: error.code,
    staff.LastCoordinatorError: "last",
    ChangedMeanwhileError: "changed",
    NotAllowedError: "refused",
}


class AccountsState(rx.State):
    """Everybody with an account; `made` is given once, to be handed over (`links_shown` keeps it).

    `me` is the number of the coordinator who looks, 0 for anybody else. `added` counts who was added: the
    form is empty after each, and only then.
    """

    me: int = 0
    people: list[AccountView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    made: NewLink = NewLink()
    added: int = 0
    is_required: bool = False
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012

    @rx.event
    async def open_accounts(self) -> None:
        """Show everybody; an earlier link is given no more."""
        self.made, self.problem, self.both = NewLink(), "", []
        self.me = (await signed_in()).id or 0
        await self._read()

    @rx.event
    async def add_person(self, given: dict[str, Any]) -> None:
        """Add one of us, and make the link to choose a password."""
        name, email = str(given["name"]), str(given["email"])
        role = StaffRole.COORDINATOR if given.get("coordinator") else StaffRole.MEMBER

        def act(db: Session, me: StaffMember, now: datetime) -> NewLink:
            return _new_link(db, me, staff.add_member(db, me, name, email, role, now), now)

        await self._do(act)
        self.added += not self.problem

    @rx.event
    async def make_link(self, number: int, seen: str) -> None:
        """Make the link to choose a new password, for one of us as shown."""
        await self._do_to(number, seen, _new_link)

    @rx.event
    async def disable(self, number: int, seen: str) -> None:
        """Take the account that is shown away; its pages go dark at once."""
        await self._do_to(number, seen, staff.disable_member)

    @rx.event
    async def enable(self, number: int, seen: str) -> None:
        """Give the account that is shown back."""
        await self._do_to(number, seen, staff.enable_member)

    @rx.event
    async def end_sessions(self, number: int, seen: str) -> None:
        """End every session of the account that is shown; its pages go dark at once."""
        await self._do_to(number, seen, staff.end_sessions)

    @rx.event
    async def reset_factor(self, number: int, seen: str) -> None:
        """Ask no more for codes of who lost the app, in the account that is shown."""
        await self._do_to(number, seen, second_factor.remove_factor)

    @rx.event
    async def require_factor(self, is_on: bool) -> None:  # noqa: FBT001 - what a box says
        """Say whether everybody must have a second factor."""
        wanted = is_on is True

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            second_factor.require_factor(db, me, now, is_required=wanted)

        await self._do(act)

    @rx.event
    async def set_role(self, number: int, seen: str, role: str) -> None:
        """Say what one of us may do, who may now what is shown."""
        wanted = StaffRole(role)
        await self._do_to(
            number, seen, lambda db, me, member, now: staff.set_role(db, me, member, wanted, now)
        )

    async def _do_to(self, number: int, seen: str, act: ActTo) -> None:
        """Do something to an account that is as it was on the screen."""

        def act_to(db: Session, me: StaffMember, now: datetime) -> NewLink | None:
            member = staff.held_member(db, number)
            if seen_account(member) != seen:
                raise ChangedMeanwhileError([member.slug])
            return act(db, me, member, now)

        await self._do(act_to, seen)

    async def _do(self, act: Act[NewLink | None], seen: str = "") -> None:
        done = await do(act, REFUSALS)
        self.problem, self.both = done.problem, []
        self.made = done.made or NewLink()
        await self._read()
        if isinstance(done.refusal, ChangedMeanwhileError):
            email = seen.partition(" ")[0]
            self.both = [Both(seen, next((each.seen for each in self.people if each.email == email), ""))]

    async def _read(self) -> None:
        self.people, self.is_required = await asyncio.gather(
            asyncio.to_thread(_people), asyncio.to_thread(_is_required)
        )


def _new_link(db: Session, by: StaffMember, member: StaffMember, now: datetime) -> NewLink:
    number, token = member.id or 0, staff.make_link(db, by, member, now)
    address = f"{settings().public_url.rstrip('/')}/admin/set-up/{token}"
    return NewLink(number, member.name, address, _mark(staff.live_links(db, now)[number]))


def _mark(link: StaffLink) -> str:
    return link.token_hash[:_MARKED_BY]


def _is_required() -> bool:
    with reading() as db:
        return second_factor.is_required(db)


def seen_account(member: StaffMember) -> str:
    """Tell an account in a line: what is on the screen, by which it is known again."""
    return f"{member.email} · {member.name} · {member.role} · {_state(member)}"


def _people() -> list[AccountView]:
    now = clock().now()
    with reading() as db:
        zone, links = ZoneInfo(the_conference(db).timezone), staff.live_links(db, now)
        return [
            AccountView(
                each.id or 0,
                each.name,
                each.email,
                each.role,
                _state(each),
                seen_account(each),
                len(staff.sessions_of(db, each, now)),
                second_factor.has_factor(db, each),
                venue_instant(link.expires_at, zone) if link else "",
                _mark(link) if link else "",
            )
            for each in staff.members(db)
            for link in [links.get(each.id or 0)]
        ]


def _state(member: StaffMember) -> str:
    if member.disabled_at is not None:
        return "disabled"
    return "active" if member.password_hash else "waiting"
