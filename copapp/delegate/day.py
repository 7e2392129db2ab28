"""A saved day as a line from top to bottom: cards, what lies between them, and clashes held together."""

from typing import Any

import reflex as rx

from copapp.delegate.cards import event_card, tags, when
from copapp.offline import day
from copapp.offline.live import t
from copapp.parts.icons import icon


def sign(kind: Any) -> rx.Component:
    """A drawing for each kind, beside its words."""
    return rx.match(
        kind,
        ("certain", icon("clash")),
        ("possible", icon("perhaps")),
        ("walk", icon("walk")),
        icon("clock"),
    )


def joint(between: Any) -> rx.Component:
    """The gap and the walk in words, or why the two do not fit; the walk leads to the way."""
    return rx.cond(
        between.kind != "",
        rx.el.p(
            sign(between.kind),
            rx.el.span(
                rx.cond(between.title != "", rx.el.strong(between.title + ": ")),
                between.text,
                rx.cond(between.walk != "", rx.fragment(", ", walk(between))),
            ),
            class_name="joint",
            custom_attrs={"data-joint": between.kind},
        ),
    )


def walk(between: Any) -> rx.Component:
    """How long one walks, or that one stays; a link where both rooms are known."""
    return rx.cond(between.way_href != "", rx.el.a(between.walk, href=between.way_href), between.walk)


def clash_line(each: Any) -> rx.Component:
    """One clash, named at this end."""
    return rx.el.li(
        sign(each.verdict),
        rx.el.span(
            each.words,
            " ",
            rx.el.strong(each.name, lang=each.lang),
            ", ",
            each.at,
            rx.cond(each.reason != "", rx.fragment(": ", each.reason)),
        ),
        key=each.key,
        custom_attrs={"data-verdict": each.verdict},
    )


def clash_lines(stop: Any) -> rx.Component:
    """Everything this entry clashes with."""
    return rx.cond(
        stop.lines.length() > 0, rx.el.ul(rx.foreach(stop.lines, clash_line), class_name="clash-lines")
    )


def place(stop: Any) -> rx.Component:
    """Where a meeting is, as it was agreed."""
    return rx.fragment(
        icon("place"),
        rx.el.span(stop.room, rx.cond(stop.site != "", rx.fragment(" · ", stop.site)), lang="en"),
    )


def meeting_card(stop: Any) -> rx.Component:
    """An agreed meeting; it opens the page of its request."""
    return rx.el.article(
        when(stop),
        rx.el.div(
            rx.el.span(tags(stop), rx.el.span(t("day.agreed"), class_name="tag go"), class_name="row"),
            rx.el.h3(rx.el.a(stop.title, href=stop.href, class_name="cover")),
            rx.el.p(
                rx.cond(stop.map_href != "", rx.el.a(place(stop), href=stop.map_href), place(stop)),
                class_name="where",
            ),
            clash_lines(stop),
            class_name="what",
        ),
        rx.el.span(icon("meet"), class_name="meeting-sign"),
        class_name="card meeting",
        custom_attrs={"data-meeting": stop.href}
        | {"data-request": rx.cond(stop.status != "", stop.status, None)},
    )


def stop(each: Any) -> rx.Component:
    """One entry, after what lies between it and the one before."""
    return rx.el.div(
        joint(each.joint),
        rx.cond(each.is_meeting, meeting_card(each), event_card(each, clash_lines(each))),
        key=each.slug,
        class_name="entry",
    )


def stretch(held: Any) -> rx.Component:
    """One entry alone, or a bracket that holds together what clashes."""
    return rx.el.div(
        joint(held.lead),
        rx.el.div(
            rx.foreach(held.stops, stop),
            class_name="stops",
            custom_attrs={
                "data-bracket": held.kind,
                "role": rx.cond(held.kind != "", "group", None),
                "aria-label": rx.cond(held.kind != "", t("day.together"), None),
            },
        ),
        key=held.key,
        class_name="stretch",
    )


def day_line(each: Any) -> rx.Component:
    """One date from top to bottom."""
    return rx.el.section(
        rx.el.h2(
            each.label,
            rx.cond(each.is_today, rx.el.span(t("schedule.today"), class_name="tag")),
            rx.cond(each.certain != "", rx.el.span(icon("clash"), each.certain, class_name="tag stop")),
            rx.cond(each.possible != "", rx.el.span(icon("perhaps"), each.possible, class_name="tag gold")),
            class_name="day-name",
        ),
        rx.foreach(each.stretches, stretch),
        key=each.date,
        class_name="day line",
        custom_attrs={"data-day": each.date},
    )


def estimates() -> rx.Component:
    """What the minutes rest on, said once."""
    return rx.el.p(t("day.estimates", minutes=day.assumed_minutes), class_name="quiet estimates")
