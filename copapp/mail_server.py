"""What `COPAPP_SMTP_URL` says, or a coordinator in its place. Any room may use it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_EXAMPLE = "smtp://user:password@mail.example.org:587?from=meetings@example.org&tls=starttls"


class Tls(StrEnum):
    """How the way to the mail server is kept private."""

    FROM_THE_START = "tls"
    STARTTLS = "starttls"
    OFFERED = "offered"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """Where mail goes, and from which address."""

    host: str
    port: int
    sender: str
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


def is_address(text: str) -> bool:
    """Whether this is one bare e-mail address in ASCII."""
    return _ADDRESS.fullmatch(text) is not None


def mail_server(url: str, sender: str = "") -> MailServer:
    """Read smtp://user:password@host:port or smtps://…, with `?from=address&tls=starttls|offered|none`.

    Without `tls`, smtp:// takes STARTTLS where it is offered, and with a password insists on it. Raises
    ValueError with words that say what would be right.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(f"write it as {_EXAMPLE}, or with smtps://")
    asked = dict(parse_qsl(parts.query.replace("+", "%2B")))
    if unknown := asked.keys() - {"from", "tls"}:
        raise ValueError(f"only from=… and tls=… may follow the question mark, not {min(unknown)}=…")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    found = asked.get("from") or sender or user
    if not is_address(found):
        raise ValueError("say from which address mail comes: end it with ?from=meetings@example.org")
    tls = _tls(parts.scheme, asked.get("tls", ""), has_password=bool(password))
    return MailServer(parts.hostname, _port(parts, tls), found, tls, user, password)


def smtp_url(given: MailServer) -> str:
    """Write a mail server as `mail_server` reads it."""
    signed = f"{quote(given.user, safe='')}:{quote(given.password, safe='')}@" if given.user else ""
    is_safe = given.tls is Tls.FROM_THE_START
    scheme, more = ("smtps", "") if is_safe else ("smtp", f"&tls={given.tls}")
    return f"{scheme}://{signed}{given.host}:{given.port}?from={quote(given.sender, safe='@')}{more}"


def _tls(scheme: str, asked: str, *, has_password: bool) -> Tls:
    if scheme == "smtps":
        if asked not in {"", Tls.FROM_THE_START}:
            raise ValueError("smtps:// is TLS from the start: leave tls=… out, or write smtp://")
        return Tls.FROM_THE_START
    if not asked:
        return Tls.STARTTLS if has_password else Tls.OFFERED
    if asked not in {Tls.STARTTLS, Tls.OFFERED, Tls.NONE}:
        raise ValueError("tls may be starttls, offered or none; for TLS from the start write smtps://")
    return Tls(asked)


def _port(parts: SplitResult, tls: Tls) -> int:
    try:
        given = parts.port
    except ValueError:
        raise ValueError("the port must be a number up to 65535") from None
    return given or {Tls.FROM_THE_START: 465, Tls.STARTTLS: 587}.get(tls, 25)
