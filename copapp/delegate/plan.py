"""The drawing of the venue: shapes and lines in metres; above them names and signs, in pixels."""

from typing import Any

import reflex as rx

from copapp.offline import map as venue_map
from copapp.offline.live import t
from copapp.offline.map import act
from copapp.parts.icons import icon


def room_shape(room: Any) -> rx.Component:
    """One room, to be tapped."""
    return rx.el.a(
        rx.el.path(
            d=room.outline,
            class_name="room",
            custom_attrs={"data-room": room.slug, "data-state": room.state},
        ),
        key=room.slug,
        href=room.href,
        lang=room.lang,
        class_name="room-link",
        custom_attrs={"aria-label": room.label},
    )


def site_shape(site: Any) -> rx.Component:
    """A site's block; a tap shows it larger."""
    return rx.el.path(
        d=site.outline,
        role="button",
        tab_index=0,
        lang=site.lang,
        class_name="site",
        custom_attrs={"data-site": site.slug, "aria-label": site.label},
    )


def site_group(site: Any) -> rx.Component:
    """A site, then its rooms: the order in which they are read aloud."""
    return rx.el.g(
        site_shape(site),
        rx.foreach(site.rooms, room_shape),
        key=site.slug,
        role="group",
        lang=site.lang,
        custom_attrs={"aria-label": site.name},
    )


def lines(plan: Any) -> rx.Component:
    """Where one walks, and the doors."""
    return rx.el.g(
        rx.el.path(d=plan.inner, class_name="inner"),
        rx.el.path(d=plan.room_doors, class_name="room-doors"),
        rx.el.path(d=plan.entrances, class_name="entrances"),
        custom_attrs={"aria-hidden": "true"},
    )


def way_line(plan: Any) -> rx.Component:
    """The way between two rooms, over everything else."""
    return rx.el.g(
        rx.foreach(plan.way, lambda leg: rx.el.path(d=leg.d, key=leg.id, class_name="way-ground")),
        rx.foreach(
            plan.way,
            lambda leg: rx.el.path(
                d=leg.d, key=leg.id, class_name=rx.cond(leg.is_near, "way-leg", "way-leg away")
            ),
        ),
        rx.el.path(d=plan.starts, class_name="way-end"),
        rx.el.path(d=plan.starts, class_name="way-start"),
        rx.el.path(d=plan.ends, class_name="way-end"),
        custom_attrs={"aria-hidden": "true"},
    )


def label(each: Any) -> rx.Component:
    """A name; a lit one carries a sign."""
    return rx.el.span(
        rx.cond(each.state == "lit", icon("place")),
        rx.cond(each.sign != "", rx.el.span(each.sign, class_name="sign")),
        rx.el.span(each.text, lang=each.lang),
        key=each.id,
        class_name="label",
        custom_attrs={
            "style": each.place,
            "data-kind": each.kind,
            "data-state": each.state,
            "data-anchor": each.anchor,
            "data-tucked": rx.cond(each.tucked, "true", "false"),
        },
    )


def drawing(plan: Any, *shapes: rx.Component, **given: Any) -> rx.Component:
    """The plan as large as its frame allows."""
    return rx.el.div(
        rx.el.svg(
            rx.el.path(d=plan.buildings, class_name="building"),
            rx.el.path(d=plan.paths, class_name="outer"),
            *shapes,
            lines(plan),
            way_line(plan),
            view_box=plan.view_box,
            **given,
        ),
        rx.el.div(rx.foreach(plan.labels, label), class_name="labels", custom_attrs={"aria-hidden": "true"}),
        class_name="plan",
        custom_attrs={"style": plan.size},
    )


def mini() -> rx.Component:
    """The plan of an event's page, its room lit; it comes after the page, into a place kept free."""
    plan = venue_map.mini
    return rx.el.a(
        rx.cond(
            plan.is_known,
            rx.fragment(
                drawing(plan, rx.foreach(plan.sites, still_site), custom_attrs={"aria-hidden": "true"}),
                rx.el.span(plan.note, class_name="schematic"),
            ),
        ),
        href=plan.href,
        class_name=rx.cond(plan.is_missing, "mini needs-script none", "mini needs-script"),
        custom_attrs={"aria-label": plan.label},
    )


def still_site(site: Any) -> rx.Component:
    """A site and its rooms, only to be seen."""
    return rx.el.g(
        rx.el.path(d=site.outline, class_name="site"),
        rx.foreach(
            site.rooms,
            lambda room: rx.el.path(
                d=room.outline,
                key=room.slug,
                class_name="room",
                custom_attrs={"data-room": room.slug, "data-state": room.state},
            ),
        ),
        key=site.slug,
    )


def zoom_button(sign: str, words: Any, name: str) -> rx.Component:
    """One of the buttons at the plan's edge."""
    return rx.el.button(
        icon(sign), type="button", on_click=act(name), custom_attrs={"aria-label": words, "title": words}
    )


def zoom_buttons() -> rx.Component:
    """Larger, smaller, whole: for who has no two fingers free."""
    return rx.el.div(
        zoom_button("minus", t("map.zoom_out"), "zoomOut"),
        zoom_button("plus", t("map.zoom_in"), "zoomIn"),
        zoom_button("whole", t("map.whole"), "showWhole"),
        class_name="zoom needs-script",
    )


def stage() -> rx.Component:
    """The plan in its frame: moved by fingers, wheel, keys and buttons (store/pan.js)."""
    plan = venue_map.plan
    return rx.el.div(
        rx.el.div(drawing(plan, rx.foreach(plan.sites, site_group), role="group"), class_name="world"),
        rx.cond(plan.is_schematic, rx.el.p(t("map.schematic"), class_name="schematic")),
        id="stage",
        class_name="stage",
        role="group",
        tab_index=0,
        custom_attrs={"aria-label": t("map.drawing"), "style": plan.size},
    )
