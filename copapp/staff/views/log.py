"""Who of us changed what, and when; for coordinators."""

from typing import Any

import reflex as rx

from copapp.services.audit import KINDS
from copapp.staff import routes
from copapp.staff.log_state import LogState
from copapp.staff.shell import back_to_team, page
from copapp.staff.words import t, t_of, when


def narrowing(name: str, value: Any, on_change: Any, *options: rx.Component) -> rx.Component:
    """A list to narrow the log by."""
    return rx.el.label(
        rx.el.span(t(f"log.{name}")),
        rx.el.select(
            rx.el.option(t(f"log.every.{name}"), value=""), *options, value=value, on_change=on_change
        ),
        class_name="field",
    )


def narrowings() -> rx.Component:
    """By whom, and of what kind."""
    return rx.el.div(
        narrowing(
            "who",
            LogState.who,
            LogState.choose_who,
            rx.foreach(
                LogState.people, lambda each: rx.el.option(each.label, value=each.value, key=each.value)
            ),
            rx.el.option(t("log.command_line"), value="0"),
        ),
        narrowing(
            "kind",
            LogState.kind,
            LogState.choose_kind,
            *(rx.el.option(t(f"log.kind.{each}"), value=each) for each in KINDS),
        ),
        class_name="times no-print",
    )


def value(each: Any, text: Any) -> rx.Component:
    """One value of a field, a word of ours or a text as it was written."""
    return rx.cond(each.is_word, t_of("log.value.", text), text)


def field(each: Any) -> rx.Component:
    """One field, old and new."""
    return rx.el.li(
        rx.el.span(
            rx.cond(each.is_setting, t_of("conference.", each.field), t_of("log.field.", each.field)),
            class_name="quiet",
        ),
        rx.cond(each.detail != "", rx.el.span(" (", t_of("language.", each.detail), ")", class_name="quiet")),
        ": ",
        value(each, each.was),
        " → ",
        rx.el.strong(value(each, each.now)),
        key=each.field + each.detail,
    )


def row(each: Any) -> rx.Component:
    """One act: when, who, what, and its fields."""
    return rx.el.li(
        rx.el.p(
            when(each.at),
            " · ",
            rx.cond(
                each.by != "",
                each.by,
                rx.cond(each.is_by_nobody, t("log.nobody"), t("log.command_line")),
            ),
            class_name="quiet",
        ),
        rx.el.p(
            rx.el.strong(t_of("log.act.", each.act)),
            rx.cond(each.subject != "", rx.el.span(" · ", each.subject)),
        ),
        rx.cond(
            each.fields.length() > 0, rx.el.ul(rx.foreach(each.fields, field), class_name="field-changes")
        ),
        key=each.id,
        custom_attrs={"data-act": each.act},
    )


def log() -> rx.Component:
    """The page at `/admin/log`."""
    return page(
        routes.TEAM,
        rx.el.header(back_to_team(), rx.el.h1(t("log.title")), class_name="head"),
        rx.cond(
            LogState.is_open,
            rx.fragment(
                narrowings(),
                rx.cond(
                    LogState.rows.length() > 0,
                    rx.el.ol(rx.foreach(LogState.rows, row), class_name="log"),
                    rx.el.p(t("log.nothing"), class_name="nothing"),
                ),
                rx.cond(
                    LogState.has_more,
                    rx.el.button(t("log.older"), type="button", on_click=LogState.show_older),
                ),
            ),
            rx.el.p(t("accounts.closed"), class_name="nothing"),
        ),
    )
