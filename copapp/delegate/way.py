"""The way between two rooms, drawn and in words."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.choices import chip
from copapp.delegate.event import code
from copapp.delegate.map import all_of_it, bases, frame, outside, room_options, to_others, unknown
from copapp.delegate.shell import page
from copapp.offline import map as venue_map
from copapp.offline.live import t
from copapp.offline.map import going
from copapp.parts.icons import icon


def end(name: str, words: Any, value: Any, hook: str) -> rx.Component:
    """Where the way begins or ends."""
    return rx.el.label(
        rx.el.span(words),
        rx.el.select(room_options(venue_map.way.rooms), name=name, value=value, on_change=going(hook)),
        class_name="field",
    )


def ends() -> rx.Component:
    """From, to, and the other way round."""
    way = venue_map.way
    return rx.el.div(
        end("from", t("way.from"), way.start, "useGoFrom"),
        rx.el.a(
            icon("swap"),
            href=way.back_href,
            class_name="button swap",
            custom_attrs={"aria-label": t("way.swap"), "title": t("way.swap")},
        ),
        end("to", t("way.to"), way.goal, "useGoTo"),
        class_name="way-ends needs-script",
    )


def leg(each: Any) -> rx.Component:
    """One leg: what to do, and about how long it takes."""
    return rx.el.li(
        rx.el.span(each.text, "."), " ", rx.el.span(each.minutes, class_name="quiet"), key=each.id
    )


def legs() -> rx.Component:
    """The way in words, leg by leg."""
    way = venue_map.way
    return rx.cond(
        way.legs.length() > 0,
        rx.el.div(
            rx.el.ol(rx.foreach(way.legs, leg), rx.el.li(way.there, class_name="there"), class_name="legs"),
            bases(way.bases),
        ),
        rx.cond(venue_map.plan.is_known, rx.el.p(way.problem, class_name="hint")),
    )


def avoiding() -> rx.Component:
    """Without stairs, where there are any."""
    return rx.cond(
        venue_map.way.has_stairs,
        rx.el.div(
            chip(t("way.avoid"), venue_map.way.avoids, going("useAvoiding")), class_name="chips needs-script"
        ),
    )


def way_head() -> rx.Component:
    """From where to where, and about how long."""
    way = venue_map.way
    return rx.fragment(
        rx.el.h1(way.title),
        rx.cond(way.total != "", rx.el.p(way.total, class_name="total")),
    )


def way_map() -> rx.Component:
    """The page at `/map/{room}/{to}`."""
    return page(
        routes.WAY,
        rx.cond(
            venue_map.way,
            frame(ends(), avoiding(), legs(), to_others(), code(), outside(), all_of_it(), head=way_head()),
            unknown(),
        ),
    )
