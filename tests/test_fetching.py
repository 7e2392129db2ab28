"""Fetching an address: what arrives, what is asked, whom we trust, and what the allow-list opens."""

import asyncio
import gzip
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from pydantic import ValidationError

from copapp.fetch_allow import FetchAllow, fetch_allow
from copapp.settings import Settings
from copapp.sources.addresses import PORTS, FetchError, Trouble, is_public, parsed
from copapp.sources.fetching import NO_MARKS, Fetched, Marks, _Unpacked, fetch, trusted
from tests.hostile_addresses import PUBLIC
from tests.hostile_server import TEXT, Front, Inside, front_and_inside

MOST = 1_000_000
MARKS = Marks('"one"', "Mon, 12 Feb 2024 04:00:00 GMT")


@pytest.fixture
def servers() -> Iterator[tuple[Front, Inside]]:
    with front_and_inside() as both:
        yield both


def fetched(front: Front, path: str, known: Marks = NO_MARKS) -> Fetched | None:
    address, ports = f"http://front.test:{front.port}/{path}", frozenset({front.port})
    return fetch(address, fetch_allow(PUBLIC), MOST, known, ports=ports, resolve=lambda _: [PUBLIC])


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("programme", MARKS),
        ("packed", NO_MARKS),
        ("to/%2Fprogramme", MARKS),
        ("to/..%2Fprogramme", MARKS),
    ],
)
def test_what_an_address_holds_arrives_with_its_marks(
    servers: tuple[Front, Inside], path: str, marks: Marks
) -> None:
    assert fetched(servers[0], path) == Fetched(TEXT, marks)


def test_the_host_is_looked_up_once_and_asked_by_its_name(servers: tuple[Front, Inside]) -> None:
    """The address that was checked is the one that is reached, whatever the name leads to a moment later."""
    front, inside = servers
    looks = [[PUBLIC], ["127.0.0.1"]]
    allowed, port = fetch_allow(PUBLIC), front.port

    found = fetch(
        f"http://Front.Test.:{port}/programme#top",
        allowed,
        MOST,
        ports=frozenset({port}),
        resolve=lambda host: looks.pop(0) if host == "front.test" else [],
    )

    assert found == Fetched(TEXT, MARKS)
    assert (looks, inside.reached) == ([["127.0.0.1"]], [])
    [head] = front.heads
    assert head.split("\r\n")[:2] == ["GET /programme HTTP/1.1", f"Host: front.test:{port}"]


def test_nothing_goes_on_from_hop_to_hop_nor_through_a_proxy(
    servers: tuple[Front, Inside], monkeypatch: pytest.MonkeyPatch
) -> None:
    front, inside = servers
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{inside.port}")

    fetched(front, "to/%2Fprogramme")

    assert inside.reached == []
    assert [head.partition(" HTTP")[0] for head in front.heads] == ["GET /to/%2Fprogramme", "GET /programme"]
    assert [head for head in front.heads if "cookie" in head.lower() or "referer" in head.lower()] == []


def test_marks_are_sent_back_and_the_same_again_is_nothing(servers: tuple[Front, Inside]) -> None:
    front, _ = servers

    assert fetched(front, "unasked-304", MARKS) is None
    sent = dict(line.split(": ", 1) for line in front.heads[0].split("\r\n")[1:] if line)
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (MARKS.etag, MARKS.last_modified)


def test_it_fetches_for_a_thread_that_runs_a_loop(servers: tuple[Front, Inside]) -> None:
    """A browser's driver leaves one running, and the tests that followed it in one process failed."""

    async def meanwhile() -> Fetched | None:
        return fetched(servers[0], "programme")

    with ThreadPoolExecutor(1) as pool:  # in this one a browser's loop may run already
        assert pool.submit(asyncio.run, meanwhile()).result() == Fetched(TEXT, MARKS)


def test_a_packed_answer_is_unpacked_no_further_than_the_limit() -> None:
    assert len(_Unpacked("gzip").more(gzip.compress(bytes(MOST)), 1_000)) == 1_000


@pytest.mark.parametrize("port", sorted(PORTS))
def test_usual_ports_may_be_asked(port: int) -> None:
    assert parsed(f"https://example.org:{port}/a?b#c", FetchAllow()).path == "/a"


@contextmanager
def secure(certificate: Path, location: str = "") -> Iterator[int]:
    """Serve with the certificate of localhost: what it holds, or the way to elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if location else 200)
            self.send_header("Location" if location else "X", location.replace("{port}", str(port)))
            self.send_header("Content-Length", str(len(TEXT)))
            self.end_headers()
            self.wfile.write(TEXT)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{certificate}.crt", certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a peer that does not trust us
        port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield port
        server.shutdown()
        thread.join()


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    trusted.cache_clear()
    yield
    trusted.cache_clear()


def securely(host: str, port: int, found: Sequence[str] = ("127.0.0.1",)) -> Fetched | None:
    address, allowed, ports = f"https://{host}:{port}/", fetch_allow("127.0.0.0/8"), frozenset({port})
    return fetch(address, allowed, MOST, ports=ports, resolve=lambda _: [*found])


def test_certificate_is_checked_for_the_name_not_the_address(certificate: Path, trusting: None) -> None:
    with secure(certificate) as port:
        assert securely("localhost", port) == Fetched(TEXT, NO_MARKS)
        with pytest.raises(FetchError) as refused:
            securely("other.test", port)

    assert refused.value.code is Trouble.CERTIFICATE


def test_another_address_of_the_host_is_tried_where_one_is_dead(certificate: Path, trusting: None) -> None:
    with secure(certificate) as port:
        assert securely("localhost", port, ["127.0.0.3", "127.0.0.1"]) == Fetched(TEXT, NO_MARKS)


def test_each_hop_needs_a_certificate_of_its_own_name(certificate: Path, trusting: None) -> None:
    """The same address and port under another name: a connection that is kept would lend it its trust."""
    with secure(certificate, "https://other.test:{port}/") as port, pytest.raises(FetchError) as refused:
        securely("localhost", port)

    assert refused.value.code is Trouble.CERTIFICATE


def test_a_certificate_of_nobody_is_refused(certificate: Path) -> None:
    with secure(certificate) as port, pytest.raises(FetchError) as refused:
        securely("localhost", port)

    assert refused.value.code is Trouble.CERTIFICATE


def test_nothing_leads_back_from_tls(certificate: Path, trusting: None) -> None:
    with secure(certificate, "http://localhost:{port}/") as port, pytest.raises(FetchError) as refused:
        securely("localhost", port)

    assert refused.value.code is Trouble.DOWNGRADE


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "223.255.255.255", "2606:4700::1111"],
)
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("text", "place", "opens"),
    [
        ("intranet.example.org", ("intranet.example.org", 80), True),
        ("Intranet.Example.org", ("intranet.example.org", 443), True),
        ("intranet.example.org:5000", ("intranet.example.org", 5000), True),
        ("intranet.example.org:5000", ("intranet.example.org", 80), False),
        ("intranet.example.org", ("other.example.org", 80), False),
        ("example.org", ("intranet.example.org", 80), False),
        ("[fd00::1]:8080, localhost", ("fd00::1", 8080), True),
        ("", ("localhost", 80), False),
    ],
)
def test_allow_list_opens_what_it_names(text: str, place: tuple[str, int], opens: bool) -> None:  # noqa: FBT001
    assert fetch_allow(text).names(*place) is opens


def test_allow_list_opens_networks() -> None:
    allowed = fetch_allow("10.1.2.0/24 192.168.0.7,fd00::/8")

    asked = ("10.1.2.255", "192.168.0.7", "fd00::1", "10.1.3.0", "192.168.0.8", "127.0.0.1")
    assert [allowed.holds(ip_address(each)) for each in asked] == [True, True, True, False, False, False]


@pytest.mark.parametrize("given", ["10.0.0.0/33", "a:b", "http://intranet", "a:65536", "a b/c", "10.0.0.1/8"])
def test_allow_list_that_says_nothing_is_refused(given: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(fetch_allow=given)

    assert "write hosts, host:port, networks" in str(refused.value)
