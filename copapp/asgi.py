"""The front door, which `copapp serve` runs: pages from memory, the API behind, security headers on all.

Staff's pages and socket are behind doors of their own (`staff_doors`, `staff_socket`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, quote_from_bytes, unquote

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from copapp.api import create_api
from copapp.api.links import KnownLinks
from copapp.api.programme import programme_response
from copapp.api.slots import slots_at_hand
from copapp.api.slow_bodies import SlowBodies
from copapp.api.stored import stored
from copapp.chores import CHORES, Chore, do_chores
from copapp.database_trouble import AWAY, note_trouble
from copapp.domain.address import written_as_ours
from copapp.editions import current_edition
from copapp.i18n import LANGUAGES, catalogue
from copapp.logs import fault, mask_logs, quoted
from copapp.negotiation import language_of
from copapp.offline.shelf import Headers, Shelf
from copapp.offline.site import FALLBACK, PAGES, SCRIPTS, STAFF_PAGES, Edition, SiteNotDrawnError, open_site
from copapp.settings import settings
from copapp.staff.session import session_of
from copapp.staff_doors import SESSION, StaffDoors, has_live_session, has_our_origin
from copapp.staff_socket import StaffSocket
from copapp.staff_states import sweep_states
from copapp.this_request import begin_request, count_from_now, end_request, request_id
from copapp.threads import share_turns

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 1.0
_SWEEP_EVERY_SECONDS = 20.0
_THREADS = 16
_REQUEST = "/meet/"
_MAP, _ROOMS_OF_A_WAY = "/map/", 2
_API = ("/api/", "/changes.atom", "/healthz", "/readyz", "/.well-known/security.txt")
_SAFE = {"GET", "HEAD"}
_OF_A_QUERY = "!$&'()*+,;=:@/?%-._~"
_STAFF, _SOCKET = "/admin", "/_event"

_SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# These rule documents and workers: on each of a page's parts, kept for a year by their hash, they only weigh.
_OF_DOCUMENTS: Headers = [
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
_NOT_KEPT: Headers = [(b"cache-control", b"no-store")]
_NOT_FOR_SEARCH: Headers = [(b"x-robots-tag", b"noindex")]
_NO_CONTENT_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")

# Stands in for the worker where it must go: forgets all that was kept for offline use, then itself.
# An old worker that is busy holds it back: it says so, and the page does the same (store/worker.js).
_KILL_SWITCH = b"""self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("message", (event) => event.ports[0]?.postMessage("off"));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


class FrontDoor:
    """The ASGI application of one worker process."""

    def __init__(self, socket: StaffSocket) -> None:
        self._api: App = create_api({"site": self._site_trouble})
        self._staff, self._socket = StaffDoors(), socket
        self._slow_bodies = SlowBodies()
        edition = current_edition()
        self._take_in(edition, open_site(edition, settings().sites))
        stored()  # held from now on, wherever the database goes
        self._security = _security_headers()
        self._misses_address = settings().public_url_assumed
        self._links = KnownLinks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection: lifespan, HTTP, or a websocket, of which delegates have none."""
        self._miss_address(scope)
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        begin_request()
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["method"] in _SAFE:
            await self._answer_whatever_happens(scope, receive, send)
        else:
            with self._slow_bodies.shared(_address(scope), receive) as shared:
                await self._answer_whatever_happens(scope, _as_it_comes(shared), send)

    def _miss_address(self, scope: Scope) -> None:
        """Say once that people come by HTTPS, and nobody has told the app its address."""
        if self._misses_address and scope.get("scheme") in {"https", "wss"}:
            self._misses_address = False
            logger.warning(
                "People reach the app by HTTPS, but COPAPP_PUBLIC_URL is not set: cookies and links are made "
                "for HTTP, and mail and posters carry no link. Set it to the address that people see."
            )

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let signed-in staff's own pages open a socket, and nobody else."""
        headers = _headers(scope)
        session = _session(headers)
        refusal = await self._refusal(scope["path"], headers, session)
        end_request()  # each event of the socket begins one of its own
        if refusal:
            self._socket.refusals.note(*refusal)
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._socket.answer(session, scope, receive, send)

    async def _refusal(self, path: str, headers: dict[bytes, bytes], session: str) -> tuple[str, str] | None:
        """Say why a socket is refused: the kind, and the words for whoever runs the machine."""
        if path.rstrip("/") != _SOCKET:
            return "path", "refused at an address that has none"
        if not has_our_origin(headers):
            came, ours = quoted(headers.get(b"origin", b"")), settings().public_url or "that of Host"
            host = quoted(headers.get(b"host", b""))
            return "origin", f"refused, its Origin is {came} instead of {ours} (Host is {host})"
        try:
            if not await has_live_session(headers):
                return "session", "refused without a live session"
        except SQLAlchemyError:
            return "database", "refused, the database does not answer"
        return await self._socket.refusal(session)

    async def _answer_whatever_happens(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a fault of ours is told in words, and logged by where it is, without what was asked."""
        progress = _Progress(send)
        try:
            await self._answer(scope, receive, progress.send)
        except Exception as error:
            logger.error("A door failed: %s", fault(error))  # noqa: TRY400 - its own text may quote what people wrote
            if not progress.has_begun:
                await self._send(send, *_fault_in_words(_headers(scope)), method=scope["method"])
            elif not progress.is_whole:
                raise

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path.rstrip("/") == _SOCKET:
            self._socket.refusals.note("upgrade", "asked for without Upgrade, which the proxy must pass on")
        if path == "/api/v1/programme" and method in _SAFE:
            wanted = dict(scope["headers"])
            answer = programme_response(
                wanted.get(b"accept-encoding", b""), wanted.get(b"if-none-match", b"")
            )
            await self._send(send, *answer, method=method)
        elif path == "/api/v1/slots" and method in _SAFE and (held := _slots(scope)):
            await self._send(send, *held, method=method)
        elif path.startswith(_API):
            await self._api(scope, receive, self._with_security(send))
        elif path == _STAFF or path.startswith(f"{_STAFF}/"):
            await self._send(send, *await self._admit(scope, receive), method=method)
        elif path.startswith(_REQUEST) and method in _SAFE:
            await self._send(send, *await self._show_request(path, scope), method=method)
        elif method not in _SAFE:
            await self._send(send, 405, [(b"allow", b"GET, HEAD")], b"", method=method)
        elif meant := self._meant(path):
            await self._send(send, *_lead_to(meant, scope["query_string"], path), method=method)
        else:
            await self._send(send, *self._page(path, dict(scope["headers"])), method=method)

    async def _admit(self, scope: Scope, receive: Receive) -> tuple[int, Headers, bytes]:
        try:
            status, headers, body = await self._let_in(scope, receive)
        except AWAY as error:
            note_trouble("staff's doors", error)
            status, headers, body = self._staff.cannot(
                scope["path"], scope["method"], _headers(scope), self._shelf
            )
        return status, [*headers, *_NOT_FOR_SEARCH], body

    async def _let_in(self, scope: Scope, receive: Receive) -> tuple[int, Headers, bytes]:
        path, headers = scope["path"], _headers(scope)
        query = scope["query_string"].decode("latin-1")
        if scope["method"] in _SAFE:
            if path == SESSION and self._socket.has_its_share(_session(headers)):
                return 409, [(b"cache-control", b"no-store")], b""
            return await self._staff.show(path.rstrip("/"), query, headers, self._shelf)
        if scope["method"] != "POST":
            return 405, [(b"allow", b"GET, HEAD, POST")], b""
        try:
            answer = await self._staff.act(path, query, headers, _address(scope), receive)
        except ClientDisconnect:  # half a form is no form, and nobody is left to be told
            return 400, [], b""
        self._socket.look_soon()
        return answer

    async def _show_request(self, path: str, scope: Scope) -> tuple[int, Headers, bytes]:
        """Answer with the shell, which asks for the request itself; an unknown token is not found."""
        meant = written_as_ours(path)
        is_known = await self._links.leads_somewhere(meant.removeprefix(_REQUEST))
        if meant != path and (is_known or self._is_there(meant)):
            return _lead_to(meant, scope["query_string"])
        status = 200 if is_known else 404
        _, headers, body = self._show_shell(status, dict(scope["headers"]).get(b"accept-encoding", b""))
        kept = [each for each in headers if each[0] != b"cache-control"]
        return status, [*kept, *_NOT_FOR_SEARCH, (b"cache-control", b"no-store")], body

    def _show_shell(self, status: int, accepts: bytes) -> tuple[int, Headers, bytes]:
        """Answer with the page that draws any address itself, and says of an unknown one that it is."""
        _, headers, body = self._shelf.lost.answer(accepts, b"")
        return status, [each for each in headers if each[0] != b"etag"], body

    def _meant(self, path: str) -> str:
        """Give the page that was meant by an address which leads nowhere as it is written; "" for none.

        A chat takes the sentence's stop along, a phone capitalises, somebody retypes.
        """
        if self._is_there(path):
            return ""
        meant = written_as_ours(path)
        return meant if self._is_there(meant) else ""

    def _is_there(self, path: str) -> bool:
        return self._shelf.find(path) is not None or self._is_on_the_map(path)

    def _is_on_the_map(self, path: str) -> bool:
        """Whether an address names a room, or two: there are too many ways between rooms to draw each."""
        rooms = path.removeprefix(_MAP).split("/")
        return path.startswith(_MAP) and len(rooms) <= _ROOMS_OF_A_WAY and self._rooms.issuperset(rooms)

    def _page(self, path: str, wanted: dict[bytes, bytes]) -> tuple[int, Headers, bytes]:
        if path == "/sw.js" and settings().worker == "off":
            return 200, [(b"content-type", b"text/javascript"), (b"cache-control", b"no-store")], _KILL_SWITCH
        accepts, known = wanted.get(b"accept-encoding", b""), wanted.get(b"if-none-match", b"")
        if leaf := self._shelf.find(path):
            return leaf.answer(accepts, known)
        return self._show_shell(200 if self._is_on_the_map(path) else 404, accepts)

    async def _send(self, send: Send, status: int, headers: Headers, body: bytes, *, method: str) -> None:
        length = [(b"content-length", str(len(body)).encode())] if status != HTTPStatus.NOT_MODIFIED else []
        start = {"type": "http.response.start", "status": status}
        await send(start | {"headers": [*_completed(status, headers), *self._security, *length]})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})

    def _with_security(self, send: Send) -> Send:
        async def secured(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = _completed(message["status"], message["headers"])
                message = {**message, "headers": [*headers, *_NOT_FOR_SEARCH, *self._security]}
            await send(message)

        return secured

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        share_turns()
        # As few as there are by default have staff wait for those who wait.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "door"))
        async with AsyncExitStack() as running:
            await running.enter_async_context(self._socket.running())
            pages = Chore("pages", _LOOK_EVERY_SECONDS, self._renew)
            states = Chore("states", _SWEEP_EVERY_SECONDS, sweep_states)
            chores = asyncio.create_task(do_chores(*CHORES, pages, states))
            await send({"type": "lifespan.startup.complete"})
            await receive()
            chores.cancel()
            await asyncio.gather(chores, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    def _site_trouble(self) -> str:
        """Say what the drawn site lacks; "" when it is whole."""
        missing = self._missing
        return f"The drawn site lacks {len(missing)} files, such as {missing[0]}." if missing else ""

    def _renew(self) -> None:
        """Draw the pages anew when a release was made, by whichever process; the old serve until then."""
        edition = current_edition()
        if edition == self._edition:
            return
        try:
            self._take_in(edition, open_site(edition, settings().sites))
        except SiteNotDrawnError:
            logger.exception("The pages could not be drawn anew; the earlier ones stay")
            raise

    def _take_in(self, edition: Edition, shelf: Shelf) -> None:
        self._edition, self._shelf, self._rooms = edition, shelf, edition.rooms()
        self._missing = shelf.missing([*PAGES.values(), *STAFF_PAGES.values(), FALLBACK, SCRIPTS])


class _Progress:
    """How far an answer has gone out."""

    def __init__(self, send: Send) -> None:
        self._send, self.has_begun, self.is_whole = send, False, False

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.has_begun = True
        await self._send(message)
        self.is_whole = message["type"] == "http.response.body" and not message.get("more_body")


def _as_it_comes(receive: Receive) -> Receive:
    """Hand on what is sent, and note when all of it has come."""

    async def received() -> MutableMapping[str, Any]:
        message = await receive()
        if not message.get("more_body"):
            count_from_now()
        return message

    return received


def _fault_in_words(headers: dict[bytes, bytes]) -> tuple[int, Headers, bytes]:
    language = language_of(headers.get(b"accept-language", b"").decode("latin-1"), tuple(LANGUAGES))
    words = str(catalogue(language, "staff")["door.fault"]).format(request=request_id())
    kind = (b"content-type", b"text/plain; charset=utf-8")
    return 500, [kind, (b"cache-control", b"no-store")], words.encode()


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Give the headers by name; cookies may come in several (RFC 9113, 8.2.3)."""
    crumbs = [value for name, value in scope["headers"] if name == b"cookie"]
    return dict(scope["headers"]) | ({b"cookie": b"; ".join(crumbs)} if crumbs else {})


def _slots(scope: Scope) -> tuple[int, Headers, bytes] | None:
    wanted = dict(scope["headers"])
    held = slots_at_hand(wanted.get(b"accept-encoding", b""), wanted.get(b"if-none-match", b""))
    return (held[0], [*held[1], *_NOT_FOR_SEARCH], held[2]) if held else None


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _session(headers: dict[bytes, bytes]) -> str:
    return session_of(headers.get(b"cookie", b"").decode("latin-1"))


def _lead_to(path: str, query: bytes, was: str = "") -> tuple[int, Headers, bytes]:
    """Answer with another address of ours; what the old one asked goes along, and what was behind its %23."""
    asked = b"?" + quote_from_bytes(query, safe=_OF_A_QUERY).encode() if query else b""
    carried = unquote(was).partition("#")[2]
    behind = f"#{quote(carried, errors='replace')}".encode() if carried else b""
    return 302, [(b"location", path.encode() + asked + behind), (b"cache-control", b"no-store")], b""


def _completed(status: int, headers: Headers) -> Headers:
    """Add what every answer says; an error names its request, and holds for nobody's later one."""
    named = dict(headers)
    policy = [] if b"content-security-policy" in named else [_NO_CONTENT_POLICY]
    is_part = b"immutable" in named.get(b"cache-control", b"")
    added = [*policy, *([] if is_part else _OF_DOCUMENTS)]
    if status >= HTTPStatus.BAD_REQUEST:
        added.append((b"x-request-id", request_id().encode()))
        added += [] if b"cache-control" in named else _NOT_KEPT
    return [*headers, *added]


def _security_headers() -> Headers:
    secure = settings().public_url.startswith("https://")
    lasting = [(b"strict-transport-security", b"max-age=31536000; includeSubDomains")]
    return [*_SECURITY, *(lasting if secure else [])]


def create() -> App:
    """Make the application of one worker; `copapp serve` names this factory to granian.

    A trusted proxy says whom it speaks for; anybody else's X-Forwarded-For is not believed.
    """
    mask_logs()
    door: App = wrap_asgi_with_proxy_headers(FrontDoor(StaffSocket()), settings().proxies)
    return door
