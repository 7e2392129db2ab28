"""Reads the mailbox that answers to invitations come to (IMAP, RFC 3501). Blocks: run it in a thread."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from copapp.reply_mailbox import ReplyMailbox

TIMEOUT_SECONDS = 15.0
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_CALENDAR = re.compile(rb'"text" "calendar"|"application" "ics"', re.IGNORECASE)
_LOST = (OSError, imaplib.IMAP4.error, ValueError)


class Trouble(StrEnum):
    """Why a mailbox could not be read."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign_in"
    FOLDER = "folder"
    LOST = "lost"


class MailboxError(Exception):
    """The mailbox could not be read; what the server said is not quoted."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Mailbox:
    """An open folder; looking at a mail leaves it unread. Each verb raises MailboxError."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap
        self.validity = self._number("UIDVALIDITY")
        self.next = self._number("UIDNEXT")
        """The number that the next mail gets."""

    def numbers(self, first: int, last: int, *, only_unread: bool) -> list[int]:
        """List the mails between two numbers, the oldest first."""
        wanted = ["UNSEEN"] if only_unread else []
        numbers = _joined(self._ask("SEARCH", "UID", f"{first}:{last}", *wanted)).split()
        return sorted(int(each) for each in numbers if each.isdigit() and first <= int(each) <= last)

    def calendar_mail(self, number: int, largest: int) -> bytes | None:
        """Give a whole mail that holds a calendar; None for any other, and for one that is too large."""
        shape = _joined(self._ask("FETCH", str(number), "(RFC822.SIZE BODYSTRUCTURE)"))
        size = _SIZE.search(shape)
        if size is None or int(size[1]) > largest or not _CALENDAR.search(shape):
            return None
        answer = self._ask("FETCH", str(number), f"(BODY.PEEK[]<0.{largest + 1}>)")
        return next((each[1] for each in answer if isinstance(each, tuple)), None)

    def mark_read(self, number: int) -> None:
        """Set a mail's flag, as who has read it would."""
        self._ask("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            status, answer = self._imap.uid(*words)
        except _LOST as error:
            raise MailboxError(Trouble.LOST) from error
        if status != "OK":
            raise MailboxError(Trouble.LOST)
        return answer

    def _number(self, name: str) -> int:
        _, found = self._imap.response(name)
        digits = [each for each in found if isinstance(each, bytes) and each.isdigit()]
        return int(digits[-1]) if digits else 0


@contextmanager
def opened(mailbox: ReplyMailbox) -> Iterator[Mailbox]:
    """Sign in, and open the folder. Raises MailboxError."""
    imap = _connect(mailbox)
    try:
        _sign_in(imap, mailbox)
        yield Mailbox(imap)
    finally:
        with suppress(*_LOST):
            imap.logout()
        with suppress(*_LOST):
            imap.shutdown()


def _connect(mailbox: ReplyMailbox) -> imaplib.IMAP4:
    try:
        return imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS
        )
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(Trouble.CERTIFICATE) from error
    except _LOST as error:
        raise MailboxError(Trouble.UNREACHABLE) from error


def _sign_in(imap: imaplib.IMAP4, mailbox: ReplyMailbox) -> None:
    try:
        if "AUTH=PLAIN" in imap.capabilities:
            secret = f"\0{mailbox.user}\0{mailbox.password}".encode()
            imap.authenticate("PLAIN", lambda _: secret)
        else:
            imap.login(mailbox.user, mailbox.password)
    except imaplib.IMAP4.abort as error:
        raise MailboxError(Trouble.LOST) from error
    except (imaplib.IMAP4.error, UnicodeError) as error:
        # Without its own words: some servers quote what they were told.
        raise MailboxError(Trouble.SIGN_IN) from None if isinstance(error, UnicodeError) else error
    except OSError as error:
        raise MailboxError(Trouble.LOST) from error
    _select(imap, mailbox.folder)


def _select(imap: imaplib.IMAP4, folder: str) -> None:
    quoted = folder.replace("\\", r"\\").replace('"', r"\"")
    try:
        status, _ = imap.select(f'"{quoted}"')
    except _LOST as error:
        raise MailboxError(Trouble.LOST) from error
    if status != "OK":
        raise MailboxError(Trouble.FOLDER)


def _joined(answer: list[bytes | tuple[bytes, bytes] | None]) -> bytes:
    parts = [part for each in answer for part in (each if isinstance(each, tuple) else (each,))]
    return b" ".join(part for part in parts if part)
