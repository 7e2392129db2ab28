"""Connections that do nothing, at the app itself and at the README's proxy: others are answered."""

import socket
import ssl
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests import services
from tests.browser.server import DelegateServer
from tests.test_connections import KINDS
from tests.test_proxy import nginx

LONGEST_SECONDS = 1.0
ROUNDS = 20
ASKED = (("GET", "/", 200), ("POST", "/api/v1/meeting-requests", 400))
ELSEWHERE = "127.0.0.2"


def hold_connections(number: int) -> list[str]:
    """Hold so many of each kind, and let somebody read and ask meanwhile."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        opened.callback(server.stop)
        key = services.certificate(Path(folder))
        trusted = ssl.create_default_context(cafile=f"{key}.crt")
        proxy, _ = opened.enter_context(nginx(server.port, key))
        for name, url in (("the app", server.url), ("nginx", proxy)):
            for kind, sent in KINDS.items():
                slowest = _slowest(url, trusted, number, sent)
                print(f"{name}, {number} of {kind}: the slowest answer took {slowest:.2f} s", flush=True)
                if slowest > LONGEST_SECONDS:
                    wrong.append(f"{name} answers too slowly beside {number} of {kind}: {slowest:.2f} s")
    return wrong


def _slowest(url: str, trusted: ssl.SSLContext, number: int, sent: bytes) -> float:
    """Give how long the slowest of some pages and posts took, in seconds."""
    elsewhere = httpx.HTTPTransport(verify=trusted, local_address=ELSEWHERE)
    with ExitStack() as held, httpx.Client(base_url=url, transport=elsewhere, timeout=60) as line:
        for _ in range(number):
            held.enter_context(_connect(httpx.URL(url), trusted, sent))
        return max(_seconds(line, *asked) for _ in range(ROUNDS) for asked in ASKED)


def _seconds(line: httpx.Client, method: str, path: str, status: int) -> float:
    started = time.monotonic()
    answer = line.request(method, path, json={} if method == "POST" else None)
    if answer.status_code != status:
        raise RuntimeError(f"{method} {path} is answered with {answer.status_code}")
    return time.monotonic() - started


def _connect(url: httpx.URL, trusted: ssl.SSLContext, sent: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", url.port or 443), timeout=30)
    if url.scheme == "https" and sent:
        line = trusted.wrap_socket(line, server_hostname="localhost")
    line.sendall(sent)
    return line
