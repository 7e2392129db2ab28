"""The staff's doors: sign in, sign out, set up, and the pages behind. Used by `asgi.py`.

A GET changes nothing, so that scanners of links do no harm; that a coordinator took the requests as a file is
written down. What changes something is a POST from our own pages, and answers with a redirect.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from copapp.api.bodies import BodyTooLargeError, BodyTooSlowError, read_on, read_up_to
from copapp.clock import clock
from copapp.database import reading, writing
from copapp.domain.imported import ProgrammeFileError
from copapp.hashing import QueueFullError
from copapp.i18n import LANGUAGES, catalogue
from copapp.interop.readers import limits
from copapp.negotiation import language_of
from copapp.offline.shelf import Headers, Shelf
from copapp.offline.site import STAFF_PAGES
from copapp.services import staff
from copapp.services.given_files import keep_file
from copapp.services.moves import NotAllowedError
from copapp.services.second_factor import must_set_up
from copapp.settings import settings
from copapp.staff.routes import ACCOUNT, IMPORT_FILE
from copapp.staff.routes import OWN_PASSWORD as PASSWORD
from copapp.staff.session import session_of
from copapp.staff_entry import HOME, NO_STORE, SIGN_IN, Answer, Came, Entrance, Form, go, link_owner, sign_out
from copapp.staff_files import FILES, staff_file
from copapp.threads import written

Scope = MutableMapping[str, object]
Receive = Callable[[], Awaitable[MutableMapping[str, object]]]
SET_UP, CHOOSE = "/admin/set-up/", "/admin/password/"
SESSION = "/admin/session"
_LARGEST_FORM = 8192
_MARKED_EVERY = timedelta(minutes=5)

# By this the page tells our refusal from that of a proxy before us.
_OURS: Headers = [*NO_STORE, (b"content-type", b"application/problem+json")]


class StaffDoors:
    """The staff's HTTP of one worker process."""

    def __init__(self) -> None:
        self._entrance = Entrance()
        self._files = asyncio.Semaphore(1)  # a table of thousands keeps a processor busy for seconds

    async def show(self, path: str, query: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Answer a GET: a page, or the way to the sign-in, which leads back."""
        if path.startswith((SET_UP, CHOOSE)):
            return await self._show_link(path, headers, shelf)
        if path == SIGN_IN:
            return _page(shelf, SIGN_IN, headers)
        is_live = await has_live_session(headers)
        if path == SESSION:
            return (204 if is_live else 401), NO_STORE, b""
        if not is_live:
            return go(SIGN_IN, next=_within(path, query))
        return await self._show_inside(path, query, headers, shelf)

    async def _show_inside(self, path: str, query: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Show a page or a file to who is signed in; before all, a second factor that must be set up."""
        if path != ACCOUNT and await asyncio.to_thread(_must_set_up, headers):
            return go(ACCOUNT, problem="factor")
        if path not in FILES:
            return _page(shelf, path, headers)
        async with self._files:
            return await asyncio.to_thread(staff_file, path, query, headers)

    async def _show_link(self, path: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        token = path.rpartition("/")[2]
        try:
            owner = await asyncio.to_thread(link_owner, token)
        except staff.LinkError:
            return go(SIGN_IN, problem="link")
        right = CHOOSE if owner else SET_UP
        return _page(shelf, right.rstrip("/"), headers) if path.startswith(right) else go(right + token)

    async def act(
        self, path: str, query: str, headers: dict[bytes, bytes], address: str, receive: Receive
    ) -> Answer:
        """Answer a POST, once all of it has come."""
        chunks = Request({"type": "http"}, receive).stream()
        try:
            return await self._act(path, query, headers, address, chunks)
        except BodyTooSlowError:
            return 408, [*NO_STORE, (b"connection", b"close")], b""
        finally:
            await read_on(chunks)

    def cannot(self, path: str, method: str, headers: dict[bytes, bytes], shelf: Shelf) -> Answer:
        """Answer without the database: a page, which says itself what it cannot read, or the words."""
        is_form = method == "POST" and path != IMPORT_FILE
        if is_form:
            return go(path if path.startswith((SET_UP, CHOOSE)) else SIGN_IN, problem="busy")
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
            return 403, [*NO_STORE, (b"content-type", b"text/plain")], b"This form came from elsewhere."
        if path == IMPORT_FILE:
            return await _take_file(headers, chunks)
        try:
            form = await _form(chunks)
        except BodyTooLargeError:
            return 413, NO_STORE, b""
        said = (headers.get(each, b"").decode("latin-1") for each in (b"cookie", b"user-agent"))
        came = Came(next(said), next(said), address)
        try:
            return await self._come(path, query, form, came)
        except QueueFullError:
            return _in_words(429, "door.queue", headers)

    async def _come(self, path: str, query: str, form: Form, came: Came) -> Answer:
        if path == SIGN_IN:
            return await self._entrance.sign_in(form, _next(query), came)
        if path.startswith((SET_UP, CHOOSE)):
            return await self._entrance.set_up(path, form, came)
        if path == PASSWORD:
            return await self._entrance.change_password(form, came)
        if path in {"/admin/sign-out", "/admin/sign-out-everywhere"}:
            return await sign_out(came, everywhere=path.endswith("everywhere"))
        return 405, [*NO_STORE, (b"allow", b"GET, HEAD")], b""


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
    return status, [*kept, *NO_STORE], body


def _in_words(status: int, key: str, headers: dict[bytes, bytes]) -> Answer:
    """Answer with a sentence in the reader's language: later it may be otherwise."""
    language = language_of(headers.get(b"accept-language", b"").decode("latin-1"), tuple(LANGUAGES))
    told = [*NO_STORE, (b"retry-after", b"5"), (b"content-type", b"text/plain; charset=utf-8")]
    return status, told, str(catalogue(language, "staff")[key]).encode()


def _within(path: str, query: str) -> str:
    """Give the address of a page of ours to come back to; "" for the usual one."""
    is_usual = path == HOME or path not in STAFF_PAGES
    return "" if is_usual else f"{path}?{query}" if query else path


def _next(query: str) -> str:
    """Give the page that the sign-in shall lead to, if it is one of ours."""
    path, _, rest = parse_qs(query).get("next", [""])[0].partition("?")
    return _within(path, urlencode(parse_qsl(rest)))


async def _take_file(headers: dict[bytes, bytes], chunks: AsyncIterator[bytes]) -> Answer:
    """Keep a file for the import's page and answer with its name; 401 without a session, 413 if too large."""
    session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
    if not await has_live_session(headers):
        return 401, NO_STORE, b""
    try:
        name = await written(_keep_file, session, await read_up_to(limits.BYTES, chunks))
    except (BodyTooLargeError, ProgrammeFileError):
        return 413, _OURS, b'{"title": "The file is too large", "status": 413}'
    except NotAllowedError:
        return 401, NO_STORE, b""
    return 201, [*NO_STORE, (b"content-type", b"text/plain")], name.encode()


def _keep_file(session: str, content: bytes) -> str:
    now = clock().now()
    with writing() as db:
        member = staff.session_member(db, session, now)
        if member is None or must_set_up(db, member):
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


def _must_set_up(headers: dict[bytes, bytes]) -> bool:
    """Whether whoever is signed in must set up a second factor before anything else."""
    with reading() as db:
        session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
        member = staff.session_member(db, session, clock().now())
        return member is not None and must_set_up(db, member)


def _is_live(session: str) -> bool:
    now = clock().now()
    with reading() as db:
        found = staff.live_session(db, session, now)
        marked = found.used_at if found else now
    if marked is None or abs(now - marked) >= _MARKED_EVERY:
        with suppress(SQLAlchemyError), writing() as db:  # to be seen is no reason to be kept out
            staff.mark_used(db, session, now)
    return found is not None
