"""Takes the events of staff's pages: those that are listed, done one by one, and the socket heard meanwhile.

Reflex and Socket.IO have no settings for this: three of their steps are wrapped. Used by `staff_socket`.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from reflex_base import constants

from copapp.staff.guard import is_listed

_MOST_AT_ONCE = 20  # of one socket; the next is read when one of them is done


def take_events(app: Any) -> None:
    """Prepare a Reflex app, before it answers anybody."""
    _answer_when_done(app)
    _take_what_pages_send(app.sio, str(constants.Endpoint.EVENT))
    _listen_meanwhile(app.sio)


def _answer_when_done(app: Any) -> None:
    """Let the socket's acknowledgement of an event say that it is done, not that it has arrived."""
    namespace = app.event_namespace
    trigger = namespace.trigger_event

    async def trigger_event(event: str, *args: Any) -> Any:
        futures = app.event_processor._futures  # noqa: SLF001 - Reflex keeps them to itself
        before = next(reversed(futures), None)
        answer = await trigger(event, *args)
        # Nothing else ran since Reflex put the event into its queue: a new last future is its own.
        latest = next(reversed(futures), None)
        if event == "event" and latest not in {None, before}:
            await asyncio.wait({futures[latest]})
        return answer

    namespace.trigger_event = trigger_event


def _take_what_pages_send(sio: Any, namespace: str) -> None:
    """Let through what pages of ours send: one connection, events that are listed, what fails in them.

    Socket.IO would take a client's "connect" for its own; and Reflex never ends an event for which it finds
    no handler, so that whoever waits for it, and what is kept of it, stays for ever.
    """
    connect, handle = sio._handle_connect, sio._handle_event_internal  # noqa: SLF001 - nothing public is as early

    async def connect_once(eio_sid: str, to: str | None, auth: Any) -> None:
        if to != namespace or sio.manager.sid_from_eio_sid(eio_sid, namespace):
            return
        begins_with = _part(auth, constants.CompileVars.CONNECT_AUTH_EVENT)
        if begins_with is None or is_listed(_part(begins_with, "name")):
            await connect(eio_sid, to, auth)

    async def handle_listed(server: Any, sid: str, eio_sid: str, data: list[Any], *rest: Any) -> None:
        kind, given = (*data, None)[:2]
        if kind == "client_error" or (kind == "event" and is_listed(_part(given, "name"))):
            await handle(server, sid, eio_sid, data, *rest)

    sio._handle_connect = connect_once  # noqa: SLF001
    sio._handle_event_internal = handle_listed  # noqa: SLF001


def _part(sent: object, name: str) -> object:
    return sent.get(name) if isinstance(sent, dict) else None


def _listen_meanwhile(sio: Any) -> None:
    """Wait for an event in a task of its own: Socket.IO would read nothing else until it is done.

    A trial of a mail server may take 45 seconds: the page's answers to pings went unread, and the socket
    was ended as silent. Tasks start in the order in which they are made, and an event is in Reflex's queue
    before its task first waits: the order stays.
    """
    handle = sio._handle_event_internal  # noqa: SLF001 - the one place where it waits
    rooms: WeakKeyDictionary[Any, asyncio.Semaphore] = WeakKeyDictionary()
    tasks = set[asyncio.Task[None]]()

    async def handle_meanwhile(server: Any, sid: str, eio_sid: str, *event: Any) -> None:
        room = rooms.setdefault(server.eio.sockets[eio_sid], asyncio.Semaphore(_MOST_AT_ONCE))
        await room.acquire()

        def is_over(task: asyncio.Task[None]) -> None:
            room.release()
            tasks.discard(task)

        task = asyncio.create_task(handle(server, sid, eio_sid, *event))
        tasks.add(task)
        task.add_done_callback(is_over)

    sio._handle_event_internal = handle_meanwhile  # noqa: SLF001
