"""The live state of mail, the staff's channel and the mailbox. No password or secret path is ever in it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.clock import clock
from copapp.database import reading
from copapp.mail_server import MailServer, Tls
from copapp.models import Channel
from copapp.services import channel_settings, trials
from copapp.services.channel_settings import ChannelFormError, SetByEnvironmentError, host_of_url, mark_of
from copapp.services.channels import in_force, kept_mail
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.mailbox import mailbox_trouble
from copapp.services.moves import NotAllowedError
from copapp.services.trials import Outcome, Tried
from copapp.settings import settings
from copapp.staff.acts import FAULT, Act, Refusals, do
from copapp.staff.both import Both
from copapp.staff.faults import note_fault
from copapp.staff.signed_in import signed_in

REFUSALS: Refusals = {
    ChannelFormError: "form",
    ChangedMeanwhileError: "changed",
    SetByEnvironmentError: "fixed",
    NotAllowedError: "refused",
}
_PATIENCE_SECONDS = 45.0
_MOST_DIGITS = 5


@dataclass(frozen=True)
class MailView:
    """The mail server in force; `is_fixed`: the environment sets it, `line` tells it. Never its password."""

    host: str = ""
    port: str = ""
    tls: str = ""
    sender: str = ""
    user: str = ""
    has_password: bool = False
    is_fixed: bool = False
    mark: str = ""
    line: str = ""


@dataclass(frozen=True)
class WebhookView:
    """The staff's channel in force: its host alone."""

    host: str = ""
    is_fixed: bool = False
    mark: str = ""
    line: str = ""


@dataclass(frozen=True)
class MailboxView:
    """The mailbox of replies: where it is, and why it could not be read lately."""

    host: str = ""
    folder: str = ""
    address: str = ""
    trouble: str = ""


class ChannelsState(rx.State):
    """The ways out and in, at `/admin/settings`; a trial says what became of it.

    `marks` names what is on the screen of each, as it is kept.
    """

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
    both: list[Both] = []  # noqa: RUF012
    marks: dict[str, str] = {}  # noqa: RUF012

    @rx.event
    async def open_channels(self) -> None:
        """Show what is in force."""
        self.reset()
        await self._read()

    @rx.event
    async def keep_mail(self, given: dict[str, Any]) -> None:
        """Keep a mail server in the place of the one that was shown."""
        server, seen = _mail_server(given), str(given["mark"])
        yours = _mail_line(server.host, str(server.port), server.tls, server.sender, server.user)
        await self._do(
            "mail", lambda db, me, now: channel_settings.set_mail(db, me, seen, server, now), yours
        )

    @rx.event
    async def forget_mail(self, seen: str) -> None:
        """Forget the mail server that is shown."""
        await self._do("mail", lambda db, me, now: channel_settings.forget_mail(db, me, seen, now))

    @rx.event
    async def keep_webhook(self, given: dict[str, Any]) -> None:
        """Keep the address of the staff's channel in the place of the one that was shown."""
        url, seen = str(given["url"]).strip() or "-", str(given["mark"])
        await self._do(
            "webhook",
            lambda db, me, now: channel_settings.set_webhook(db, me, seen, url, now),
            host_of_url(url),
        )

    @rx.event
    async def forget_webhook(self, seen: str) -> None:
        """Forget the staff's channel that is shown."""
        await self._do("webhook", lambda db, me, now: channel_settings.set_webhook(db, me, seen, "", now))

    @rx.event
    async def try_mail(self, seen: str) -> Any:
        """Send a mail to whoever asks by the server that is shown, and say what became of it."""
        me = await signed_in()
        self._begin("mail")
        yield
        self._end(await _within_time(Channel.MAIL, seen, lambda: trials.try_mail(me, clock().now())))

    @rx.event
    async def try_webhook(self, seen: str) -> Any:
        """Send the channel that is shown a message, and say what became of it."""
        me = await signed_in()
        self._begin("webhook")
        yield
        self._end(await _within_time(Channel.WEBHOOK, seen, lambda: trials.try_webhook(me)))

    @rx.event
    async def try_mailbox(self) -> Any:
        """Look into the mailbox, which only the environment sets, and say what became of it."""
        me = await signed_in()
        self._begin("mailbox")
        yield
        self._end(await _within_time(None, "", lambda: trials.try_mailbox(me)))

    def _begin(self, which: str) -> None:
        self.trying, self.tried, self.outcome, self.answer = which, which, "", ""

    def _end(self, found: Tried) -> None:
        self.trying, self.outcome, self.answer = "", found.what, found.answer

    async def _do(self, which: str, act: Act[None], yours: str = "") -> None:
        self.wrong, self.problem, self.kept, self.tried, self.both = {}, "", "", "", []
        done = await do(act, REFUSALS)
        if not done.problem:
            self.kept = which
            await self._read()
        elif isinstance(done.refusal, ChannelFormError):
            self.wrong = {each.field: each.code for each in done.refusal.problems}
        else:
            self.problem = done.problem
        if isinstance(done.refusal, ChangedMeanwhileError):
            await self._show_both(which, yours)

    async def _show_both(self, which: str, yours: str) -> None:
        """Show what is kept now beside what is on the screen; the form stays, and means this from now on."""
        mail, webhook, _ = await asyncio.to_thread(_look)
        is_mail = which == "mail"
        before = self.mail if is_mail else self.webhook
        self.both = [Both(yours or before.line, mail.line if is_mail else webhook.line)]
        self.marks = self.marks | {which: mail.mark if is_mail else webhook.mark}

    async def _read(self) -> None:
        self.me = (await signed_in()).email
        self.mail, self.webhook, self.mailbox = await asyncio.to_thread(_look)
        self.marks = {"mail": self.mail.mark, "webhook": self.webhook.mark}


def _look() -> tuple[MailView, WebhookView, MailboxView]:
    with reading() as db:
        force, box = in_force(db), settings().reply_mailbox
        is_fixed = bool(settings().smtp_url)
        mark = mark_of(db, Channel.MAIL)
        server, shown = force.mail, MailView(is_fixed=is_fixed, mark=mark)
        if server:
            user = "" if is_fixed else server.user
            has_password = kept_mail(db) is not None and bool(server.password)
            told = server.host, str(server.port), server.tls, server.sender, user
            shown = MailView(*told, has_password, is_fixed, mark, _mail_line(*told))
        url = force.webhook.url if force.webhook else ""
        mailbox = MailboxView()
        if box:
            mailbox = MailboxView(box.host, box.folder, box.address, mailbox_trouble(db))
        host = host_of_url(url)
        webhook = WebhookView(host, bool(settings().webhook_url), mark_of(db, Channel.WEBHOOK), host)
        return shown, webhook, mailbox


def _mail_line(*parts: str) -> str:
    """Say in a line which mail server it is; never its password."""
    return " · ".join(each for each in parts if each)


def _mail_server(given: dict[str, Any]) -> MailServer:
    """Read the form; what cannot be is left for the service to name."""
    text = {name: str(given[name]).strip() for name in ("host", "port", "sender", "tls", "user")}
    port = int(text["port"]) if text["port"].isdecimal() and len(text["port"]) <= _MOST_DIGITS else 0
    tls = Tls(text["tls"]) if text["tls"] in set(Tls) else Tls.STARTTLS
    return MailServer(text["host"], port, text["sender"], tls, text["user"], str(given["password"]))


async def _within_time(channel: Channel | None, seen: str, trial: Callable[[], Tried]) -> Tried:
    """Try in a thread, and wait only so long: to look a name up may take for ever."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_tried, channel, seen, trial), _PATIENCE_SECONDS)
    except TimeoutError:
        return Tried(Outcome.SILENCE)
    except ChangedMeanwhileError:
        return Tried("changed")
    except NotAllowedError:
        return Tried("refused")
    except Exception as error:  # noqa: BLE001 - logged, and the page says so instead of waiting for ever
        note_fault(error)
        return Tried(FAULT)


def _tried(channel: Channel | None, seen: str, trial: Callable[[], Tried]) -> Tried:
    if channel is not None:
        with reading() as db:
            channel_settings.require_seen(db, channel, seen)
    return trial()
