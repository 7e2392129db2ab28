"""Who may sign in; coordinators add, reset and disable here."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.accounts_state import AccountsState
from copapp.staff.both import refusal
from copapp.staff.connection import is_shown
from copapp.staff.shell import back_to_team, page
from copapp.staff.words import links_shown, t, t_of, when


def act(name: str, on_click: Any) -> rx.Component:
    """One thing that can be done to an account."""
    return rx.el.button(t(f"accounts.{name}"), type="button", on_click=on_click, class_name="link")


def person(each: Any) -> rx.Component:
    """One of us: who, what role, whether signing in is possible, and what can be done about it."""
    is_coordinator = each.role == "coordinator"
    return rx.el.li(
        rx.el.strong(each.name),
        rx.el.span(each.email, class_name="quiet"),
        rx.el.span(t_of("accounts.role.", each.role), " · ", t_of("accounts.state.", each.state)),
        rx.cond(
            each.link_until != "",
            rx.el.span(t("accounts.link_until", when=when(each.link_until)), class_name="quiet"),
        ),
        rx.cond(each.has_factor, rx.el.span(t("accounts.has_factor"), class_name="quiet")),
        rx.cond(
            each.sessions > 0, rx.el.span(t("accounts.sessions", count=each.sessions), class_name="quiet")
        ),
        rx.el.div(
            rx.cond(
                each.state == "disabled",
                act("enable", AccountsState.enable(each.id, each.seen)),
                rx.fragment(
                    act("make_link", AccountsState.make_link(each.id, each.seen)),
                    rx.cond(
                        is_coordinator,
                        act("make_member", AccountsState.set_role(each.id, each.seen, "member")),
                        act("make_coordinator", AccountsState.set_role(each.id, each.seen, "coordinator")),
                    ),
                    rx.cond(
                        each.sessions > 0,
                        act("end_sessions", AccountsState.end_sessions(each.id, each.seen)),
                    ),
                    rx.cond(
                        each.has_factor,
                        act("reset_factor", AccountsState.reset_factor(each.id, each.seen)),
                    ),
                    act("disable", AccountsState.disable(each.id, each.seen)),
                ),
            ),
            class_name="row",
        ),
        key=each.id,
        custom_attrs={"data-account": each.state},
    )


def new_links() -> rx.Component:
    """The one-time links that were made here, each until it is handed over or works no longer."""
    state: Any = AccountsState
    may_not = is_shown() & (state.me == 0)
    links = links_shown(state.me, rx.cond(state.made.address != "", state.made, ""), state.people, may_not)

    def new_link(each: Any) -> rx.Component:
        return rx.el.div(
            rx.el.p(t("accounts.hand_over", name=each["name"])),
            rx.el.input(
                value=each["address"],
                read_only=True,
                name="link",
                custom_attrs={"aria-label": t("accounts.link")},
            ),
            rx.el.div(
                rx.el.button(
                    t("accounts.handed_over"), type="button", on_click=links.handed_over(each["of"])
                ),
                class_name="row",
            ),
            class_name="panel",
            key=each["of"],
        )

    return rx.el.div(rx.foreach(links.shown, new_link), role="status")


def problem() -> rx.Component:
    """What went wrong, said aloud."""
    return rx.el.div(
        refusal("door.", AccountsState.problem, AccountsState.both),
        role="alert",
    )


def add_form() -> rx.Component:
    """The form for one more of us."""
    return rx.el.form(
        rx.el.h2(t("accounts.add")),
        rx.el.label(
            rx.el.span(t("accounts.name")),
            rx.el.input(name="name", required=True, max_length=120, auto_complete="off"),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(t("sign_in.email")),
            rx.el.input(name="email", type="email", required=True, max_length=254, auto_complete="off"),
            class_name="field",
        ),
        rx.el.label(
            rx.el.input(name="coordinator", type="checkbox"),
            rx.el.span(t("accounts.as_coordinator")),
            class_name="tick",
        ),
        rx.el.button(t("accounts.add_send"), type="submit", class_name="main"),
        on_submit=AccountsState.add_person,
        reset_on_submit=False,
        key=AccountsState.added,
        class_name="panel",
    )


def required() -> rx.Component:
    """Whether everybody must have a second factor."""
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox", checked=AccountsState.is_required, on_change=AccountsState.require_factor
            ),
            rx.el.span(t("accounts.require_factor")),
            class_name="tick",
        ),
        rx.el.p(t("accounts.require_factor_hint"), class_name="quiet"),
        class_name="panel",
    )


def accounts() -> rx.Component:
    """The page at `/admin/accounts`."""
    return page(
        routes.ACCOUNTS,
        rx.el.header(back_to_team(), rx.el.h1(t("accounts.title")), class_name="head"),
        problem(),
        new_links(),
        rx.cond(
            AccountsState.people.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(AccountsState.people, person), class_name="panel accounts"),
                add_form(),
                required(),
            ),
            rx.el.p(t("accounts.closed"), class_name="nothing"),
        ),
    )
