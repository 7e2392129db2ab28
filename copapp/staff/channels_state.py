"""The live state of mail, the staff's channel and the mailbox. No password or secret path is ever in it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.mail_server import MailServer, Tls
from copapp.models import Channel, StaffMember
from copapp.services import channel_settings, trials
from copapp.services.channel_settings import ChannelFormError, SetByEnvironmentError, host_of_url, mark_of
from copapp.services.channels import in_force, kept_mail
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.mailbox import mailbox_trouble
from copapp.services.moves import NotAllowedError
from copapp.services.trials import Outcome, Tried
from copapp.settings import settings
from copapp.staff.signed_in import signed_in

Act = Callable[[Session, StaffMember, datetime], None]
_PATIENCE_SECONDS = 45.0
_MOST_DIGITS = 5


@dataclass(frozen=True)
class MailView:
    """The mail server in force; `is_fixed`: the environment sets it. Never its password."""

    host: str = ""
    port: str = ""
    tls: str = ""
    sender: str = ""
    user: str = ""
    has_password: bool = False
    is_fixed: bool = False


@dataclass(frozen=True)
class WebhookView:
    """The staff's channel in force: its host alone."""

    host: str = ""
    is_fixed: bool = False


@dataclass(frozen=True)
class MailboxView:
    """The mailbox of replies: where it is, and why it could not be read lately."""

    host: str = ""
    folder: str = ""
    address: str = ""
    trouble: str = ""


class ChannelsState(rx.State):
    """The ways out and in, at `/admin/settings`; a trial says what became of it."""

    mail: MailView = MailView()
    webhook: WebhookView = WebhookView()
    mailbox: MailboxView = MailboxView()
    wrong: dict[str, str] = {}  # noqa: RUF012 - Reflex copies a state's defaults
    problem: str = ""
    kept: str = ""
    me: str = ""
    trying: str = ""
    tried: str = ""
    outcome: str = ""
    answer: str = ""
    loaded: int = 0

    _marks: dict[str, str] = {}  # noqa: RUF012

    @rx.event
    async def open_channels(self) -> None:
        """Show what is in force."""
        self.reset()
        await self._read()

    @rx.event
    async def keep_mail(self, given: dict[str, Any]) -> None:
        """Keep a mail server."""
        server, seen = _mail_server(given), self._marks["mail"]
        await self._do("mail", lambda db, me, now: channel_settings.set_mail(db, me, seen, server, now))

    @rx.event
    async def forget_mail(self) -> None:
        """Forget the mail server."""
        seen = self._marks["mail"]
        await self._do("mail", lambda db, me, now: channel_settings.forget_mail(db, me, seen, now))

    @rx.event
    async def keep_webhook(self, given: dict[str, Any]) -> None:
        """Keep the address of the staff's channel."""
        url, seen = str(given.get("url", "")).strip() or "-", self._marks["webhook"]
        await self._do("webhook", lambda db, me, now: channel_settings.set_webhook(db, me, seen, url, now))

    @rx.event
    async def forget_webhook(self) -> None:
        """Forget the staff's channel."""
        seen = self._marks["webhook"]
        await self._do("webhook", lambda db, me, now: channel_settings.set_webhook(db, me, seen, "", now))

    @rx.event
    async def try_mail(self) -> Any:
        """Send a mail to whoever asks, and say what became of it."""
        me = await signed_in()
        self._begin("mail")
        yield
        self._end(await _within_time(lambda: trials.try_mail(me, clock().now())))

    @rx.event
    async def try_webhook(self) -> Any:
        """Send the channel a message, and say what became of it."""
        me = await signed_in()
        self._begin("webhook")
        yield
        self._end(await _within_time(lambda: trials.try_webhook(me)))

    @rx.event
    async def try_mailbox(self) -> Any:
        """Look into the mailbox, and say what became of it."""
        me = await signed_in()
        self._begin("mailbox")
        yield
        self._end(await _within_time(lambda: trials.try_mailbox(me)))

    def _begin(self, which: str) -> None:
        self.trying, self.tried, self.outcome, self.answer = which, which, "", ""

    def _end(self, found: Tried) -> None:
        self.trying, self.outcome, self.answer = "", found.what, found.answer

    async def _do(self, which: str, act: Act) -> None:
        me = await signed_in()
        self.wrong, self.problem, self.kept, self.tried = {}, "", "", ""
        self.wrong, self.problem = await asyncio.to_thread(_try, act, me)
        if not self.wrong and not self.problem:
            self.kept = which
            await self._read()

    async def _read(self) -> None:
        self.me = (await signed_in()).email
        self.mail, self.webhook, self.mailbox, self._marks = await asyncio.to_thread(_look)
        self.loaded += 1


def _look() -> tuple[MailView, WebhookView, MailboxView, dict[str, str]]:
    with reading() as db:
        force, box = in_force(db), settings().reply_mailbox
        is_fixed = bool(settings().smtp_url)
        server, shown = force.mail, MailView(is_fixed=is_fixed)
        if server:
            user = "" if is_fixed else server.user
            has_password = kept_mail(db) is not None and bool(server.password)
            shown = MailView(
                server.host, str(server.port), server.tls, server.sender, user, has_password, is_fixed
            )
        url = force.webhook.url if force.webhook else ""
        mailbox = MailboxView()
        if box:
            mailbox = MailboxView(box.host, box.folder, box.address, mailbox_trouble(db))
        marks = {str(each): mark_of(db, each) for each in Channel}
        return shown, WebhookView(host_of_url(url), bool(settings().webhook_url)), mailbox, marks


def _mail_server(given: dict[str, Any]) -> MailServer:
    """Read the form; what cannot be is left for the service to name."""
    text = {name: str(given.get(name, "")).strip() for name in ("host", "port", "sender", "tls", "user")}
    port = int(text["port"]) if text["port"].isdecimal() and len(text["port"]) <= _MOST_DIGITS else 0
    tls = Tls(text["tls"]) if text["tls"] in set(Tls) else Tls.STARTTLS
    return MailServer(text["host"], port, text["sender"], tls, text["user"], str(given.get("password", "")))


def _try(act: Act, me: StaffMember) -> tuple[dict[str, str], str]:
    """Give what is wrong by field, and the key of what went wrong besides."""
    try:
        with writing() as db:
            act(db, me, clock().now())
    except ChannelFormError as error:
        return {each.field: each.code for each in error.problems}, ""
    except ChangedMeanwhileError:
        return {}, "changed"
    except SetByEnvironmentError:
        return {}, "fixed"
    except NotAllowedError:
        return {}, "refused"
    return {}, ""


async def _within_time(trial: Callable[[], Tried]) -> Tried:
    """Try in a thread, and wait only so long: to look a name up may take for ever."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(trial), _PATIENCE_SECONDS)
    except TimeoutError:
        return Tried(Outcome.SILENCE)
    except NotAllowedError:
        return Tried(Outcome.NOT_SET_UP)
