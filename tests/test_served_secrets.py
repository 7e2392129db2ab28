"""What a served app keeps to itself: it comes by TLS alone, is kept nowhere, and stands in no log."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websocket

from tests.askers import REQUESTS, ask, new_request
from tests.browser.server import DelegateServer
from tests.raw_socket import RawSocket

TOKEN = "5q37jjw6ild2l4mzc3e7fx4bgorlblsn"
ADDRESS = "dana@ministry.example"
OURS = "https://cop.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    """An app that people reach by HTTPS, as they are told in its address."""
    made = DelegateServer(tmp_path_factory.mktemp("secrets"), {"COPAPP_PUBLIC_URL": OURS})
    made.seed()
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def token(server: DelegateServer) -> str:
    """The link of a request that is there."""
    with httpx.Client(base_url=server.url) as line:
        made: str = ask(line, new_request("Dana")).raise_for_status().json()["token"]
    return made


EVERYWHERE = ["/", "/nowhere", "/sw.js", "/saved/", "/admin", "/admin/sign-in", "/api/v1/programme"]
EVERYWHERE += ["/api/v1/nothing", "/healthz", f"/meet/{TOKEN}"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_browsers_are_told_to_come_by_https_alone(path: str, server: DelegateServer) -> None:
    answer = httpx.get(server.url + path)

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_where_the_address_is_plain_http_nobody_is_locked_out_by_that_promise(tmp_path: Path) -> None:
    plain = DelegateServer(tmp_path, {})
    plain.seed()
    plain.start()

    try:
        assert "strict-transport-security" not in httpx.get(plain.url).headers
    finally:
        plain.close()


def test_the_page_of_a_request_is_kept_nowhere(server: DelegateServer, token: str) -> None:
    answer = httpx.get(f"{server.url}/meet/{token}")

    assert answer.status_code == 200
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert "etag" not in answer.headers


@pytest.mark.parametrize("end", ["", ".ics"])
def test_what_a_request_says_is_kept_nowhere(end: str, server: DelegateServer, token: str) -> None:
    answer = httpx.get(f"{server.url}{REQUESTS}/{token}{end}")

    assert answer.status_code == (404 if end else 200), "no meeting is agreed yet"
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_what_became_of_a_request_is_kept_nowhere(server: DelegateServer, token: str) -> None:
    answer = httpx.post(f"{server.url}{REQUESTS}/{token}/cancel")

    assert answer.status_code == 200
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_a_served_log_masks_links_and_addresses(server: DelegateServer) -> None:
    """What masks was never called, and no test saw it: this line comes from a running worker."""
    with pytest.raises(websocket.WebSocketBadStatusException):
        RawSocket(server, origin=f"https://{ADDRESS}/meet/{TOKEN}")

    log = server.log.read_text()
    assert "its Origin is 'https://…@…/meet/…'" in log
    assert TOKEN not in log
    assert ADDRESS not in log
