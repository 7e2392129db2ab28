"""Addresses that are watched: the list on the import's page, and the line elsewhere that something waits."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.import_state import ImportState
from copapp.staff.watch_state import WatchState
from copapp.staff.words import ago, t, t_of


def waiting_lines() -> rx.Component:
    """A line for each page that says something else than the draft; it leads to what that is."""
    return rx.el.div(
        rx.foreach(
            WatchState.rows,
            lambda each: rx.cond(
                each.waits,
                rx.el.p(
                    t("watch.line", host=each.host),
                    " ",
                    rx.el.a(t("watch.review"), href=f"{routes.IMPORT}?watched=" + each.id.to_string()),
                    key=each.id,
                    class_name="banner",
                    custom_attrs={"data-watched": each.id},
                ),
            ),
        ),
        class_name="watched-lines",
    )


def offer() -> rx.Component:
    """The button that begins to watch what is shown, where that came from an address."""
    return rx.cond(
        (ImportState.address != "") & ~WatchState.addresses.contains(ImportState.address),
        rx.el.div(
            rx.el.button(
                t("watch.begin"),
                type="button",
                on_click=ImportState.watch(ImportState.address, ImportState.file),
            ),
            rx.el.p(t("watch.promise"), class_name="quiet"),
        ),
    )


def row(each: Any) -> rx.Component:
    """One address, how its last look ended, and what can be done."""
    return rx.el.li(
        rx.el.p(each.address),
        rx.el.p(t("watch.looked"), " ", ago(each.looked_at, WatchState.now), class_name="quiet"),
        rx.cond(
            each.problem != "",
            rx.el.p(t("watch.failed"), " ", t_of("import.problem.", each.problem), class_name="trouble"),
        ),
        rx.cond(each.waits, rx.el.p(rx.el.span(t("watch.waits"), class_name="tag gold"))),
        rx.el.div(
            rx.cond(
                each.waits,
                rx.fragment(
                    rx.el.button(
                        t("watch.review"),
                        type="button",
                        class_name="main",
                        on_click=ImportState.review(each.id),
                    ),
                    rx.el.button(
                        t("watch.set_aside"),
                        type="button",
                        on_click=WatchState.set_aside(each.id, each.address, each.says),
                    ),
                ),
            ),
            rx.el.button(t("watch.stop"), type="button", on_click=WatchState.stop(each.id, each.address)),
            class_name="row",
        ),
        key=each.id,
        custom_attrs={"data-watched": each.id},
    )


def watched() -> rx.Component:
    """What is watched; nothing where nothing is."""
    return rx.cond(
        WatchState.rows.length() > 0,
        rx.el.section(
            rx.el.h2(t("watch.title")),
            rx.el.div(refusal("draft.problem.", WatchState.problem, WatchState.both), role="alert"),
            rx.el.ul(rx.foreach(WatchState.rows, row), class_name="watched"),
            class_name="panel",
            id="watched",
        ),
    )
