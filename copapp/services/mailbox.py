"""Looks into the mailbox of replies once a minute, by one of the workers; each mail counts once."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import Session, col, select

from copapp.database import reading, writing
from copapp.domain.reply import Unclear
from copapp.interop.itip_reply import LARGEST
from copapp.logs import fault
from copapp.models import MailboxMark
from copapp.notify.mailbox import Mailbox, MailboxError, Trouble, opened
from copapp.reply_mailbox import ReplyMailbox
from copapp.services.replies import keep_unreadable, take_reply
from copapp.services.tokens import keyed_hash
from copapp.services.waits import is_live, is_over
from copapp.settings import settings

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
"""How long a look has the mailbox for itself: longer than it may take."""

_LONGEST_SECONDS = 120.0
_ONE_LOOK = 100
_WINDOW = 2_000
_NOT_OURS = frozenset({Unclear.NO_CALENDAR, Unclear.NOT_A_REPLY, Unclear.UNKNOWN, Unclear.TOO_LARGE})
_WORDS = {
    Trouble.UNREACHABLE: "its server cannot be reached",
    Trouble.CERTIFICATE: "its server's certificate is not to be trusted",
    Trouble.SIGN_IN: "its server refuses the user or the password",
    Trouble.FOLDER: "there is no such folder",
    Trouble.LOST: "the connection was lost; the next look goes on",
}


@dataclass
class _Claim:
    """A look that is ours: how far the one before came, in which numbering, and how it ended."""

    name: str
    validity: int
    last: int
    error: str


def look_for_replies(now: datetime) -> int:
    """Follow the replies that came since the last look; says how many mails were. Blocks.

    Opens its own short transactions, and none while it waits for the server. No-op without a mailbox, while
    somebody else looks, and before the minute is over.
    """
    mailbox = settings().reply_mailbox
    claim = _claim(mailbox, now) if mailbox else None
    if mailbox is None or claim is None:
        return 0
    trouble, followed = "", 0
    try:
        with opened(mailbox) as box:
            followed = _take_all(box, claim, now)
    except MailboxError as error:
        trouble = str(error.trouble)
    except BaseException:
        _let_go(claim, now)
        raise
    _finish(claim, trouble, now)
    return followed


def mailbox_trouble(db: Session) -> str:
    """Say why the mailbox could not be read lately (`notify.mailbox.Trouble`), "" if it could."""
    mailbox = settings().reply_mailbox
    mark = db.get(MailboxMark, _name(db, mailbox)) if mailbox else None
    return mark.error if mark else ""


def _name(db: Session, mailbox: ReplyMailbox) -> str:
    """Name a mailbox so that another one begins anew, and nothing of it can be read from the name."""
    return keyed_hash(db, "mailbox", f"{mailbox.host}:{mailbox.port}:{mailbox.user}:{mailbox.folder}")


def _claim(mailbox: ReplyMailbox, now: datetime) -> _Claim | None:
    """Take the look for ourselves: of several who try, the database lets one."""
    with reading() as db:
        name = _name(db, mailbox)
        taken = select(MailboxMark).where(MailboxMark.name == name, is_live(MailboxMark.free_at, now, LEASE))
        if db.exec(taken).first():
            return None
    with writing() as db:
        if db.get(MailboxMark, name) is None:
            db.add(MailboxMark(name=name, free_at=now))
            try:
                db.flush()
            except IntegrityError:  # another worker was faster
                db.rollback()
                return None
        ours = update(MailboxMark).where(
            col(MailboxMark.name) == name, is_over(MailboxMark.free_at, now, LEASE)
        )
        if db.exec(ours.values(free_at=now + LEASE)).rowcount != 1:
            return None
        found = db.exec(select(MailboxMark).where(MailboxMark.name == name)).one()
        return _Claim(name, found.validity, found.last, found.error)


def _take_all(box: Mailbox, claim: _Claim, now: datetime) -> int:
    """Go on where the look before ended; in a mailbox that is new to us, with what nobody has read."""
    is_new = claim.validity != box.validity
    first = max(box.next - _WINDOW, 1) if is_new else claim.last + 1
    last = first + _WINDOW - 1
    end, followed = time.monotonic() + _LONGEST_SECONDS, 0
    numbers = box.numbers(first, last, only_unread=is_new)
    for number in numbers[:_ONE_LOOK]:
        if time.monotonic() > end:
            return followed
        followed += _take(box, number, now)
        _advance(claim, box.validity, number)
    if len(numbers) <= _ONE_LOOK:
        _advance(claim, box.validity, max(min(last, box.next - 1), first - 1))
    return followed


def _take(box: Mailbox, number: int, now: datetime) -> bool:
    """Follow one mail if it is a reply to us; any other stays as it is, unread, and so does what fails."""
    content = box.calendar_mail(number, LARGEST)
    if content is None:
        return False
    try:
        return _follow(box, number, content, now)
    except (MailboxError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - one mail must not keep those after it from being read
        logger.error("A reply could not be followed: %s", fault(error))  # noqa: TRY400 - its own text may quote people
        with writing() as db:
            keep_unreadable(db, content, Unclear.BROKEN, now)
        return False


def _follow(box: Mailbox, number: int, content: bytes, now: datetime) -> bool:
    with writing() as db:
        outcome = take_reply(db, content, now)
        if outcome.reason in _NOT_OURS:
            return False
        if outcome.request_id is None and outcome.reason:
            keep_unreadable(db, content, outcome.reason, now)
    # Before the mark moves: a look that is lost here sees the mail again, and follows it no second time.
    box.mark_read(number)
    return True


def _advance(claim: _Claim, validity: int, number: int) -> None:
    with writing() as db:
        mark = update(MailboxMark).where(col(MailboxMark.name) == claim.name)
        db.exec(mark.values(validity=validity, last=number))


def _let_go(claim: _Claim, now: datetime) -> None:
    """Leave the mailbox to whoever comes next: what stopped this look says nothing about it."""
    with suppress(SQLAlchemyError), writing() as db:
        db.exec(update(MailboxMark).where(col(MailboxMark.name) == claim.name).values(free_at=now))


def _finish(claim: _Claim, trouble: str, now: datetime) -> None:
    """Leave the mailbox to the next, in a minute; say it once where something changed."""
    with writing() as db:
        mark = update(MailboxMark).where(col(MailboxMark.name) == claim.name)
        db.exec(mark.values(free_at=now + EVERY, error=trouble))
    if trouble and trouble != claim.error:
        logger.warning("The mailbox of replies cannot be read: %s.", _WORDS[Trouble(trouble)])
    elif claim.error and not trouble:
        logger.warning("The mailbox of replies is read again.")
