"""My account: the second factor, a new password, and where I am signed in."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.account_state import AccountState
from copapp.staff.both import refusal
from copapp.staff.door_words import said
from copapp.staff.plain_form import plain_form
from copapp.staff.shell import back_to_team, page
from copapp.staff.views.set_up import new_password
from copapp.staff.views.sign_in import field, what_went_wrong
from copapp.staff.words import Once, code_of, shown_once, t, when


def current_password() -> rx.Component:
    """Where one says again that one is who signed in."""
    return field(t("account.current"), "current", "password", "current-password")


def password() -> rx.Component:
    """A new password, for who knows the old one: a plain form, as it changes the browser's cookies."""
    return rx.el.section(
        rx.el.h2(t("account.password")),
        rx.el.p(t("account.password_hint"), class_name="quiet"),
        plain_form(
            rx.el.input(
                type="hidden",
                name="email",
                value=AccountState.email,
                auto_complete="username",
                read_only=True,
            ),
            current_password(),
            new_password(),
            rx.el.button(t("account.change"), type="submit", class_name="main"),
            action=routes.OWN_PASSWORD,
        ),
        class_name="panel",
    )


def code_field(words: Any) -> rx.Component:
    """Where a code is typed, of the app or of recovery."""
    return rx.el.label(
        rx.el.span(words),
        rx.el.input(name="code", required=True, max_length=32, auto_complete="one-time-code"),
        class_name="field",
    )


def factor_problem() -> rx.Component:
    """What was wrong, at the button: the top of the page is out of sight on a phone."""
    return rx.el.div(refusal("account.", AccountState.factor_problem), role="alert")


def key() -> Once:
    """The key for the app and the link to it, from the moment it was asked for until it counts."""
    given = rx.Var.create({"secret": AccountState.secret, "link": AccountState.link})
    given_now = rx.cond(AccountState.secret != "", given, "")
    return shown_once("key", AccountState.me, "", given_now, AccountState.since != "")


def new_factor() -> rx.Component:
    """The key for the app: to scan, to tap, or to type; a code shows that the app has it.

    The password comes first: a code is good for a minute, and nothing is left to type after it.
    """
    shown = key().shown.to(dict[str, str])
    secret, link = shown["secret"], shown["link"]
    return rx.el.form(
        rx.el.p(t("account.scan")),
        current_password(),
        rx.cond(
            code_of(link) != "",
            rx.el.figure(rx.el.img(src=code_of(link), alt=t("account.picture")), class_name="code"),
        ),
        rx.el.a(
            t("account.open_app"),
            href=link,
            class_name="button",
            custom_attrs={"data-native": "true"},
        ),
        rx.el.label(
            rx.el.span(t("account.secret")),
            rx.el.textarea(name="secret", value=secret, read_only=True, rows="2", auto_complete="off"),
            class_name="field",
        ),
        code_field(t("account.code")),
        factor_problem(),
        rx.el.button(t("account.set_factor"), type="submit", class_name="main"),
        rx.el.button(t("account.not_now"), type="button", on_click=key().noted, class_name="link"),
        on_submit=AccountState.set_factor,
        reset_on_submit=False,
        key=secret,
        class_name="factor",
    )


def kept_factor() -> rx.Component:
    """That codes are asked for, and the way to end that, with the password and a code."""
    return rx.fragment(
        rx.el.p(t("account.factor_on")),
        rx.el.form(
            current_password(),
            code_field(t("account.code_or_recovery")),
            factor_problem(),
            rx.el.button(t("account.remove_factor"), type="submit"),
            on_submit=AccountState.remove_factor,
            class_name="factor",
        ),
    )


def recovery_codes() -> rx.Component:
    """The codes of recovery, until somebody says that they are written down."""
    codes = shown_once("codes", AccountState.me, AccountState.since, AccountState.codes)
    return rx.el.div(
        rx.cond(
            codes.shown,
            rx.fragment(
                rx.el.p(t("account.recovery"), class_name="banner go"),
                rx.el.ol(
                    rx.foreach(
                        codes.shown.to(str).split(" "), lambda each: rx.el.li(rx.el.code(each), key=each)
                    ),
                    class_name="recovery",
                ),
                rx.el.button(
                    t("account.have_codes"),
                    type="button",
                    on_click=[codes.noted, AccountState.have_codes],
                    class_name="main",
                ),
            ),
        ),
        role="status",
    )


def factor() -> rx.Component:
    """The second factor."""
    return rx.el.section(
        rx.el.h2(t("account.factor")),
        rx.el.p(t("account.factor_hint"), class_name="quiet"),
        rx.cond(
            AccountState.is_required & (AccountState.since == ""),
            rx.el.p(t("account.factor_required"), class_name="banner stop"),
        ),
        recovery_codes(),
        # The key is asked after first: only what stands on the page can drop one that counts.
        rx.cond(
            key().shown.bool() & (AccountState.since == ""),
            new_factor(),
            rx.cond(
                AccountState.since != "",
                kept_factor(),
                rx.el.button(t("account.new_factor"), type="button", on_click=AccountState.new_secret),
            ),
        ),
        class_name="panel",
    )


def session(each: Any) -> rx.Component:
    """One browser: what it is, since when and when last, and a way to end it."""
    return rx.el.li(
        rx.el.strong(rx.cond(each.browser != "", each.browser, t("account.some_browser"))),
        rx.cond(each.is_this, rx.el.span(t("account.this"))),
        rx.el.span(t("account.opened", when=when(each.opened)), class_name="quiet"),
        rx.el.span(t("account.used", when=when(each.used)), class_name="quiet"),
        rx.el.div(
            rx.el.button(
                t("account.end"),
                type="button",
                class_name="link",
                on_click=AccountState.end_session(each.id, each.seen),
                custom_attrs={"aria-label": t("account.end") + " " + each.browser},
            ),
            class_name="row",
        ),
        key=each.id,
        custom_attrs={"data-session": rx.cond(each.is_this, "this", "other")},
    )


def sessions() -> rx.Component:
    """Every browser that is signed in as me."""
    return rx.el.section(
        rx.el.h2(t("account.sessions")),
        rx.el.p(t("account.sessions_hint"), class_name="quiet"),
        rx.el.ul(rx.foreach(AccountState.sessions, session), class_name="accounts"),
        class_name="panel",
    )


def account() -> rx.Component:
    """The page at `/admin/account`."""
    return page(
        routes.TEAM,
        rx.el.header(
            back_to_team(),
            rx.el.h1(t("account.title")),
            rx.el.p(AccountState.name, " · ", AccountState.email, class_name="quiet"),
            class_name="head",
        ),
        what_went_wrong(),
        rx.el.div(
            rx.cond(said("done") == "password", rx.el.p(t("account.changed"), class_name="banner go")),
            role="status",
        ),
        rx.el.div(refusal("account.", AccountState.problem), role="alert"),
        factor(),
        password(),
        sessions(),
    )
