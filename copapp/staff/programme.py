"""The draft of the programme: every event by day; pick several to change them together."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.presenters.draft import DraftDay, DraftRow
from copapp.staff import routes
from copapp.staff.programme_state import ProgrammeState
from copapp.staff.shell import page
from copapp.staff.watched import waiting_lines
from copapp.staff.words import day_words, t, t_of

_STEPS = (-60, -15, 15, 60)


def marks(row: Any) -> rx.Component:
    """What is new about an event, and what to look at, each in a word."""
    return rx.el.span(
        rx.cond(row.is_cancelled, rx.el.span(t("draft.cancelled"), class_name="tag stop")),
        rx.cond(row.fate != "", rx.el.span(t_of("draft.fate.", row.fate), class_name="tag gold")),
        rx.foreach(row.hints, lambda kind: rx.el.span(t_of("hint.", kind), key=kind, class_name="tag hint")),
        class_name="marks",
    )


def _end(row: Any) -> rx.Component:
    return rx.cond(row.ends != "", "–" + row.ends, rx.el.span(t("draft.no_end"), class_name="quiet"))


def row(each: rx.Var[DraftRow]) -> rx.Component:
    """One event: a tick to pick it, the rest leads to its form."""
    given: Any = each
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            checked=given.is_picked,
            on_change=ProgrammeState.pick(given.slug, given.version),
            custom_attrs={"aria-label": t("draft.pick") + ": " + given.title},
        ),
        rx.el.a(
            rx.el.span(
                rx.el.strong(given.starts),
                rx.cond(
                    given.ends != "", "–" + given.ends, rx.el.span(t("draft.no_end"), class_name="quiet")
                ),
                " · ",
                rx.el.span(given.room, lang="en"),
                class_name="time",
            ),
            rx.el.span(given.title, lang="en", class_name=rx.cond(given.is_cancelled, "gone", "")),
            marks(given),
            href=f"{routes.EVENT}?slug=" + given.slug,
        ),
        key=given.slug,
        custom_attrs={"data-draft": given.slug},
    )


def day(each: rx.Var[DraftDay]) -> rx.Component:
    """The events of one date."""
    given: Any = each
    return rx.el.section(
        rx.el.h2(day_words(given.day)),
        rx.el.ul(rx.foreach(given.rows, row), class_name="draft-rows"),
        key=given.day,
        class_name="draft-day",
    )


def _act(name: str, on_click: Any, **given: Any) -> rx.Component:
    return rx.el.button(t(f"draft.{name}"), type="button", on_click=on_click, **given)


def together() -> rx.Component:
    """What can be done to everything that is picked, at the thumb."""
    return rx.cond(
        ProgrammeState.picked_count > 0,
        rx.el.div(
            rx.el.p(t("draft.picked", count=ProgrammeState.picked_count), role="status"),
            rx.el.div(
                *(
                    rx.el.button(
                        f"{minutes:+d} min".replace("-", "−"),
                        type="button",
                        on_click=ProgrammeState.move(minutes),
                        custom_attrs={"data-move": str(minutes)},
                    )
                    for minutes in _STEPS
                ),
                rx.el.select(
                    rx.el.option(t("draft.into_room"), value=""),
                    rx.foreach(
                        ProgrammeState.rooms,
                        lambda room: rx.el.option(room.label, value=room.value, key=room.value),
                    ),
                    value="",
                    on_change=ProgrammeState.into_room,
                    custom_attrs={"aria-label": t("draft.into_room")},
                ),
                rx.el.button(t("draft.cancel"), type="button", on_click=ProgrammeState.set_status("cancel")),
                rx.el.button(
                    t("draft.restore"), type="button", on_click=ProgrammeState.set_status("restore")
                ),
                rx.el.button(
                    t("draft.remove"), type="button", class_name="stop", on_click=ProgrammeState.remove
                ),
                class_name="row",
            ),
            class_name="together panel",
        ),
    )


def problem() -> rx.Component:
    """Why the last change could not be made."""
    return rx.el.div(
        rx.cond(
            ProgrammeState.problem != "",
            rx.el.p(t_of("draft.problem.", ProgrammeState.problem), class_name="banner stop"),
        ),
        role="alert",
    )


def programme() -> rx.Component:
    """The page at `/admin/programme`."""
    return page(
        routes.DRAFT,
        rx.el.header(
            rx.el.h1(t("draft.title")),
            rx.el.p(
                rx.cond(
                    ProgrammeState.waiting > 0,
                    t("draft.waiting", count=ProgrammeState.waiting),
                    t("draft.nothing_waits"),
                ),
                class_name="quiet",
            ),
            class_name="head",
        ),
        rx.el.div(
            rx.el.a(t("draft.add"), href=routes.EVENT, class_name="button"),
            rx.el.a(t("import.title"), href=routes.IMPORT, class_name="button"),
            rx.el.a(icon("share"), t("release.look"), href=routes.RELEASE, class_name="button main"),
            class_name="row",
        ),
        waiting_lines(),
        problem(),
        rx.foreach(ProgrammeState.days, day),
        together(),
    )
