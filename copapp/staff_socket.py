"""Reflex's own part of the app: the staff's socket, behind a door of its own. Used by `asgi.py`.

A guard on events does not stop what Reflex pushes, so a socket without a live session is refused, and one
whose session ends goes dark and is closed. Clients name their state by a token of their choice: ours mixes
in the session, so that nobody can name another's.
"""

import asyncio
import logging
import os
import shutil
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlencode

import reflex as rx
from redis.exceptions import RedisError
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State, StateUpdate
from reflex_base import constants
from reflex_base.environment import environment
from reflex_base.event import Event
from sqlalchemy.exc import SQLAlchemyError

from copapp.clock import clock
from copapp.database import reading
from copapp.interop.venue_file import MOST_BYTES
from copapp.logs import Repeats, fault
from copapp.offline.site import WEB
from copapp.redis_server import redis_trouble
from copapp.services.queries import inbox_version
from copapp.services.staff import coordinators_sessions, live_sessions
from copapp.settings import settings
from copapp.staff.faults import hush_reflex
from copapp.staff.guard import OPEN
from copapp.staff.pages import REFRESHES
from copapp.staff.session import HEADER
from copapp.staff_events import take_events

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

logger = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 0.5
_REFRESH_EVERY_SECONDS, _REFRESHES_AT_ONCE = 2.0, 5  # on average, and of changes here and there
_STATE_WITHIN_SECONDS = 0.3
_SENT_WITHIN_SECONDS = 0.05  # what was said last is on its way by then
_MOST_SOCKETS, _MOST_OF_A_SESSION = 200, 20
_LARGEST_MESSAGE = 2 * MOST_BYTES  # a plan, with its quotes escaped
_REFUSED = 1008
_LOOKS_THAT_MAY_FAIL = 3
# A connection that is open on one side only is noticed within the sum.
_HEARTBEAT, _HEARTBEAT_LATE = timedelta(seconds=10), timedelta(seconds=10)
# What the handshake needs; cookies, and whatever else a client sends, stay outside.
_PASSED_ON = {b"host", b"connection", b"upgrade", b"user-agent"}
# What announces attachments (Socket.IO's packets 5 and 6) or is one in letters: our pages send text alone.
_ATTACHING = ("45", "46", "b")


@dataclass(eq=False)
class _Connection:
    """One open socket; once ended, nothing goes through it either way."""

    session: str
    receive_real: Receive
    send_real: Send
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> Message:
        """Wait for the next message; a closed connection, as Reflex sees it, once it is ended."""
        reading_on, ending = (
            asyncio.ensure_future(self.receive_real()),
            asyncio.ensure_future(self.ended.wait()),
        )
        try:
            await asyncio.wait({reading_on, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not self.ended.is_set() and _attaches(reading_on.result()):
                await self.end()
            if self.ended.is_set():
                return {"type": "websocket.disconnect", "code": _REFUSED}
            return reading_on.result()
        finally:
            reading_on.cancel()
            ending.cancel()

    async def send(self, message: Message) -> None:
        """Send, unless it is ended."""
        if not self.ended.is_set():
            await self.send_real(message)

    async def end(self) -> None:
        """Close it."""
        if not self.ended.is_set():
            self.ended.set()
            with suppress(Exception):  # the other end may have gone first
                await self.send_real({"type": "websocket.close", "code": _REFUSED})


class StaffSocket:
    """The sockets of one worker process, and the watch over them."""

    def __init__(self) -> None:
        # Where the app stands need not be writable: Reflex works in a folder of its own.
        self._scratch = TemporaryDirectory(prefix="copapp-")
        _bring_notes(Path(self._scratch.name))
        _prepare_reflex(Path(self._scratch.name))
        from copapp.copapp import app  # noqa: PLC0415 - the app reads its environment when it is made

        hush_reflex()
        self._app: Any = app
        self._reflex: Any = app()
        self._open: set[_Connection] = set()
        self._version, self._coordinating = "", set[str]()
        self._to_refresh = set[str]()  # the tokens of pages that have not yet been asked to read what changed
        self._told_at: deque[float] = deque(maxlen=_REFRESHES_AT_ONCE)
        self._failed_looks = 0
        self.refusals = Repeats("Staff's socket")
        take_events(app)
        self._nudged = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run Reflex's own tasks, and the watch."""
        asyncio.get_running_loop().set_exception_handler(_note_stray)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._reflex.router.lifespan_context(self._reflex))
            watch = asyncio.create_task(self._watch())
            try:
                yield
            finally:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
                self._scratch.cleanup()  # a worker that granian forked ends without Python's own tidying

    async def answer(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket with a live session in."""
        connection = _Connection(session, receive, send)
        self._open.add(connection)
        try:
            await self._reflex(_closed_scope(scope, session), connection.receive, connection.send)
        finally:
            self._open.discard(connection)

    def has_its_share(self, session: str) -> bool:
        """Whether a session has as many sockets open as one may: no browser can keep the others out."""
        return sum(each.session == session for each in self._open) >= _MOST_OF_A_SESSION

    async def refusal(self, session: str) -> tuple[str, str] | None:
        """Say why it can open none now: its share, or what staff ever have, is open, or there is no Redis."""
        if trouble := await asyncio.to_thread(redis_trouble):
            return "redis", f"refused. {trouble}"
        # Counted last: whoever is let in stands among the open ones before another one is asked for.
        if self.has_its_share(session):
            return "share", f"refused, one session has {_MOST_OF_A_SESSION} open"
        if len(self._open) >= _MOST_SOCKETS:
            return "full", f"refused, {_MOST_SOCKETS} are open"
        return None

    def look_soon(self) -> None:
        """Let the watch look at once: somebody may just have signed out."""
        self._nudged.set()

    async def _watch(self) -> None:
        """Look, while a socket is open, whose session has ended, and whether anything has changed."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _LOOK_EVERY_SECONDS)
            self._nudged.clear()
            if not self._open:
                continue
            try:
                await self._look()
                self._failed_looks = 0
            except (SQLAlchemyError, OSError, RedisError) as error:
                await self._note_failed_look(error)
            except Exception:
                logger.exception("The watch over staff's sockets failed and goes on")

    async def _note_failed_look(self, error: Exception) -> None:
        """Cut the pages off where neither what has changed nor whose session has ended can be known."""
        self._failed_looks += 1
        self._version = ""  # not every page may have been asked to read what changed
        self.refusals.note("look", f"the watch could not look ({type(error).__name__})")
        if self._failed_looks >= _LOOKS_THAT_MAY_FAIL:
            await asyncio.gather(*(each.end() for each in set(self._open)))

    async def _look(self) -> None:
        if trouble := await asyncio.to_thread(redis_trouble):
            raise RedisError(trouble)
        looked_at = set(self._open)  # others may come in meanwhile, of whom nothing is known yet
        live, coordinating, version = await asyncio.to_thread(_look, {each.session for each in looked_at})
        if over := [each for each in looked_at & self._open if each.session not in live]:
            await self._close(over)
        late = [each for each in (self._coordinating & live) - coordinating if not await self._narrow(each)]
        self._coordinating = coordinating | set(late)
        if version != self._version and self._may_refresh():
            self._version = version
            self._told_at.append(time.monotonic())
            self._to_refresh = {token for _, token in self._pages()}
        await self._refresh_pages()

    def _may_refresh(self) -> bool:
        """Whether the latest refreshes are long enough ago: in a flood each costs, here and on the phone."""
        is_first = len(self._told_at) < _REFRESHES_AT_ONCE
        return is_first or time.monotonic() >= self._told_at[0] + _REFRESHES_AT_ONCE * _REFRESH_EVERY_SECONDS

    async def _close(self, over: list[_Connection]) -> None:
        dark = (self._darken(each) for each in {each.session for each in over})
        await asyncio.gather(*dark, return_exceptions=True)  # whatever fails, the sockets are closed
        await asyncio.sleep(_SENT_WITHIN_SECONDS)
        await asyncio.gather(*(each.end() for each in over))

    def _pages(self) -> list[tuple[str, str]]:
        """List the connected pages: their session and their state's token."""
        namespace, sio = self._app.event_namespace, self._app.sio
        found = [
            ((sio.get_environ(sid, namespace.namespace) or {}).get(_AS_WSGI, ""), token)
            for sid, token in list(namespace.sid_to_token.items())
        ]
        return [(session, token) for session, token in found if session]

    async def _darken(self, session: str) -> None:
        """Take everything off the pages of a session that has ended, and lead them to the sign-in."""
        leave = Event.from_event_type(rx.redirect("/admin/sign-in", replace=True))
        for _, token in [each for each in self._pages() if each[0] == session]:
            with suppress(TimeoutError):  # a handler may hold the state; the way out does not wait for it
                async with asyncio.timeout(_STATE_WITHIN_SECONDS):
                    await self._forget(token)
            await self._app.event_namespace.emit_update(StateUpdate(events=leave), token)

    async def _narrow(self, session: str) -> bool:
        """Empty the pages of whoever coordinates no longer and read them anew; False where one is held."""
        try:
            async with asyncio.timeout(_STATE_WITHIN_SECONDS):
                for _, token in [each for each in self._pages() if each[0] == session]:
                    came_from = await self._forget(token)
                    event = Event(name=OPEN, payload={}, router_data=came_from)
                    with self._app.set_contexts():
                        await self._app.event_processor.enqueue(token, event)
        except TimeoutError:
            return False
        return True

    async def _forget(self, token: str) -> dict[str, Any]:
        """Empty a page's state, here and in the browser; gives where the page stands."""
        async with self._app.modify_state(BaseStateToken(ident=token, cls=State)) as state:
            came_from = dict(state.router_data)
            state.reset()
        return came_from

    async def _refresh_pages(self) -> None:
        """Ask pages to read what changed; one whose handler holds its state now is asked at the next look."""
        tokens = list(self._to_refresh & {token for _, token in self._pages()})
        outcomes = await asyncio.gather(*(self._refresh(each) for each in tokens), return_exceptions=True)
        paired = list(zip(tokens, outcomes, strict=True))
        self._to_refresh = {token for token, outcome in paired if isinstance(outcome, TimeoutError)}
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, TimeoutError):
                raise outcome

    async def _refresh(self, token: str) -> None:
        """Ask a page to read anew, as if its browser had: the guard looks at this event too."""
        with self._app.set_contexts():
            async with asyncio.timeout(_STATE_WITHIN_SECONDS):
                async with self._app.modify_state(BaseStateToken(ident=token, cls=State)) as state:
                    came_from = dict(state.router_data)
            # Without an address it is about to read for the first time.
            for name in REFRESHES.get(came_from.get("pathname", "").rstrip("/"), ()):
                event = Event(name=name, payload={}, router_data=came_from)
                await self._app.event_processor.enqueue(token, event)


def _note_stray(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log in one line what a task of Reflex's ended with; each fills pages with it when Redis goes."""
    error = context.get("exception")
    logger.error("A task of the staff's socket failed: %s", fault(error) if error else context["message"])


_AS_WSGI = f"HTTP_{HEADER.upper().replace('-', '_')}"


def _attaches(message: Message) -> bool:
    return message.get("bytes") is not None or (message.get("text") or "").startswith(_ATTACHING)


def _look(sessions: set[str]) -> tuple[set[str], set[str], str]:
    with reading() as db:
        live = live_sessions(db, sessions, clock().now())
        return live, coordinators_sessions(db, live), inbox_version(db)


def _closed_scope(scope: Scope, session: str) -> Scope:
    """Give what Reflex sees of a connection: no cookie, the session, a token that only this session has."""
    passed = [
        (name, value)
        for name, value in scope["headers"]
        if name in _PASSED_ON or name.startswith(b"sec-websocket-")
    ]
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    chosen = asked.get("token", [""])[0]
    asked["token"] = [sha256(f"{session} {chosen}".encode()).hexdigest()[:32]]
    query = urlencode(asked, doseq=True).encode()
    return {**scope, "headers": [*passed, (HEADER.encode(), session.encode())], "query_string": query}


def _bring_notes(scratch: Path) -> None:
    """Copy what Reflex's build noted for workers.

    Without it each makes every page again when it starts, only to see which of them has a state.
    """
    with suppress(OSError):  # a build may be writing them: then this start takes longer
        (scratch / constants.Dirs.BACKEND).mkdir()
        for note in (WEB / constants.Dirs.BACKEND).glob("*.json"):
            shutil.copyfile(note, scratch / constants.Dirs.BACKEND / note.name)


def _prepare_reflex(scratch: Path) -> None:
    """Set Reflex's environment: no compiling, no asking outside, no state on disk."""
    redis = settings().redis_url
    environment.REFLEX_SKIP_COMPILE.set(value=True)
    environment.REFLEX_WEB_WORKDIR.set(scratch)
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SOCKET_INTERVAL.set(_HEARTBEAT)
    environment.REFLEX_SOCKET_TIMEOUT.set(_HEARTBEAT_LATE)
    environment.REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE.set(_LARGEST_MESSAGE)
    os.environ |= {
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_STATE_MANAGER_MODE": "redis" if redis else "memory",
    } | ({"REFLEX_REDIS_URL": redis} if redis else {})
