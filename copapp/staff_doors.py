"""The staff's doors: sign in, sign out, set up, and the pages behind. Used by `asgi.py`.

A GET changes nothing, so that scanners of links do no harm; that a coordinator took the requests as a file is
written down. What changes something is a POST from our own pages, and answers with a redirect.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from sqlmodel import Session
from starlette.requests import Request

from copapp.api.bodies import BodyTooLargeError, BodyTooSlowError, read_on, read_up_to
from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.imported import ProgrammeFileError
from copapp.hashing import Hashing, QueueFullError
from copapp.i18n import LANGUAGES, catalogue
from copapp.interop.readers import limits
from copapp.models import StaffMember
from copapp.negotiation import language_of
from copapp.offline.shelf import Headers, Shelf
from copapp.offline.site import STAFF_PAGES
from copapp.services import passwords, sign_in, staff
from copapp.services.devices import known_device, make_device
from copapp.services.given_files import keep_file
from copapp.services.moves import NotAllowedError
from copapp.services.queries import known_names
from copapp.settings import settings
from copapp.staff.routes import IMPORT_FILE
from copapp.staff.session import cookie, device_cookie, devices_of, session_of
from copapp.staff_files import FILES, staff_file
from copapp.threads import written

Scope = MutableMapping[str, object]
Receive = Callable[[], Awaitable[MutableMapping[str, object]]]
Answer = tuple[int, Headers, bytes]
Form = dict[str, str]

HOME, SIGN_IN = "/admin", "/admin/sign-in"
SET_UP, CHOOSE = "/admin/set-up/", "/admin/password/"
SESSION = "/admin/session"
_LARGEST_FORM = 8192
_NO_STORE: Headers = [(b"cache-control", b"no-store")]


# By this the page tells our refusal from that of a proxy before us.
_OURS: Headers = [*_NO_STORE, (b"content-type", b"application/problem+json")]


@dataclass(frozen=True)
class Try:
    """What somebody signs in with; `device` is what the browser keeps of this account, "" in any other."""

    email: str
    password: str
    address: str
    cookies: str
    device: str = ""


@dataclass(frozen=True)
class Entry:
    """What a browser keeps that was let in: the session's token, and by what it is known again."""

    token: str
    device: str


class StaffDoors:
    """The staff's HTTP of one worker process."""

    def __init__(self) -> None:
        self._hashing = Hashing()
        self._files = asyncio.Semaphore(1)  # a table of thousands keeps a processor busy for seconds

    async def show(self, path: str, query: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Answer a GET: a page, or the way to the sign-in, which leads back."""
        if path.startswith((SET_UP, CHOOSE)):
            return await self._show_link(path, headers, shelf)
        if path == SIGN_IN:
            return _page(shelf, SIGN_IN, headers)
        is_live = await has_live_session(headers)
        if path == SESSION:
            return (204 if is_live else 401), _NO_STORE, b""
        if is_live and path in FILES:
            async with self._files:
                return await asyncio.to_thread(staff_file, path, query, headers)
        if is_live:
            return _page(shelf, path, headers)
        return _go(SIGN_IN, next=_within(path, query))

    async def _show_link(self, path: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        token = path.rpartition("/")[2]
        try:
            owner = await asyncio.to_thread(_link_owner, token)
        except staff.LinkError:
            return _go(SIGN_IN, problem="link")
        right = CHOOSE if owner else SET_UP
        return _page(shelf, right.rstrip("/"), headers) if path.startswith(right) else _go(right + token)

    async def act(
        self, path: str, query: str, headers: dict[bytes, bytes], address: str, receive: Receive
    ) -> Answer:
        """Answer a POST, once all of it has come."""
        chunks = Request({"type": "http"}, receive).stream()
        try:
            return await self._act(path, query, headers, address, chunks)
        except BodyTooSlowError:
            return 408, [*_NO_STORE, (b"connection", b"close")], b""
        finally:
            await read_on(chunks)

    def cannot(self, path: str, method: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Answer without the database: a page, which says itself what it cannot read, or the words."""
        is_form = method == "POST" and path != IMPORT_FILE
        if is_form:
            return _go(path if path.startswith((SET_UP, CHOOSE)) else SIGN_IN, problem="busy")
        again = (b"retry-after", b"5")
        if method == "POST" or path == SESSION:
            return 503, [*_OURS, again], b'{"title": "The database does not answer", "status": 503}'
        if path not in FILES:
            _, given, body = _page(shelf, path.rstrip("/"), headers)
            return 503, [*given, again], body
        return _in_words(503, "door.busy", headers)

    async def _act(
        self, path: str, query: str, headers: dict[bytes, bytes], address: str, chunks: AsyncIterator[bytes]
    ) -> Answer:
        if not is_from_us(headers):
            return 403, [*_NO_STORE, (b"content-type", b"text/plain")], b"This form came from elsewhere."
        if path == IMPORT_FILE:
            return await _take_file(headers, chunks)
        try:
            form = await _form(chunks)
        except BodyTooLargeError:
            return 413, _NO_STORE, b""
        cookies = headers.get(b"cookie", b"").decode("latin-1")
        if path == SIGN_IN:
            try:
                return await self._sign_in(form | {"next": _next(query)}, cookies, address)
            except QueueFullError:
                return _in_words(429, "door.queue", headers)
        return await self._change(path, form, cookies)

    async def _change(self, path: str, form: Form, cookies: str) -> Answer:
        if path.startswith((SET_UP, CHOOSE)):
            return await self._set_up(path, form, cookies)
        if path in {"/admin/sign-out", "/admin/sign-out-everywhere"}:
            everywhere = path.endswith("everywhere")
            await written(_sign_out, session_of(cookies), everywhere=everywhere)
            return _go(SIGN_IN, cookies=[cookie("", 0)])
        return 405, [*_NO_STORE, (b"allow", b"GET, HEAD")], b""

    async def _sign_in(self, form: Form, cookies: str, address: str) -> Answer:
        tried = Try(form.get("email", "")[:254], form.get("password", ""), address, cookies)
        kept = devices_of(cookies)
        if kept and (device := await asyncio.to_thread(_known, tried.email, kept)):
            return await self._look_at(replace(tried, device=device), form["next"])
        with self._hashing.place(sign_in.network_of(address)):
            return await self._look_at(tried, form["next"])

    async def _look_at(self, tried: Try, where: str) -> Answer:
        try:
            member_id, hashed = await written(_count, tried)
        except sign_in.SignInRefusedError as refused:
            seconds = math.ceil(refused.retry_after.total_seconds())
            return _go(SIGN_IN, problem="wait", seconds=str(seconds), next=where)
        look = passwords.is_password
        if not await self._hashing.do(look, hashed, tried.password, is_known=bool(tried.device)):
            await written(_note_failure, tried.email)
            return _go(SIGN_IN, problem="wrong", next=where)
        entry = await written(_open, member_id, hashed, tried)
        return _enter(entry, tried.cookies, where) if entry else _go(SIGN_IN, problem="wrong")

    async def _set_up(self, path: str, form: Form, cookies: str) -> Answer:
        token = path.rpartition("/")[2]
        try:
            owner = await asyncio.to_thread(_link_owner, token)
            name, email = owner or (form.get("name", ""), form.get("email", ""))
            names = await asyncio.to_thread(_known_names)
            passwords.check_password(form.get("password", ""), name, email, names=names)
            hashed = await self._hashing.do(passwords.hash_password, form["password"], is_known=True)
            return _enter(await written(_use_link, token, hashed, name, email), cookies)
        except staff.LinkError:
            return _go(SIGN_IN, problem="link")
        except (passwords.PasswordError, staff.MemberError) as wrong:
            return _go(path, problem=wrong.code)


async def has_live_session(headers: dict[bytes, bytes]) -> bool:
    """Whether the cookie is that of a live session."""
    session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
    return bool(session) and await asyncio.to_thread(_is_live, session)


def is_from_us(headers: dict[bytes, bytes]) -> bool:
    """Whether a page of ours sent this (OWASP: Fetch Metadata, then Origin); no answer is no."""
    if site := headers.get(b"sec-fetch-site"):
        return site == b"same-origin"
    return has_our_origin(headers)


def has_our_origin(headers: dict[bytes, bytes]) -> bool:
    """Whether Origin is the address that people reach us by."""
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    ours = {headers.get(b"host", b"").decode("latin-1"), urlsplit(settings().public_url).netloc} - {""}
    return origin.scheme in {"http", "https"} and origin.netloc in ours


def _page(shelf: Shelf, path: str, headers: dict[bytes, bytes]) -> Answer:
    leaf = shelf.find(path)
    status, leaf = (200, leaf) if leaf else (404, shelf.lost)
    _, given, body = leaf.answer(headers.get(b"accept-encoding", b""), b"")
    kept = [each for each in given if each[0] not in {b"etag", b"cache-control"}]
    return status, [*kept, *_NO_STORE], body


def _in_words(status: int, key: str, headers: dict[bytes, bytes]) -> Answer:
    """Answer with a sentence in the reader's language: later it may be otherwise."""
    language = language_of(headers.get(b"accept-language", b"").decode("latin-1"), tuple(LANGUAGES))
    told = [*_NO_STORE, (b"retry-after", b"5"), (b"content-type", b"text/plain; charset=utf-8")]
    return status, told, str(catalogue(language, "staff")[key]).encode()


def _within(path: str, query: str) -> str:
    """Give the address of a page of ours to come back to; "" for the usual one."""
    is_usual = path == HOME or path not in STAFF_PAGES
    return "" if is_usual else f"{path}?{query}" if query else path


def _next(query: str) -> str:
    """Give the page that the sign-in shall lead to, if it is one of ours."""
    path, _, rest = parse_qs(query).get("next", [""])[0].partition("?")
    return _within(path, urlencode(parse_qsl(rest)))


def _go(where: str, cookies: Sequence[str] = (), **said: str) -> Answer:
    given = {name: value for name, value in said.items() if value}
    address = f"{where}?{urlencode(given)}" if given else where
    headers = [*_NO_STORE, (b"location", address.encode("ascii", "ignore"))]
    return 303, [*headers, *((b"set-cookie", each.encode()) for each in cookies)], b""


def _enter(entry: Entry, cookies: str, where: str = "") -> Answer:
    session = cookie(entry.token, int(staff.SESSION_LASTS.total_seconds()))
    return _go(where or HOME, [session, device_cookie(entry.device, devices_of(cookies))])


async def _take_file(headers: dict[bytes, bytes], chunks: AsyncIterator[bytes]) -> Answer:
    """Keep a file for the import's page and answer with its name; 401 without a session, 413 if too large."""
    session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
    if not await has_live_session(headers):
        return 401, _NO_STORE, b""
    try:
        name = await written(_keep_file, session, await read_up_to(limits.BYTES, chunks))
    except (BodyTooLargeError, ProgrammeFileError):
        return 413, _OURS, b'{"title": "The file is too large", "status": 413}'
    except NotAllowedError:
        return 401, _NO_STORE, b""
    return 201, [*_NO_STORE, (b"content-type", b"text/plain")], name.encode()


def _keep_file(session: str, content: bytes) -> str:
    now = clock().now()
    with writing() as db:
        member = staff.session_member(db, session, now)
        if member is None:
            raise NotAllowedError
        return keep_file(db, member, content, now)


async def _form(chunks: AsyncIterator[bytes]) -> Form:
    """Read a small form (application/x-www-form-urlencoded); of a field that comes twice, the first."""
    body = await read_up_to(_LARGEST_FORM, chunks)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    except ValueError as error:
        raise BodyTooLargeError from error
    return {name: values[0] for name, values in fields.items()}


def _is_live(session: str) -> bool:
    with reading() as db:
        return staff.session_member(db, session, clock().now()) is not None


def _link_owner(token: str) -> tuple[str, str] | None:
    with reading() as db:
        owner = staff.link_member(db, token, clock().now())
        return (owner.name, owner.email) if owner else None


def _known_names() -> list[str]:
    with reading() as db:
        return known_names(db)


def _known(email: str, kept: list[str]) -> str:
    with reading() as db:
        return known_device(db, email, kept)


def _count(tried: Try) -> tuple[int, str]:
    now = clock().now()
    with writing() as db:
        try:
            sign_in.count_try(db, tried.email, tried.address, now, tried.device)
            return sign_in.password_of(db, tried.email)
        except sign_in.SignInRefusedError as error:
            sign_in.note_refusal(db, tried.email, now)
            refused = error
    raise refused


def _note_failure(email: str) -> None:
    with writing() as db:
        sign_in.note_failure(db, email, clock().now())


def _open(member_id: int, hashed: str, tried: Try) -> Entry | None:
    """Open a session, unless the account changed while the password was looked at."""
    with writing() as db:
        if sign_in.password_of(db, tried.email) != (member_id, hashed):
            return None
        sign_in.forgive(db, tried.email, tried.address, tried.device)
        staff.sign_out(db, session_of(tried.cookies))
        return _entry(db, db.get_one(StaffMember, member_id), clock().now(), tried.device)


def _use_link(token: str, hashed: str, name: str, email: str) -> Entry:
    now = clock().now()
    with writing() as db:
        return _entry(db, staff.use_link(db, token, hashed, now, name=name, email=email), now)


def _entry(db: Session, member: StaffMember, now: datetime, device: str = "") -> Entry:
    return Entry(sign_in.let_in(db, member, now), device or make_device(db, member))


def _sign_out(session: str, *, everywhere: bool) -> None:
    with writing() as db:
        sign_in.let_out(db, session, clock().now(), everywhere=everywhere)
