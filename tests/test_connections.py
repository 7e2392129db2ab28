"""Connections that do nothing, and bodies that never end, keep nobody out."""

import asyncio
import selectors
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.testclient import TestClient

from copapp.api import bodies, slow_bodies
from copapp.api.bodies import BodyCrowdedError, BodyTooSlowError, read_up_to
from copapp.api.slow_bodies import SlowBodies
from tests.browser.server import DelegateServer

TINY = Path(__file__).parent / "data" / "tiny"
MANY = 1500

KINDS = {
    "idle": b"",
    "a slow header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "a slow body": b"POST /api/v1/meeting-requests HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    "kept alive": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a slow reader": b"GET /api/v1/programme HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    served = DelegateServer(tmp_path_factory.mktemp("many"), {"COPAPP_CONFERENCE": str(TINY)})
    served.seed()
    served.start()
    yield served
    served.close()


@pytest.mark.parametrize("kind", KINDS)
def test_connections_that_do_nothing_keep_nobody_out(kind: str, server: DelegateServer) -> None:
    """1,024 of any kind stopped everything for as long as they liked."""
    with ExitStack() as held:
        for _ in range(MANY):
            line = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            line.sendall(KINDS[kind])

        with httpx.Client(base_url=server.url, timeout=30) as client:
            assert client.get("/").status_code == 200
            assert client.get("/readyz").status_code == 200
            assert client.post("/api/v1/meeting-requests", json={}).status_code in {400, 422}


def test_a_body_that_does_not_come_is_not_waited_for(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_SHORTEST_SECONDS", 0.01)

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(2_000):  # an end, so that whoever waits for it is seen
            yield b""
            await asyncio.sleep(0.001)

    assert line.portal is not None
    with pytest.raises(BodyTooSlowError):
        line.portal.call(read_up_to, 10, trickle())


def test_a_slow_body_is_told_so(line: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_SHORTEST_SECONDS", 0.01)
    told: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        told.append(message)

    path, headers = "/api/v1/meeting-requests", [(b"idempotency-key", b"12345678"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    assert line.portal is not None
    line.portal.call(line.app, scope, receive, send)

    assert told[0]["status"] == 408


def test_of_an_address_only_so_many_bodies_may_be_slow(server: DelegateServer) -> None:
    """What comes at once counts for nothing: a venue stands behind one address."""
    with ExitStack() as held, selectors.DefaultSelector() as answers:
        for _ in range(101):
            line = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            line.sendall(KINDS["a slow body"])
            answers.register(line, selectors.EVENT_READ)

        [(first, _), *_] = answers.select(timeout=60)
        said = cast("socket.socket", first.fileobj).recv(10_000)
        posted = httpx.post(f"{server.url}/api/v1/meeting-requests", json={})

    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in said
    assert b'"code":"crowded"' in said
    assert posted.status_code == 400


@pytest.mark.parametrize(
    ("addresses", "crowded"),
    [
        (["192.0.2.1"] * 3, 1),
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], 0),
        (["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::ffff:192.0.2.3"], 0),
        (["2001:db8::1", "2001:db8::2", "2001:db8::3"], 1),
        (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"], 0),
        (["", "", ""], 1),
    ],
)
def test_the_share_is_that_of_a_household(
    addresses: list[str], crowded: int, line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_bodies, "_PROMPT_SECONDS", 0)
    monkeypatch.setattr(slow_bodies, "_MOST_OF_AN_ADDRESS", 2)
    bodies_here = SlowBodies()

    async def receive_nothing() -> Any:
        await asyncio.Event().wait()

    async def wait_for_body(address: str) -> None:
        with bodies_here.shared(address, receive_nothing) as receive, suppress(asyncio.CancelledError):
            await receive()

    async def sent_away() -> int:
        waiting = [asyncio.create_task(wait_for_body(each)) for each in addresses]
        done, others = await asyncio.wait(waiting, timeout=0.1)
        for each in others:
            each.cancel()
        await asyncio.gather(*others)
        return sum(isinstance(each.exception(), BodyCrowdedError) for each in done)

    assert line.portal is not None
    assert line.portal.call(sent_away) == crowded
    assert line.portal.call(sent_away) == crowded, "whoever left has made room"


@pytest.mark.parametrize("address", ["/api/v1/programme.ics", "/api/v1/slots", "/api/v1/openapi.json"])
def test_a_slash_at_the_end_of_an_address_leads_nowhere_else(address: str, server: DelegateServer) -> None:
    """It led to whatever the Host header said."""
    answer = httpx.get(f"{server.url}{address}/", headers={"host": "elsewhere.example"})

    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    assert "elsewhere.example" not in answer.text


def test_an_api_address_that_is_none_is_not_kept(server: DelegateServer) -> None:
    answer = httpx.get(f"{server.url}/api/v1/nothing/")

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
