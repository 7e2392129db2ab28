"""The statistics, on one screen and one sheet of paper; they name nobody."""

from typing import Any

import reflex as rx

from copapp.presenters.figures import AFTER, BEFORE
from copapp.staff import routes
from copapp.staff.figures_state import FiguresState
from copapp.staff.shell import back_to_team, page
from copapp.staff.words import print_page, short_weekday, t, t_of, when

Found: Any = FiguresState.figures


def figure(name: str, value: Any, more: Any = "") -> rx.Component:
    """One number, large, with what it counts."""
    return rx.el.div(
        rx.el.dt(t(f"figures.{name}"), more),
        rx.el.dd(value, custom_attrs={"data-figure": name}),
    )


def at_a_glance() -> rx.Component:
    """The four that are asked for first."""
    return rx.el.dl(
        figure("requests", Found.requests),
        figure("waiting", Found.waiting),
        figure("agreed", Found.agreed),
        figure(
            "answer",
            rx.cond(
                Found.answer_unit != "",
                t_of("figures.unit.", Found.answer_unit, count=Found.answer_count),
                t("figures.unknown"),
            ),
            rx.cond(
                Found.answered > 0,
                rx.fragment(" ", t("figures.answered", count=Found.answered)),
            ),
        ),
        class_name="figures",
    )


def by_state() -> rx.Component:
    """Where the requests stand."""
    return rx.el.section(
        rx.el.h2(t("figures.states")),
        rx.cond(
            Found.states.length() > 0,
            rx.el.dl(
                rx.foreach(
                    Found.states,
                    lambda each: rx.el.div(
                        rx.el.dt(t_of("status.", each.status)), rx.el.dd(each.count), key=each.status
                    ),
                ),
                class_name="counts",
            ),
            rx.el.p(t("figures.no_requests"), class_name="quiet"),
        ),
        rx.cond(Found.erased > 0, rx.el.p(t("figures.erased_hint"), class_name="quiet")),
        class_name="panel",
    )


def day(each: Any) -> rx.Component:
    """What came on a day, and what is agreed for it."""
    is_outside = (each.day == BEFORE) | (each.day == AFTER)
    return rx.el.tr(
        rx.el.th(
            rx.cond(
                is_outside, t_of("figures.", each.day), short_weekday(each.day) + " " + each.day.to(str)[8:10]
            ),
            scope="row",
        ),
        rx.el.td(each.asked),
        rx.el.td(each.agreed),
        key=each.day,
        custom_attrs={"data-day": each.day},
    )


def by_day() -> rx.Component:
    """Each day of the conference, and what lies outside of it."""
    return rx.el.section(
        rx.el.table(
            rx.el.caption(t("figures.days")),
            rx.el.thead(
                rx.el.tr(
                    *(
                        rx.el.th(t(f"figures.column.{name}"), scope="col")
                        for name in ("day", "asked", "agreed")
                    )
                )
            ),
            rx.el.tbody(rx.foreach(Found.days, day)),
            class_name="day-counts",
        ),
        class_name="panel",
    )


def programme() -> rx.Component:
    """The programme, and who follows it; what phones keep to themselves is unknown, and said to be."""
    return rx.el.section(
        rx.el.h2(t("figures.programme")),
        rx.el.dl(
            *(
                rx.el.div(rx.el.dt(t(f"figures.{name}")), rx.el.dd(count))
                for name, count in (
                    ("events", Found.events),
                    ("cancelled", Found.cancelled),
                    ("releases", Found.releases),
                    ("calendars", Found.calendars),
                    ("staff_calendars", Found.staff_calendars),
                    ("on_phones", t("figures.unknown")),
                )
            ),
            class_name="counts",
        ),
        rx.el.p(t("figures.unknown_hint"), class_name="quiet"),
        class_name="panel",
    )


def statistics() -> rx.Component:
    """The page at `/admin/statistics`."""
    return page(
        routes.TEAM,
        rx.el.header(
            back_to_team(),
            rx.el.h1(t("figures.title")),
            rx.cond(Found.as_of != "", rx.el.p(t("cover.as_of", when=when(Found.as_of)), class_name="quiet")),
            class_name="head",
        ),
        rx.cond(
            Found.as_of != "",
            rx.fragment(
                at_a_glance(), rx.el.div(by_state(), by_day(), programme(), class_name="figure-panels")
            ),
        ),
        rx.el.p(
            rx.el.button(t("cover.print"), type="button", on_click=print_page()), class_name="row no-print"
        ),
    )
