"""How staff come in: by a password, by a one-time link, and with a new password of one's own.

Each answer is a redirect that says what happened. Used by `staff_doors.py`.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlmodel import Session

from copapp.clock import clock, machine_time
from copapp.database import reading, writing
from copapp.domain.browser import browser_words
from copapp.hashing import Hashing
from copapp.models import StaffMember
from copapp.offline.shelf import Headers
from copapp.services import passwords, sign_in, staff
from copapp.services.devices import known_device, make_device
from copapp.services.moves import NotAllowedError
from copapp.services.queries import known_names
from copapp.services.second_factor import CodeError, check_code, has_factor
from copapp.staff.routes import ACCOUNT
from copapp.staff.session import cookie, device_cookie, devices_of, session_of
from copapp.threads import written

Answer = tuple[int, Headers, bytes]
Form = dict[str, str]

_LONGEST_CODE = 32
HOME, SIGN_IN = "/admin", "/admin/sign-in"
NO_STORE: Headers = [(b"cache-control", b"no-store")]


@dataclass(frozen=True)
class Came:
    """Who sends a form: the cookies, and what the browser and the connection say of themselves."""

    cookies: str
    browser: str
    address: str

    @property
    def session(self) -> str:
        """The hash of the session's token, "" without one."""
        return session_of(self.cookies)


@dataclass(frozen=True)
class Try:
    """What somebody signs in with; `device` is what the browser keeps of this account, "" in any other."""

    came: Came
    email: str
    password: str
    code: str
    where: str
    device: str = ""


@dataclass(frozen=True)
class Entry:
    """What a browser keeps that was let in: the session's token, and by what it is known again."""

    token: str
    device: str


class Entrance:
    """The ways in of one worker process."""

    def __init__(self) -> None:
        self.hashing = Hashing()

    async def sign_in(self, form: Form, where: str, came: Came) -> Answer:
        """Lead to `where` who knows the password. Raises QueueFullError."""
        email, code = form.get("email", "")[:254], form.get("code", "")[:_LONGEST_CODE]
        tried = Try(came, email, form.get("password", ""), code, where)
        kept = devices_of(came.cookies)
        if kept and (device := await asyncio.to_thread(_known, tried.email, kept)):
            return await self._look_at(replace(tried, device=device))
        network = sign_in.network_of(came.address)
        with self.hashing.place(network):
            return await self._look_at(tried, network)

    async def _look_at(self, tried: Try, network: str = "") -> Answer:
        try:
            member_id, hashed = await written(_count, tried)
        except sign_in.SignInRefusedError as refused:
            return go(SIGN_IN, problem="wait", seconds=_seconds(refused), next=tried.where)
        given, is_known = (passwords.is_password, hashed, tried.password), bool(tried.device)
        if not await self.hashing.do(*given, is_known=is_known, network=network):
            await written(_note_failure, tried.email)
            return go(SIGN_IN, problem="wrong", next=tried.where)
        try:
            entry = await written(_open, member_id, hashed, tried)
        except CodeError:
            if tried.code:
                await written(_note_failure, tried.email)
            return go(SIGN_IN, problem="code_wrong" if tried.code else "code", next=tried.where)
        return _enter(entry, tried.came, tried.where) if entry else go(SIGN_IN, problem="wrong")

    async def set_up(self, path: str, form: Form, came: Came) -> Answer:
        """Keep the password that was chosen at a one-time link, and let its owner in.

        Who has a second factor signs in with it: a link alone is no more than the password. Raises
        QueueFullError.
        """
        token = path.rpartition("/")[2]
        try:
            owner = await asyncio.to_thread(link_owner, token)
            name, email = owner or (form.get("name", ""), form.get("email", ""))
            chosen = form.get("password", "")
            await asyncio.to_thread(_check_chosen, chosen, name, email)
            with self.hashing.share(token):
                hashed = await self.hashing.do(passwords.hash_password, chosen, is_known=True)
            entry = await written(_use_link, token, hashed, name, email, came)
            return _enter(entry, came) if entry else go(SIGN_IN, problem="code")
        except staff.LinkError:
            return go(SIGN_IN, problem="link")
        except (passwords.PasswordError, staff.MemberError) as wrong:
            return go(path, problem=wrong.code)

    async def change_password(self, form: Form, came: Came) -> Answer:
        """Keep a new password of one who knows the old one; every other session ends."""
        try:
            me = await asyncio.to_thread(_signed_in, came.session)
            chosen = form.get("password", "")
            await asyncio.to_thread(_check_chosen, chosen, me.name, me.email)
            await written(_count_own, me, came)
            look = passwords.is_password
            if not await self.hashing.do(look, me.password_hash, form.get("current", ""), is_known=True):
                await written(_note_failure, me.email)
                return go(ACCOUNT, problem="current")
            hashed = await self.hashing.do(passwords.hash_password, chosen, is_known=True)
            entry = await written(_change, me, hashed, came)
        except NotAllowedError:
            return go(SIGN_IN)
        except sign_in.SignInRefusedError as refused:
            return go(ACCOUNT, problem="wait", seconds=_seconds(refused))
        except passwords.PasswordError as wrong:
            return go(ACCOUNT, problem=wrong.code)
        return _enter(entry, came, ACCOUNT, done="password")


async def sign_out(came: Came, *, everywhere: bool) -> Answer:
    """Lead out of this session, or of all."""
    await written(_sign_out, came.session, everywhere=everywhere)
    return go(SIGN_IN, [cookie("", 0)])


def go(where: str, cookies: Sequence[str] = (), **said: str) -> Answer:
    """Lead to a page, which is told what happened."""
    given = {name: value for name, value in said.items() if value}
    address = f"{where}?{urlencode(given)}" if given else where
    headers = [*NO_STORE, (b"location", address.encode("ascii", "ignore"))]
    return 303, [*headers, *((b"set-cookie", each.encode()) for each in cookies)], b""


def link_owner(token: str) -> tuple[str, str] | None:
    """Give name and address of whose link it is, None for the first coordinator's. Raises LinkError."""
    with reading() as db:
        owner = staff.link_member(db, token, clock().now())
        return (owner.name, owner.email) if owner else None


def _enter(entry: Entry, came: Came, where: str = "", **said: str) -> Answer:
    session = cookie(entry.token, int(staff.SESSION_LASTS.total_seconds()))
    return go(where or HOME, [session, device_cookie(entry.device, devices_of(came.cookies))], **said)


def _seconds(refused: sign_in.SignInRefusedError) -> str:
    return str(math.ceil(refused.retry_after.total_seconds()))


def _check_chosen(password: str, name: str, email: str) -> None:
    """Refuse a password that must not be chosen. Raises PasswordError."""
    with reading() as db:
        names = known_names(db)
    passwords.check_password(password, name, email, names=names)


def _known(email: str, kept: list[str]) -> str:
    with reading() as db:
        return known_device(db, email, kept)


def _count(tried: Try) -> tuple[int, str]:
    _count_try(tried.email, tried.came.address, tried.device)
    with reading() as db:
        return sign_in.password_of(db, tried.email)


def _count_own(me: StaffMember, came: Came) -> None:
    """Count a try at one's own password by the session: nobody else's guesses make it wait."""
    _count_try(me.email, came.address, came.session)


def _count_try(email: str, address: str, device: str) -> None:
    now = clock().now()
    with writing() as db:
        try:
            sign_in.count_try(db, email, address, now, device)
        except sign_in.SignInRefusedError as error:
            sign_in.note_refusal(db, email, now)
            refused = error
        else:
            return
    raise refused


def _note_failure(email: str) -> None:
    with writing() as db:
        sign_in.note_failure(db, email, clock().now())


def _open(member_id: int, hashed: str, tried: Try) -> Entry | None:
    """Open a session, unless the account changed while the password was looked at. Raises CodeError."""
    now = clock().now()
    with writing() as db:
        if sign_in.password_of(db, tried.email) != (member_id, hashed):
            return None
        member = db.get_one(StaffMember, member_id)
        check_code(db, member, tried.code, now, machine_time())
        sign_in.forgive(db, tried.email, tried.came.address, tried.device)
        staff.sign_out(db, tried.came.session)
        return _entry(db, member, now, tried.came, tried.device)


def _use_link(token: str, hashed: str, name: str, email: str, came: Came) -> Entry | None:
    now = clock().now()
    with writing() as db:
        member = staff.use_link(db, token, hashed, now, name=name, email=email)
        return None if has_factor(db, member) else _entry(db, member, now, came)


def _signed_in(session: str) -> StaffMember:
    with reading() as db:
        member = staff.session_member(db, session, clock().now())
    if member is None:
        raise NotAllowedError
    return member


def _change(before: StaffMember, hashed: str, came: Came) -> Entry:
    now = clock().now()
    with writing() as db:
        me = staff.session_member(db, came.session, now)
        if me is None or (me.id, me.password_hash) != (before.id, before.password_hash):
            raise NotAllowedError
        sign_in.forgive(db, me.email, came.address, came.session)
        staff.set_own_password(db, me, hashed, now)
        return _entry(db, me, now, came)


def _entry(db: Session, member: StaffMember, now: datetime, came: Came, device: str = "") -> Entry:
    token = sign_in.let_in(db, member, now, browser_words(came.browser))
    return Entry(token, device or make_device(db, member))


def _sign_out(session: str, *, everywhere: bool) -> None:
    with writing() as db:
        sign_in.let_out(db, session, clock().now(), everywhere=everywhere)
