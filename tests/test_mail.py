"""The way to the mail server: private where it must be, and only then with the password."""

import ssl
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from copapp.mail_server import mail_server
from copapp.notify.mail import send
from copapp.notify.unsent import Reason, UnsentError
from tests.listeners import MailServer, free_port


class Guarded(MailServer):
    """Keeps the passwords it was told, too, and takes one."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: list[bytes] = []

    def sign_in(self, _s: SMTP, _n: Session, _e: Envelope, _m: str, data: Any) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def guarded(certificate: Path | None) -> Iterator[Guarded]:
    """Listen for mail of those who sign in; with a certificate by STARTTLS."""
    kept = Guarded()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificate}.crt", certificate)
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        authenticator=kept.sign_in,
        auth_required=True,
        auth_require_tls=context is not None,
        require_starttls=context is not None,
    )
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        controller.stop()


def letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "us@altyndala.example", "dana@ministry.example", "Hello"
    made.set_content("Hello")
    return made


def post(port: int, credential: str = "right", tls: str = "starttls") -> None:
    url = f"smtp://us:{credential}@localhost:{port}?from=us@altyndala.example" + (
        f"&tls={tls}" if tls else ""
    )
    send(mail_server(url), letter())


def test_signs_in_after_starttls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with guarded(certificate) as server:
        post(server.port)

    assert (server.passwords, len(server.taken)) == ([b"right"], 1)


def test_server_that_cannot_show_who_it_is_gets_nothing(certificate: Path) -> None:
    with guarded(certificate) as server, pytest.raises(UnsentError) as unsent:
        post(server.port)

    assert (unsent.value.reason, server.passwords, server.taken) == (Reason.UNREACHABLE, [], [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("tls", ["starttls", ""])
def test_password_is_not_told_in_the_clear(tls: str) -> None:
    """Also where nothing was said about TLS: a stripped STARTTLS must not be believed."""
    with guarded(None) as server, pytest.raises(UnsentError):
        post(server.port, tls=tls)

    assert (server.passwords, server.taken) == ([], [])


def test_wrong_password_is_told_as_such(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with guarded(certificate) as server, pytest.raises(UnsentError) as unsent:
        post(server.port, credential="Canary")

    assert unsent.value.reason is Reason.SIGN_IN
    assert (set(server.passwords), server.taken) == ({b"Canary"}, [])
    assert "Canary" not in str(unsent.value)


class Rude(MailServer):
    """Hangs up when it is told goodbye, after it has taken the mail."""

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd names it
        assert isinstance(server.transport, Transport)
        server.transport.abort()
        return "221 gone"


def test_bad_goodbye_does_not_repeat_a_mail() -> None:
    """The mail counts as sent: a second one would be the same mail again."""
    kept = Rude()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        send(mail_server(f"smtp://127.0.0.1:{controller.port}?from=us@altyndala.example"), letter())
    finally:
        controller.stop()

    assert len(kept.taken) == 1
