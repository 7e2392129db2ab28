"""What coordinators set of mail and the staff's channel; the environment wins, and nobody reads it again."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session

from copapp.domain.event_form import FormProblem
from copapp.mail_server import MailServer, Tls, is_address, smtp_url
from copapp.models import Channel, Secret, StaffMember
from copapp.services import audit
from copapp.services.channels import MAIL_KEPT, WEBHOOK_KEPT, kept, kept_mail
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.services.staff import require_coordinator
from copapp.services.tokens import keyed_hash
from copapp.settings import settings
from copapp.sources.addresses import FetchError, Trouble, parsed

_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_HIGHEST_PORT = 65_535
_HTTP_PORT = 80


class SetByEnvironmentError(RuntimeError):
    """The environment sets this, and wins."""


class ChannelFormError(ValueError):
    """A form that cannot be kept; `problems` name fields and codes."""

    def __init__(self, found: list[FormProblem]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.code}" for each in found))
        self.problems = found


def mark_of(db: Session, channel: Channel) -> str:
    """Name what coordinators set, for who saves later to see that it is another by now; "" for nothing."""
    found = kept(db, MAIL_KEPT if channel is Channel.MAIL else WEBHOOK_KEPT)
    return keyed_hash(db, "channel", found)[:16] if found else ""


def require_seen(db: Session, channel: Channel, seen: str) -> None:
    """Go on only with what was on the screen, by its mark. Raises ChangedMeanwhileError."""
    if mark_of(db, channel) != seen:
        raise ChangedMeanwhileError([channel])


def set_mail(db: Session, by: StaffMember, seen: str, given: MailServer, now: datetime) -> None:
    """Keep a mail server. Without a password the one that is kept stays, for the same server and user only.

    Raises NotAllowedError, SetByEnvironmentError, ChangedMeanwhileError, ChannelFormError.
    """
    _begin(db, by, Channel.MAIL, seen, is_set=bool(settings().smtp_url))
    before = kept_mail(db)
    if before and not given.password and _is_same_account(before, given):
        given = replace(given, password=before.password)
    if found := mail_problems(given):
        raise ChannelFormError(found)
    _keep(db, MAIL_KEPT, smtp_url(given))
    audit.note(db, by, "mail", "mail", now, **_mail_changes(before, given))


def forget_mail(db: Session, by: StaffMember, seen: str, now: datetime) -> None:
    """Forget the mail server: mail waits again. Raises as `set_mail`."""
    _begin(db, by, Channel.MAIL, seen, is_set=bool(settings().smtp_url))
    before = kept_mail(db)
    _keep(db, MAIL_KEPT, "")
    audit.note(db, by, "mail", "mail", now, host=(before.host if before else "", ""))


def set_webhook(db: Session, by: StaffMember, seen: str, url: str, now: datetime) -> None:
    """Keep the address of the staff's channel; "" forgets it. Raises as `set_mail`."""
    _begin(db, by, Channel.WEBHOOK, seen, is_set=bool(settings().webhook_url))
    before = kept(db, WEBHOOK_KEPT)
    if url:
        _check_webhook(url)
    _keep(db, WEBHOOK_KEPT, url)
    audit.note(db, by, "webhook", "webhook", now, host=(host_of_url(before), host_of_url(url)))


def _check_webhook(url: str) -> None:
    """Take only an address that an import may ask, too, and encrypted; where it leads is looked at later."""
    try:
        asked = parsed(url, settings().fetch_allowed)
    except FetchError as error:
        code = "web_port" if error.code is Trouble.PORT else "web"
        raise ChannelFormError([FormProblem("url", code)]) from error
    is_opened = settings().fetch_allowed.names(asked.host, asked.port or _HTTP_PORT)
    if asked.scheme != "https" and not is_opened:
        raise ChannelFormError([FormProblem("url", "web")])


def host_of_url(url: str) -> str:
    """Give all of a channel's address that may be shown: its path is a secret."""
    return urlsplit(url).hostname or ""


def mail_problems(given: MailServer) -> list[FormProblem]:
    """List what is wrong with a mail server that somebody typed; a password never goes unencrypted."""
    is_open = given.tls in {Tls.OFFERED, Tls.NONE}
    signs = f"{given.user}{given.password}"
    checks = {
        ("host", "host"): not _HOST.fullmatch(given.host),
        ("port", "port"): not 0 < given.port <= _HIGHEST_PORT,
        ("sender", "email"): not is_address(given.sender),
        ("user", "characters"): not signs.isprintable(),
        ("user", "required"): bool(given.password) and not given.user,
        ("password", "required"): bool(given.user) and not given.password,
        ("tls", "private"): bool(given.password) and is_open,
    }
    return [FormProblem(*which) for which, is_wrong in checks.items() if is_wrong]


def _begin(db: Session, by: StaffMember, channel: Channel, seen: str, *, is_set: bool) -> None:
    require_coordinator(by)
    hold_draft(db, the_conference(db))
    if is_set:
        raise SetByEnvironmentError
    require_seen(db, channel, seen)


def _is_same_account(one: MailServer, other: MailServer) -> bool:
    """Whether a password may go where it went before: nobody may point it at another server."""
    return (one.host, one.port, one.user) == (other.host, other.port, other.user)


def _mail_changes(before: MailServer | None, after: MailServer) -> dict[str, tuple[str, str]]:
    """Give what changed, of the password only that it did."""
    names = ("host", "port", "sender", "tls", "user")
    pairs = {name: (str(getattr(before, name, "")), str(getattr(after, name))) for name in names}
    if (before.password if before else "") != after.password:
        pairs["password"] = ("•" if before and before.password else "", "•" if after.password else "")
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] or name == "password"}


def _keep(db: Session, name: str, value: str) -> None:
    found = db.get(Secret, name)
    if found and not value:
        db.delete(found)
    elif value:
        found = found or Secret(name=name, value="")
        found.value = value
        db.add(found)
    db.flush()
