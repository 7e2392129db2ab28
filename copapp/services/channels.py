"""Where mail and the staff's messages go: what the environment sets, else what coordinators set here."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlmodel import Session

from copapp.mail_server import MailServer, mail_server
from copapp.models import Channel, Secret
from copapp.notify import webhook
from copapp.notify.unsent import Reason, Step, UnsentError
from copapp.settings import settings
from copapp.sources.addresses import FetchError, parsed, refuse_private, refuse_private_host
from copapp.sources.fetching import resolve

MAIL_KEPT, WEBHOOK_KEPT = "smtp_url", "webhook_url"
"""Under which names coordinators' own are kept."""


@dataclass(frozen=True)
class Webhook:
    """Where the staff's messages go; only who runs the machine may name an address of its own network."""

    url: str = field(repr=False)
    is_ours: bool


@dataclass(frozen=True)
class InForce:
    """What is set up."""

    mail: MailServer | None
    webhook: Webhook | None

    @property
    def channels(self) -> AbstractSet[Channel]:
        """List the channels that are set up."""
        given = {Channel.MAIL: self.mail, Channel.WEBHOOK: self.webhook}
        return {channel for channel, to in given.items() if to}


def in_force(db: Session) -> InForce:
    """Give what counts now."""
    return InForce(mail_in_force(db), webhook_in_force(db))


def mail_in_force(db: Session) -> MailServer | None:
    """Give the mail server that counts; None where nobody set one."""
    return settings().mail_server or kept_mail(db)


def webhook_in_force(db: Session) -> Webhook | None:
    """Give the staff's channel that counts; None where nobody set one."""
    if settings().webhook_url:
        return Webhook(settings().webhook_url, is_ours=True)
    url = kept(db, WEBHOOK_KEPT)
    return Webhook(url, is_ours=False) if url else None


def kept_mail(db: Session) -> MailServer | None:
    """Give the mail server that coordinators set, in force or not; a newer version may have them only."""
    url = kept(db, MAIL_KEPT)
    try:
        return mail_server(url) if url else None
    except ValueError:
        return None


def place_of(server: MailServer) -> str:
    """Give where to connect to: who runs the machine may name any host, a coordinator's is looked up.

    Raises UnsentError where that lies within a network of our own.
    """
    if server == settings().mail_server:
        return server.host
    with _told_as_unsent():
        found = resolve(server.host)
        refuse_private_host(server.host, server.port, found, settings().fetch_allowed)
    return found[0]


def post(to: Webhook, content: dict[str, str]) -> None:
    """Hand a message to the staff's channel. Raises UnsentError."""
    webhook.post(to.url, content, "" if to.is_ours else _public_place(to.url))


def _public_place(url: str) -> str:
    """Look a host up, once for each message, and give where it may be connected to. Raises UnsentError."""
    allowed = settings().fetch_allowed
    with _told_as_unsent():
        asked = parsed(url, allowed)
        found = resolve(asked.raw_host.decode("ascii"))
        refuse_private(asked, found, allowed)
    return found[0]


@contextmanager
def _told_as_unsent() -> Iterator[None]:
    """Raise UnsentError for a host that may not be connected to, or that has no address."""
    try:
        yield
    except FetchError as error:
        raise UnsentError(Reason.UNREACHABLE, str(error.code), Step.PRIVATE) from error
    except (OSError, UnicodeError) as error:
        raise UnsentError(Reason.UNREACHABLE, type(error).__name__, Step.NAME) from error


def kept(db: Session, name: str) -> str:
    """Give what coordinators keep under a name; "" for nothing."""
    found = db.get(Secret, name)
    return found.value if found else ""
