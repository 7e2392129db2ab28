"""Who of us covers what: every event by day, with who is there, what clashes, and where nobody is."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.clashes import clash
from copapp.staff.cover_state import CoverState
from copapp.staff.shell import back_to_team, page
from copapp.staff.words import day_words, print_page, t, when


def person(each: Any, title: Any, on_click: Any) -> rx.Component:
    """One of us: a tap says whether there or not; without the right to it, a name if there."""
    return rx.cond(
        each.may_change,
        rx.el.button(
            each.name,
            type="button",
            on_click=on_click,
            class_name="chip",
            key=each.id,
            custom_attrs={
                "aria-pressed": rx.cond(each.is_there, "true", "false"),
                "aria-label": each.name + ": " + title,
            },
        ),
        rx.cond(each.is_there, rx.el.span(each.name, class_name="chip there", key=each.id)),
    )


def row(each: Any) -> rx.Component:
    """One event: when, what, where, who of us, and what is in whose way."""
    return rx.el.li(
        rx.el.p(
            rx.el.strong(each.starts),
            rx.cond(each.ends != "", "–" + each.ends, rx.el.span(t("draft.no_end"), class_name="quiet")),
            class_name="time",
        ),
        rx.el.p(
            rx.el.a(
                each.title,
                href=f"{routes.EVENT}?slug=" + each.slug,
                lang="en",
                class_name=rx.cond(each.is_cancelled, "gone", ""),
            ),
            " ",
            rx.cond(each.is_cancelled, rx.el.span(t("draft.cancelled"), class_name="tag stop")),
            rx.el.span(each.room, lang="en", class_name="quiet room-name"),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(each.is_gap, rx.el.span(t("cover.nobody"), class_name="tag gold")),
            rx.foreach(
                each.people,
                lambda one: person(
                    one, each.title, CoverState.cover(each.slug, each.version, one.id, ~one.is_there)
                ),
            ),
            class_name="people",
            role="group",
            custom_attrs={"aria-label": t("cover.people")},
        ),
        rx.cond(
            each.clashes.length() > 0,
            rx.el.ul(
                rx.foreach(each.clashes, lambda one: clash(one.clash, rx.el.strong(one.name), " · ")),
                class_name="in-the-way",
            ),
        ),
        key=each.slug,
        custom_attrs={"data-cover": each.slug},
    )


def hours(each: Any) -> rx.Component:
    """When one of us can be met on a day."""
    return rx.el.span(each.name, " ", each.spans, key=each.name, class_name="span")


def day(each: Any) -> rx.Component:
    """One date: who can be met when, and its events."""
    return rx.el.section(
        rx.el.h2(day_words(each.day)),
        rx.cond(
            each.hours.length() > 0,
            rx.el.p(t("cover.hours"), " ", rx.foreach(each.hours, hours), class_name="quiet met"),
        ),
        rx.el.ul(rx.foreach(each.rows, row), class_name="cover-rows"),
        key=each.day,
        class_name="cover-day",
    )


def head() -> rx.Component:
    """How it stands in one line, and a way onto paper."""
    return rx.el.header(
        back_to_team(),
        rx.el.h1(t("cover.title")),
        rx.el.p(
            rx.cond(CoverState.gaps > 0, t("cover.gaps", count=CoverState.gaps), t("cover.no_gaps")),
            rx.cond(
                CoverState.clashes > 0,
                rx.fragment(" ", rx.el.strong(t("cover.clashes", count=CoverState.clashes))),
            ),
            role="status",
        ),
        rx.el.p(
            rx.cond(CoverState.is_coordinator, t("cover.hint"), t("cover.hint_own")),
            class_name="quiet no-print",
        ),
        rx.el.p(t("cover.as_of", when=when(CoverState.as_of)), class_name="quiet only-print"),
        rx.el.p(
            rx.el.button(t("cover.print"), type="button", on_click=print_page()), class_name="row no-print"
        ),
        class_name="head",
    )


def problem() -> rx.Component:
    """Why the last tap changed nothing."""
    return rx.el.div(refusal("hours.", CoverState.problem, CoverState.both), role="alert")


def cover() -> rx.Component:
    """The page at `/admin/cover`."""
    return page(routes.TEAM, head(), problem(), rx.foreach(CoverState.days, day))
