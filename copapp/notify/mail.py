"""Makes a mail of what is told, and hands it to the mail server. Blocks: run it in a thread."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Self

from copapp.mail_server import MailServer, Tls
from copapp.notify.headers import HEADERS, INTERNATIONAL
from copapp.notify.invitation import invitation, method
from copapp.notify.letters import Letter, letter, trial_letter
from copapp.notify.told import Host, Part, Told
from copapp.notify.unsent import Reason, Step, UnsentError, causes
from copapp.notify.words import one_line

TIMEOUT_SECONDS = 15.0
_SERVER_ERROR = 500
_GREETS, _OK, _BUSY = 220, 250, 421


def mail(told: Told, host: Host) -> EmailMessage:
    """Write the whole mail; the same row gives the same Message-ID and Date. Raises UnsentError."""
    made = _mail(letter(told, host), told.address, told.message_id, told.dated, host)
    if host.answers_to not in {"", host.sender} and told.part is Part.REQUESTER:
        made["Reply-To"] = Address(one_line(host.organisation), addr_spec=host.answers_to)
    _add_invitation(made, told, host)
    made["Content-Language"] = told.language  # last: each new part would take it along
    return made


def trial(language: str, address: str, message_id: str, now: datetime, host: Host) -> EmailMessage:
    """Write a mail that says only that mail goes out. Raises UnsentError."""
    made = _mail(trial_letter(language, host), address, message_id, now, host)
    made["Content-Language"] = language
    return made


def _mail(words: Letter, address: str, message_id: str, dated: datetime, host: Host) -> EmailMessage:
    made = EmailMessage(HEADERS if address.isascii() else INTERNATIONAL)
    try:
        made["From"] = Address(one_line(host.organisation), addr_spec=host.sender)
        made["To"] = _addressee(address)
    except (ValueError, IndexError, MessageError) as error:
        words_of = "this is no address that mail can go to"
        raise UnsentError(Reason.REFUSED, words_of, Step.RECIPIENT) from error
    made["Subject"] = one_line(words.subject)
    made["Date"] = format_datetime(dated)
    made["Message-ID"] = message_id
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(words.text, cte="quoted-printable")
    made.add_alternative(words.html, subtype="html", cte="quoted-printable")
    return made


def _addressee(address: str) -> Address:
    """Read an address: its domain in ASCII (RFC 5890), what is before it in any script (RFC 6531)."""
    local, _, domain = address.rpartition("@")
    domain = domain.encode("idna").decode()
    return Address(addr_spec=f"{local}@{domain}") if local.isascii() else Address("", local, domain)


def _add_invitation(made: EmailMessage, told: Told, host: Host) -> None:
    """Add the entry as an alternative, which mail programs act on, and as a file for those that do not."""
    entry = invitation(told, host)
    if entry is None:
        return
    named = {"method": method(told)}
    made.add_alternative(entry.decode(), subtype="calendar", cte="base64", params=named)
    made.add_attachment(entry, maintype="application", subtype="ics", filename="meeting.ics")


def send(server: MailServer, message: EmailMessage, place: Callable[[], str] | None = None) -> None:
    """Hand one mail over. Raises UnsentError."""
    with Postman(server, place) as postman:
        postman.send(message)


class Postman:
    """Hands many mails over on one connection, which is made when the first is sent; for one thread.

    `place` gives the one address on the net to connect to, where the host was looked up and checked.
    """

    def __init__(self, server: MailServer, place: Callable[[], str] | None = None) -> None:
        self._server, self._place = server, place
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; when this returns, the server has taken it. Raises UnsentError."""
        smtp = self._connected()
        try:
            smtp.send_message(message)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self._hang_up()
            raise _unsent(error) from error

    def _connected(self) -> smtplib.SMTP:
        """Give a connection on which the server answers: it may have closed the one before."""
        if self._smtp and not _answers(self._smtp):
            self._hang_up()
        try:
            self._smtp = self._smtp or _connect(self._server, self._place)
        except (OSError, smtplib.SMTPException) as error:
            raise UnsentError(Reason.UNREACHABLE, type(error).__name__, _step(error)) from error
        return self._smtp

    def _hang_up(self) -> None:
        """Say goodbye; each mail is taken or refused by now, and how this goes says nothing about it."""
        smtp, self._smtp = self._smtp, None
        if smtp:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()


def _answers(smtp: smtplib.SMTP) -> bool:
    """Whether a connection is as good as new (RSET, RFC 5321, 4.1.1.5)."""
    try:
        return smtp.rset()[0] == _OK
    except (OSError, smtplib.SMTPException):
        return False


def _connect(server: MailServer, place: Callable[[], str] | None) -> smtplib.SMTP:
    # Our own name in the greeting: to look up the machine's may take long, and would tell it.
    name = server.sender.rpartition("@")[2]
    at = place() if place else server.host
    smtp: smtplib.SMTP
    if server.tls is Tls.FROM_THE_START:
        safe = ssl.create_default_context()
        smtp = smtplib.SMTP_SSL(local_hostname=name, timeout=TIMEOUT_SECONDS, context=safe)
    else:
        smtp = smtplib.SMTP(local_hostname=name, timeout=TIMEOUT_SECONDS)
    smtp._host = server.host  # type: ignore[attr-defined] # noqa: SLF001 - whom the certificate must name, wherever it is
    try:
        _greet(smtp, at, server.port)
        _introduce(smtp, server)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _greet(smtp: smtplib.SMTP, host: str, port: int) -> None:
    code, said = smtp.connect(host, port)
    if code != _GREETS:
        raise smtplib.SMTPConnectError(code, said)


def _introduce(smtp: smtplib.SMTP, server: MailServer) -> None:
    smtp.ehlo()
    if server.tls is Tls.STARTTLS or (server.tls is Tls.OFFERED and smtp.has_extn("starttls")):
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if server.user and server.password:
        _sign_in(smtp, server)


def _sign_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPException as error:  # some servers hang up on a wrong password
        raise UnsentError(Reason.SIGN_IN, type(error).__name__, Step.SIGN_IN) from error


# What went wrong before the mail was handed over, the narrower kind of error first.
_STEPS: tuple[tuple[type[Exception], Step], ...] = (
    (socket.gaierror, Step.NAME),
    (ssl.SSLCertVerificationError, Step.CERTIFICATE),
    (ssl.SSLError, Step.TLS),
    (TimeoutError, Step.SILENCE),
    (smtplib.SMTPNotSupportedError, Step.TLS),
    (smtplib.SMTPException, Step.GREETING),
)


def _step(error: Exception) -> Step:
    found = list(causes(error))
    fitting = (step for kind, step in _STEPS if any(isinstance(each, kind) for each in found))
    return next(fitting, Step.CONNECTION)


def _unsent(error: Exception) -> UnsentError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, _), *_] = error.recipients.values()
        return _answered(code, Step.RECIPIENT)
    if isinstance(error, smtplib.SMTPResponseException):
        is_sender = isinstance(error, smtplib.SMTPSenderRefused)
        return _answered(error.smtp_code, Step.SENDER if is_sender else Step.MESSAGE)
    if isinstance(error, (smtplib.SMTPNotSupportedError, UnicodeError)):
        return UnsentError(Reason.REFUSED, "the mail server takes no such address", Step.RECIPIENT)
    return UnsentError(Reason.UNREACHABLE, type(error).__name__, Step.LOST)


def _answered(code: int, step: Step) -> UnsentError:
    """Tell a refusal for good (5xx, RFC 5321, 4.2.1) from one for now, and from a server that goes away."""
    if code == _BUSY or code < 0:
        return UnsentError(Reason.UNREACHABLE, str(code), step if code > 0 else Step.LOST)
    return UnsentError(Reason.REFUSED if code >= _SERVER_ERROR else Reason.DELAYED, str(code), step)
