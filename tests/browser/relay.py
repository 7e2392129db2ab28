"""A network between a browser and a copy of the app: it can turn into a captive portal, or go away."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx

LOGIN = "VENUE WIFI LOGIN"
_PAGE = f"<!doctype html><title>{LOGIN}</title><h1>{LOGIN}</h1>".encode()
# Long enough to be still there when the portal has gone.
_LASTING = ("cache-control", "public, max-age=31536000")
_HTML = ("content-type", "text/html; charset=utf-8")
_EARLIER_WORKER = Path(__file__).with_name("earlier_worker.js")

Answer = tuple[int, list[tuple[str, str]], bytes]


def _of_its_type(real: Answer) -> Answer:
    """Answer with a script, a style sheet or data of the portal's own."""
    kind = dict(real[1]).get("content-type", "text/plain")
    body = b"{}" if "json" in kind else b"/* the portal's */" if "css" in kind else b"self.portal = true;"
    return 200, [("content-type", kind), ("etag", '"5f3e-61b"'), _LASTING], body


def _longer(body: bytes) -> tuple[str, str]:
    return "content-length", str(len(body) + 1)


# What portals, filters and broken proxies put in the place of an answer. None resets the connection.
PORTALS: dict[str, Callable[[Answer], Answer | None]] = {
    "a login page": lambda _: (200, [_HTML, _LASTING], _PAGE),
    "nothing": lambda real: (200, [*real[1], _LASTING], b""),
    "an answer that breaks off": lambda real: (
        200,
        [*real[1], _longer(real[2])],
        real[2][: len(real[2]) // 2],
    ),
    "the first half": lambda real: (200, [*real[1], _LASTING], real[2][: len(real[2]) // 2]),
    "its own of the same type": _of_its_type,
    "a way to its login": lambda _: (302, [("location", "/portal-login"), _LASTING], b""),
    "a demand to sign in": lambda _: (511, [_HTML], _PAGE),
    "a reset": lambda _: None,
}


class _Asker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    relay: "Relay"

    def do_GET(self) -> None:
        self.relay.answer(self)

    def do_HEAD(self) -> None:
        self.relay.answer(self)

    def do_POST(self) -> None:
        self.relay.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Relay:
    """An address before a running copy; `portal` says of each request which portal answers it ("": none)."""

    def __init__(self, copy: str) -> None:
        self.portal: Callable[[str, bool], str] = lambda _path, _by_worker: ""
        self.worker: Callable[[str], str] = str  # what stands at /sw.js, made of the copy's own
        self.is_cached = True  # whether a browser may hold what the copy itself answered
        self.asked: list[tuple[str, bool]] = []
        self._upstream = httpx.Client(base_url=copy, timeout=60)
        asker = type("Asker", (_Asker,), {"relay": self})
        self._house = ThreadingHTTPServer(("127.0.0.1", 0), asker)
        self._house.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._house.server_address[1]}"

    def answer(self, asker: BaseHTTPRequestHandler) -> None:
        """Pass a request on, or let the portal answer."""
        path = urlsplit(asker.path).path
        by_worker = urlsplit(asker.headers.get("referer", "")).path == "/sw.js" != path
        self.asked.append((path, by_worker))
        kind = self.portal(path, by_worker)
        if path == "/portal-login":
            given: Answer | None = PORTALS["a login page"]((200, [], b""))
        else:
            given = self._fetch(asker)
            if kind and given:
                given = PORTALS[kind](given)
        with suppress(ConnectionError):
            _write(asker, given)

    def asked_by_the_worker(self) -> list[str]:
        """List the addresses that the worker has asked for."""
        return [path for path, by_worker in self.asked if by_worker]

    def _fetch(self, asker: BaseHTTPRequestHandler) -> Answer:
        if self.worker is not str and asker.path == "/sw.js":
            script = self.worker(self._upstream.get("/sw.js").text)
            return 200, [("content-type", "text/javascript"), ("cache-control", "no-cache")], script.encode()
        length = int(asker.headers.get("content-length", 0))
        not_passed = {"host", "connection", "accept-encoding"}
        asked = {name: value for name, value in asker.headers.items() if name.lower() not in not_passed}
        sent = asker.rfile.read(length) if length else None
        real = self._upstream.request(asker.command, asker.path, headers=asked, content=sent)
        dropped = {"content-length", "transfer-encoding", "connection", "content-encoding", "date", "server"}
        headers = [each for each in real.headers.items() if each[0].lower() not in dropped]
        if not self.is_cached:
            headers = [each for each in headers if each[0] != "cache-control"] + [
                ("cache-control", "no-store")
            ]
        return real.status_code, headers, real.content

    def files(self) -> dict[str, str]:
        """Give what the worker keeps: each address with the digest of its content."""
        return _kept_by(self._upstream.get("/sw.js").text)

    @contextmanager
    def running(self) -> Iterator["Relay"]:
        """Relay until the end."""
        Thread(target=self._house.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            self._house.shutdown()
            self._house.server_close()
            self._upstream.close()


def earlier_worker(script: str) -> str:
    """Give the worker of earlier builds, for the files of this one."""
    entries = [
        {"url": path, "revision": None if path.startswith("/assets/") else digest}
        for path, digest in _kept_by(script).items()
    ]
    return _EARLIER_WORKER.read_text(encoding="utf-8").replace("ENTRIES", json.dumps(entries))


def slow_worker(script: str) -> str:
    """Give a worker that leaves the first questions for its build unanswered."""
    return f"""let asked = 0;
self.addEventListener("message", (event) => {{
  if (event.data?.type === "BUILD" && ++asked < 3) event.stopImmediatePropagation();
}});
{script}"""


def _kept_by(script: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(script.split("const FILES = ")[1].split(";\n", maxsplit=1)[0])
    return found


def _write(asker: BaseHTTPRequestHandler, given: Answer | None) -> None:
    if given is None:
        asker.close_connection = True
        asker.connection.shutdown(socket.SHUT_RDWR)
        return
    status, headers, body = given
    asker.send_response(status)
    for name, value in headers:
        asker.send_header(name, value)
    if "content-length" in dict(headers):  # it says more than comes
        asker.close_connection = True
    elif status != 304:
        asker.send_header("content-length", str(len(body)))
    asker.end_headers()
    if asker.command != "HEAD" and status != 304:
        asker.wfile.write(body)
