"""Mail, the staff's channel and the mailbox: what is in force, what may be set here, and a trial of each."""

from typing import Any

import reflex as rx

from copapp.mail_server import Tls
from copapp.staff.both import refusal, words_of
from copapp.staff.channels_state import ChannelsState
from copapp.staff.words import t, t_of

Mail, Webhook, Mailbox = ChannelsState.mail, ChannelsState.webhook, ChannelsState.mailbox
MAIL_MARK, WEBHOOK_MARK = (ChannelsState.marks.get(each, "") for each in ("mail", "webhook"))


def wrong(name: str) -> rx.Component:
    """What is wrong with a field, and what would be right."""
    return rx.cond(
        ChannelsState.wrong.contains(name),
        rx.el.span(t_of("channel.problem.", ChannelsState.wrong[name]), class_name="wrong", role="alert"),
    )


def field(name: str, value: Any, kind: str = "text", **given: Any) -> rx.Component:
    """One labelled field of one line."""
    return rx.el.label(
        rx.el.span(t(f"channel.{name}")),
        rx.el.input(name=name, type=kind, default_value=value, auto_complete="off", **given),
        wrong(name),
        class_name="field",
    )


def fact(name: str, value: Any) -> rx.Component:
    """One line of what is in force."""
    return rx.fragment(rx.el.dt(t(f"channel.{name}")), rx.el.dd(value))


def said(which: str) -> rx.Component:
    """What became of the last try to keep something."""
    return rx.fragment(
        rx.cond(
            ChannelsState.kept == which, rx.el.p(t("channel.kept"), class_name="banner go", role="status")
        ),
    )


def trial(which: str, label: Any, act: Any) -> rx.Component:
    """A button that tries it, and the truth about what became of that."""
    is_mine: Any = ChannelsState.tried == which
    good: Any = ChannelsState.outcome == "taken"
    return rx.el.div(
        rx.el.p(
            rx.el.button(label, type="button", on_click=act, disabled=ChannelsState.trying != ""),
            class_name="row",
        ),
        rx.el.div(
            rx.cond(is_mine & (ChannelsState.trying == which), rx.el.p(t("channel.trying"))),
            rx.cond(
                is_mine & (ChannelsState.outcome != ""),
                rx.el.p(
                    rx.cond(
                        good,
                        t(f"channel.{which}.taken", address=ChannelsState.me),
                        words_of("channel.step.", ChannelsState.outcome),
                    ),
                    rx.cond(ChannelsState.answer != "", t("channel.answer", code=ChannelsState.answer), ""),
                    class_name=rx.cond(good, "banner go", "banner stop"),
                ),
            ),
            role="status",
            id=f"tried-{which}",
        ),
    )


def mail_in_force() -> rx.Component:
    """The mail server, as the environment sets it."""
    return rx.fragment(
        rx.el.p(t("channel.fixed", name="COPAPP_SMTP_URL"), class_name="quiet"),
        rx.el.dl(
            fact("host", Mail.host),
            fact("port", Mail.port),
            fact("tls", t_of("channel.tls.", Mail.tls)),
            fact("sender", Mail.sender),
            class_name="facts",
        ),
    )


def mail_form() -> rx.Component:
    """The mail server, to be set here; the password goes in and never comes out."""
    return rx.el.form(
        rx.el.input(type="hidden", name="mark", value=MAIL_MARK),
        rx.cond(Mail.host == "", rx.el.p(t("channel.mail.none"))),
        rx.el.div(
            field("host", Mail.host, placeholder="mail.example.org"),
            field("port", rx.cond(Mail.port != "", Mail.port, "587"), input_mode="numeric"),
            class_name="times",
        ),
        rx.el.label(
            rx.el.span(t("channel.tls")),
            rx.el.select(
                *(rx.el.option(t(f"channel.tls.{each}"), value=str(each)) for each in Tls),
                name="tls",
                default_value=rx.cond(Mail.tls != "", Mail.tls, str(Tls.STARTTLS)),
            ),
            wrong("tls"),
            class_name="field",
        ),
        field("sender", Mail.sender, "email"),
        field("user", Mail.user),
        field("password", "", "password"),
        rx.cond(Mail.has_password, rx.el.p(t("channel.password_kept"), class_name="quiet")),
        rx.el.p(t("channel.secret"), class_name="quiet"),
        rx.el.p(
            rx.el.button(t("channel.keep"), type="submit", class_name="main"),
            rx.cond(
                Mail.host != "",
                rx.el.button(
                    t("channel.forget"),
                    type="button",
                    class_name="link",
                    on_click=ChannelsState.forget_mail(MAIL_MARK),
                ),
            ),
            class_name="row",
        ),
        on_submit=ChannelsState.keep_mail,
        reset_on_submit=False,
        no_validate=True,
        key=Mail.mark,
        id="mail-form",
    )


def mail() -> rx.Component:
    """How mail goes out."""
    return rx.el.section(
        rx.el.h2(t("channel.mail.title")),
        said("mail"),
        rx.cond(Mail.is_fixed, mail_in_force(), mail_form()),
        rx.cond(
            Mail.host != "",
            trial("mail", t("channel.mail.try", address=ChannelsState.me), ChannelsState.try_mail(MAIL_MARK)),
        ),
        class_name="panel channel",
        id="mail",
    )


def webhook_form() -> rx.Component:
    """The channel's address, to be set here; of the one that is kept only the host is shown."""
    return rx.el.form(
        rx.el.input(type="hidden", name="mark", value=WEBHOOK_MARK),
        field("url", "", "url", placeholder="https://chat.example.org/hooks/…"),
        rx.el.p(t("channel.webhook.hint"), class_name="quiet"),
        rx.el.p(t("channel.secret"), class_name="quiet"),
        rx.el.p(
            rx.el.button(t("channel.keep"), type="submit", class_name="main"),
            rx.cond(
                Webhook.host != "",
                rx.el.button(
                    t("channel.forget"),
                    type="button",
                    class_name="link",
                    on_click=ChannelsState.forget_webhook(WEBHOOK_MARK),
                ),
            ),
            class_name="row",
        ),
        on_submit=ChannelsState.keep_webhook,
        reset_on_submit=False,
        no_validate=True,
        key=Webhook.mark,
        id="webhook-form",
    )


def webhook() -> rx.Component:
    """Where the staff's messages go."""
    return rx.el.section(
        rx.el.h2(t("channel.webhook.title")),
        said("webhook"),
        rx.cond(
            Webhook.host != "",
            rx.el.p(t("channel.webhook.host", host=Webhook.host)),
            rx.el.p(t("channel.webhook.none")),
        ),
        rx.cond(
            Webhook.is_fixed,
            rx.el.p(t("channel.fixed", name="COPAPP_WEBHOOK_URL"), class_name="quiet"),
            webhook_form(),
        ),
        rx.cond(
            Webhook.host != "",
            trial("webhook", t("channel.webhook.try"), ChannelsState.try_webhook(WEBHOOK_MARK)),
        ),
        class_name="panel channel",
        id="webhook",
    )


def mailbox() -> rx.Component:
    """Where answers of calendar programs arrive; only the environment sets it."""
    return rx.el.section(
        rx.el.h2(t("channel.mailbox.title")),
        rx.cond(
            Mailbox.host != "",
            rx.fragment(
                rx.el.p(t("channel.fixed", name="COPAPP_IMAP_URL"), class_name="quiet"),
                rx.el.dl(
                    fact("host", Mailbox.host),
                    fact("folder", Mailbox.folder),
                    fact("address", Mailbox.address),
                    class_name="facts",
                ),
                rx.cond(
                    Mailbox.trouble != "",
                    rx.el.p(t_of("reply.trouble.", Mailbox.trouble), class_name="banner stop"),
                ),
                trial("mailbox", t("channel.mailbox.try"), ChannelsState.try_mailbox),
            ),
            rx.el.p(t("channel.mailbox.none")),
        ),
        class_name="panel channel",
        id="mailbox",
    )


def channels() -> rx.Component:
    """All three, and what went wrong with keeping one."""
    return rx.fragment(
        rx.el.div(
            refusal("channel.problem.", ChannelsState.problem, ChannelsState.both),
            role="alert",
        ),
        mail(),
        webhook(),
        mailbox(),
    )
