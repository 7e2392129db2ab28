"""A real mail server, web address and web page, on this machine, that keep what they are given."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from copapp.settings import settings


def settle(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    """Set `COPAPP_…` under an open database, which `environment` would close."""
    for name, value in given.items():
        monkeypatch.setenv(f"COPAPP_{name}", value)
    settings.cache_clear()


def parsed(raw: bytes) -> EmailMessage:
    """Read a mail as a mail program does."""
    return message_from_bytes(raw, policy=policy.default)


@dataclass
class MailServer:
    """Keeps each mail with its envelope; `answer` may refuse a recipient, `hold` runs before it takes one."""

    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    greeted: int = 0
    answer: Callable[[str], str] = lambda _: "250 OK"
    hold: Callable[[], None] = lambda: None

    @property
    def mails(self) -> list[EmailMessage]:
        return [parsed(raw) for _, _, raw in self.taken]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted += 1
        return answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        self.hold()
        assert isinstance(envelope.original_content, bytes)
        self.taken.append((envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content))
        return "250 taken"


@contextmanager
def mail_server(port: int = 0, kept: MailServer | None = None) -> Iterator[MailServer]:
    """Listen for mail; with `port` and `kept` it is one that returns."""
    kept = kept or MailServer()
    controller = Controller(kept, hostname="127.0.0.1", port=port or free_port(), enable_SMTPUTF8=True)
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        controller.stop()


def free_port() -> int:
    """Give a port that nobody listens on."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as probe:
        return int(probe.server_address[1])


@dataclass
class Channel:
    """Keeps each message; answers with `status`; `hold` runs before it takes one."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    status: int = 200
    hold: Callable[[], None] = lambda: None


@contextmanager
def channel(certificate: Path | None = None) -> Iterator[Channel]:
    """Listen as a chat's incoming webhook; with a certificate as `localhost`, encrypted."""
    kept = Channel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.hosts.append(self.headers["Host"])
            kept.hold()
            kept.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/x"
        if certificate:
            kept.url = f"https://localhost:{server.server_address[1]}/hooks/x"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{certificate}.crt", certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


@dataclass
class WebPage:
    """One page on the web, which changes; `asked` holds the mark that each request named, "" for none."""

    content: bytes
    port: int = 0
    status: int = 200
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/programme"

    @property
    def place(self) -> str:
        """What the allow-list needs to say of it."""
        return f"localhost:{self.port}"

    @property
    def mark(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:8]}"'


@contextmanager
def web_page(content: bytes) -> Iterator[WebPage]:
    """Serve a page with its mark, and 304 to whoever knows it."""
    page = WebPage(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page.asked.append(self.headers.get("If-None-Match", ""))
            is_known = page.asked[-1] == page.mark
            body = b"" if is_known else page.content
            self.send_response(304 if is_known else page.status)
            self.send_header("ETag", page.mark)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        page.port = int(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield page
        finally:
            server.shutdown()
            thread.join()
