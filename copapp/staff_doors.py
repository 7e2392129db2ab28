"""The staff's doors: sign in, sign out, set up, and the pages behind. Used by `asgi.py`.

A GET changes nothing, so that scanners of links do no harm; that a coordinator took the requests as a file is
written down. What changes something is a POST from our own pages, and answers with a redirect.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.requests import Request

from copapp.api.bodies import BodyTooLargeError, BodyTooSlowError, read_on, read_up_to
from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.imported import ProgrammeFileError
from copapp.i18n import LANGUAGES, catalogue
from copapp.interop.readers import limits
from copapp.negotiation import language_of
from copapp.offline.shelf import Headers, Shelf
from copapp.offline.site import STAFF_PAGES
from copapp.services import passwords, sign_in, staff
from copapp.services.given_files import keep_file
from copapp.services.moves import NotAllowedError
from copapp.settings import settings
from copapp.staff.routes import IMPORT_FILE
from copapp.staff.session import cookie, session_of
from copapp.staff_files import FILES, staff_file

Scope = MutableMapping[str, object]
Receive = Callable[[], Awaitable[MutableMapping[str, object]]]
Answer = tuple[int, Headers, bytes]
Form = dict[str, str]

HOME, SIGN_IN = "/admin", "/admin/sign-in"
SET_UP, CHOOSE = "/admin/set-up/", "/admin/password/"
_SESSION = "/admin/session"
_LARGEST_FORM = 8192
_NO_STORE: Headers = [(b"cache-control", b"no-store")]


# By this the page tells our refusal from that of a proxy before us.
_OURS: Headers = [*_NO_STORE, (b"content-type", b"application/problem+json")]


class StaffDoors:
    """The staff's HTTP of one worker process."""

    def __init__(self) -> None:
        # Each hashing takes a processor and 64 MiB for a while: two at a time, the others wait.
        self._hashing = asyncio.Semaphore(2)

    async def show(self, path: str, query: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Answer a GET: a page, or the way to the sign-in, which leads back."""
        if path.startswith((SET_UP, CHOOSE)):
            return await self._show_link(path, headers, shelf)
        if path == SIGN_IN:
            return _page(shelf, SIGN_IN, headers)
        is_live = await has_live_session(headers)
        if path == _SESSION:
            return (204 if is_live else 401), _NO_STORE, b""
        if is_live and path in FILES:
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
        if method == "POST" or path == _SESSION:
            return 503, [*_OURS, again], b'{"title": "The database does not answer", "status": 503}'
        if path not in FILES:
            _, given, body = _page(shelf, path.rstrip("/"), headers)
            return 503, [*given, again], body
        language = language_of(headers.get(b"accept-language", b"").decode("latin-1"), tuple(LANGUAGES))
        words = str(catalogue(language, "staff")["door.busy"])
        return 503, [*_NO_STORE, again, (b"content-type", b"text/plain; charset=utf-8")], words.encode()

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
        session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
        if path == SIGN_IN:
            return await self._sign_in(form | {"next": _next(query)}, session, address)
        return await self._change(path, form, session)

    async def _change(self, path: str, form: Form, session: str) -> Answer:
        if path.startswith((SET_UP, CHOOSE)):
            return await self._set_up(path, form)
        if path in {"/admin/sign-out", "/admin/sign-out-everywhere"}:
            await asyncio.to_thread(_sign_out, session, everywhere=path.endswith("everywhere"))
            return _go(SIGN_IN, set_cookie=cookie("", 0))
        return 405, [*_NO_STORE, (b"allow", b"GET, HEAD")], b""

    async def _sign_in(self, form: Form, session: str, address: str) -> Answer:
        email, password = form.get("email", "")[:254], form.get("password", "")
        try:
            member_id, hashed = await asyncio.to_thread(_count, email, address)
        except sign_in.SignInRefusedError as refused:
            seconds = math.ceil(refused.retry_after.total_seconds())
            return _go(SIGN_IN, problem="wait", seconds=str(seconds), next=form["next"])
        async with self._hashing:
            is_right = await asyncio.to_thread(passwords.is_password, hashed, password)
        if not is_right:
            return _go(SIGN_IN, problem="wrong", next=form["next"])
        token = await asyncio.to_thread(_open, member_id, hashed, email, address, session)
        return _enter(token, form["next"])

    async def _set_up(self, path: str, form: Form) -> Answer:
        token = path.rpartition("/")[2]
        try:
            owner = await asyncio.to_thread(_link_owner, token)
            name, email = owner or (form.get("name", ""), form.get("email", ""))
            passwords.check_password(form.get("password", ""), name, email)
            async with self._hashing:
                hashed = await asyncio.to_thread(passwords.hash_password, form["password"])
            return _enter(await asyncio.to_thread(_use_link, token, hashed, name, email))
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


def _within(path: str, query: str) -> str:
    """Give the address of a page of ours to come back to; "" for the usual one."""
    is_usual = path == HOME or path not in STAFF_PAGES
    return "" if is_usual else f"{path}?{query}" if query else path


def _next(query: str) -> str:
    """Give the page that the sign-in shall lead to, if it is one of ours."""
    path, _, rest = parse_qs(query).get("next", [""])[0].partition("?")
    return _within(path, urlencode(parse_qsl(rest)))


def _go(where: str, set_cookie: str = "", **said: str) -> Answer:
    given = {name: value for name, value in said.items() if value}
    address = f"{where}?{urlencode(given)}" if given else where
    headers = [*_NO_STORE, (b"location", address.encode("ascii", "ignore"))]
    return 303, headers + ([(b"set-cookie", set_cookie.encode())] if set_cookie else []), b""


def _enter(token: str, where: str = "") -> Answer:
    if not token:
        return _go(SIGN_IN, problem="wrong")
    return _go(where or HOME, set_cookie=cookie(token, int(staff.SESSION_LASTS.total_seconds())))


async def _take_file(headers: dict[bytes, bytes], chunks: AsyncIterator[bytes]) -> Answer:
    """Keep a file for the import's page and answer with its name; 401 without a session, 413 if too large."""
    session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
    if not await has_live_session(headers):
        return 401, _NO_STORE, b""
    try:
        name = await asyncio.to_thread(_keep_file, session, await read_up_to(limits.BYTES, chunks))
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


def _count(email: str, address: str) -> tuple[int, str]:
    with writing() as db:
        sign_in.count_try(db, email, address, clock().now())
        return sign_in.password_of(db, email)


def _open(member_id: int, hashed: str, email: str, address: str, before: str) -> str:
    """Open a session, unless the account changed while the password was looked at: then ""."""
    with writing() as db:
        if sign_in.password_of(db, email) != (member_id, hashed):
            return ""
        sign_in.forgive(db, email, address)
        staff.sign_out(db, before)
        return staff.open_session(db, member_id, clock().now())


def _use_link(token: str, hashed: str, name: str, email: str) -> str:
    now = clock().now()
    with writing() as db:
        member = staff.use_link(db, token, hashed, now, name=name, email=email)
        return staff.open_session(db, member.id or 0, now)


def _sign_out(session: str, *, everywhere: bool) -> None:
    with writing() as db:
        member = staff.session_member(db, session, clock().now())
        if everywhere and member:
            staff.sign_out_everywhere(db, member.id or 0)
        staff.sign_out(db, session)
