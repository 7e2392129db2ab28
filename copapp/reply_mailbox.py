"""What `COPAPP_IMAP_URL` says. Any room may use it."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from copapp.mail_server import is_address

_EXAMPLE = "imaps://user:password@mail.example.org:993/INBOX?address=meetings@example.org"
_PORT = 993


@dataclass(frozen=True)
class ReplyMailbox:
    """Where answers to invitations arrive: a folder of a mail server, and the address that leads there."""

    host: str
    port: int
    user: str
    folder: str
    address: str
    password: str = field(default="", repr=False)


def reply_mailbox(url: str, sender: str = "") -> ReplyMailbox:
    """Read imaps://user:password@host:port/FOLDER?address=…; always TLS.

    Raises ValueError with words that say what would be right, and quote nothing.
    """
    parts = urlsplit(url)
    if parts.scheme != "imaps" or not parts.hostname:
        raise ValueError(f"write it as {_EXAMPLE}; there is no way without TLS")
    asked = dict(parse_qsl(parts.query.replace("+", "%2B")))
    if unknown := asked.keys() - {"address"}:
        raise ValueError(f"only address=… may follow the question mark, not {min(unknown)}=…")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user or not password:
        raise ValueError(f"say who signs in, and the password: {_EXAMPLE}")
    folder = unquote(parts.path).strip("/") or "INBOX"
    if not all(_is_plain(each) for each in (user, password)) or not (folder.isascii() and _is_plain(folder)):
        raise ValueError("user, password and folder may hold no control characters, the folder only ASCII")
    address = asked.get("address") or (user if is_address(user) else sender)
    if not is_address(address):
        raise ValueError("say which address leads to it: end it with ?address=meetings@example.org")
    return ReplyMailbox(parts.hostname, _port(parts), user, folder, address, password)


def _is_plain(text: str) -> bool:
    return text.isprintable()


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or _PORT
    except ValueError:
        raise ValueError("the port must be a number up to 65535") from None
