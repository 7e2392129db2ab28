"""Tries the ways out and in, and says what became of it: a mail, a message, a look into the mailbox.

Each opens its own short transaction, and none while it waits. They block: run them in a thread.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import uuid4

from copapp.database import reading
from copapp.models import StaffMember
from copapp.notify import mail, webhook
from copapp.notify.mailbox import MailboxError, opened
from copapp.notify.unsent import UnsentError
from copapp.services.channels import mail_in_force, place_of, post, webhook_in_force
from copapp.services.letterbox import host_of, language_of
from copapp.services.slots import the_conference
from copapp.services.staff import require_coordinator
from copapp.settings import settings


class Outcome(StrEnum):
    """What a trial says beside the step where it stopped (`notify.unsent.Step`, `notify.mailbox.Trouble`)."""

    TAKEN = "taken"
    NOT_SET_UP = "not_set_up"
    SILENCE = "silence"


@dataclass(frozen=True)
class Tried:
    """What became of a trial, as a key for words; `answer` is a number that the other side gave, or ""."""

    what: str
    answer: str = ""


def try_mail(by: StaffMember, now: datetime) -> Tried:
    """Send one of us a mail the way that real mail goes. Raises NotAllowedError."""
    require_coordinator(by)
    with reading() as db:
        server, host, about = mail_in_force(db), host_of(db), the_conference(db)
    if server is None:
        return Tried(Outcome.NOT_SET_UP)
    message_id = f"<{uuid4()}@{about.slug}.copapp>"
    try:
        trial = mail.trial(language_of(by), by.email, message_id, now, host)
        mail.send(server, trial, partial(place_of, server))
    except UnsentError as error:
        return _stopped(error)
    return Tried(Outcome.TAKEN)


def try_webhook(by: StaffMember) -> Tried:
    """Send the staff's channel a message that says nothing. Raises NotAllowedError."""
    require_coordinator(by)
    with reading() as db:
        to, about = webhook_in_force(db), the_conference(db)
    if to is None:
        return Tried(Outcome.NOT_SET_UP)
    try:
        post(to, webhook.trial_body(language_of(by), about.name))
    except UnsentError as error:
        return _stopped(error)
    return Tried(Outcome.TAKEN)


def try_mailbox(by: StaffMember) -> Tried:
    """Sign in to the mailbox of replies, and open its folder. Raises NotAllowedError."""
    require_coordinator(by)
    mailbox = settings().reply_mailbox
    if mailbox is None:
        return Tried(Outcome.NOT_SET_UP)
    try:
        with opened(mailbox):
            return Tried(Outcome.TAKEN)
    except MailboxError as error:
        return Tried(error.trouble)


def _stopped(error: UnsentError) -> Tried:
    return Tried(error.step, error.words if error.words.isdecimal() else "")
