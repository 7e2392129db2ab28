"""Reading never delays writing: who asks for a meeting is not behind who looks."""

import asyncio
import sys
from importlib import import_module
from pkgutil import iter_modules
from threading import Event

import httpx
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.testclient import TestClient

import copapp.api
from copapp.api import create_api
from copapp.database import reading
from copapp.threads import READERS, share_turns
from tests.askers import REQUESTS, new_request

LOOKS = 60


def test_post_is_answered_while_looks_block(line: TestClient) -> None:
    """500 phones that fetched slots made a delegate's request wait half a minute.

    Each look that blocks holds a connection to the database too: enough must be left.
    """
    looking: list[int] = []
    are_all, let_go = Event(), Event()
    api = create_api()

    def look() -> None:
        with reading() as db:
            db.connection().execute(text("SELECT 1"))
            looking.append(1)
            if len(looking) == READERS:
                are_all.set()
            let_go.wait(60)

    api.add_api_route("/api/v1/slow-look", look)

    async def post_beside_looks() -> tuple[int, int]:
        share_turns()
        carrier, asked = httpx.ASGITransport(api), new_request("Dana")
        async with httpx.AsyncClient(transport=carrier, base_url="http://cop.example") as client:
            looks = [asyncio.create_task(client.get("/api/v1/slow-look")) for _ in range(LOOKS)]
            assert await asyncio.to_thread(are_all.wait, 60)
            posted = await client.post(REQUESTS, json=asked.body, headers={"idempotency-key": asked.key})
            blocked = len(looking)
            let_go.set()
            await asyncio.gather(*looks)
            return posted.status_code, blocked

    assert line.portal is not None
    try:
        assert line.portal.call(post_beside_looks) == (201, READERS)
    finally:
        let_go.set()
    assert len(looking) == LOOKS


def test_a_crowd_does_not_keep_a_thread_from_its_turn(line: TestClient) -> None:
    """After each of its statements a request waited 5 ms while the loop answered 500 phones from memory."""
    before = sys.getswitchinterval()
    assert line.portal is not None
    try:
        line.portal.call(share_turns)
        assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(before)


def test_every_door_that_writes_has_threads_of_its_own() -> None:
    """One that was forgotten would wait behind whoever looks."""
    rooms = [import_module(f"copapp.api.{each.name}") for each in iter_modules(copapp.api.__path__)]
    doors = [each for room in rooms if hasattr(room, "router") for each in room.router.routes]

    writing = [each for each in doors if isinstance(each, APIRoute) and "GET" not in (each.methods or set())]
    writing = [each for each in writing if each.methods != {"HEAD"}]

    assert len(writing) == 7
    assert [each.path for each in writing if not hasattr(each.endpoint, "__wrapped__")] == []
