"""The map: the whole venue, one room, and everything of it as text."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.cards import day_section
from copapp.delegate.choices import chip
from copapp.delegate.event import code
from copapp.delegate.plan import stage, zoom_buttons
from copapp.delegate.shell import freshness, page
from copapp.offline import live
from copapp.offline import map as venue_map
from copapp.offline.live import t
from copapp.offline.map import act, going
from copapp.parts.icons import icon
from copapp.parts.styles import styles


def show_as() -> rx.Component:
    """The drawing, or words alone."""
    return rx.el.div(
        chip(t("map.plan"), ~venue_map.is_text, act("showPlan")),
        chip(t("map.as_text"), venue_map.is_text, act("showText")),
        class_name="chips show-as needs-script",
        role="group",
        custom_attrs={"aria-label": t("map.show_as")},
    )


def level_switch(each: Any) -> rx.Component:
    """The levels of one site."""
    return rx.el.div(
        rx.el.span(each.name, lang=each.lang, class_name="of quiet"),
        rx.foreach(
            each.choices,
            lambda level: chip(
                level.name,
                level.is_current,
                act("chooseLevel", level.at, level.site, level.id),
                key=level.id,
                lang=level.lang,
            ),
        ),
        key=each.site,
        class_name="chips levels",
        role="group",
        custom_attrs={"aria-label": each.label},
    )


def place_for_stage() -> rx.Component:
    """Nothing yet: keeps the plan's place free until it comes."""
    return rx.el.div(class_name="stage awaited", custom_attrs={"aria-hidden": "true"})


def frame(*sheet: rx.Component, head: rx.Component) -> rx.Component:
    """The plan, and the sheet below it. The head is read before the plan, and seen below it."""
    has_plan = venue_map.plan.is_known & ~venue_map.is_text
    return rx.el.div(
        styles("map"),
        venue_map.follow(),
        rx.el.header(head, rx.cond(venue_map.hint != "", rx.el.p(venue_map.hint, class_name="hint"))),
        rx.cond(
            venue_map.plan.is_known | venue_map.is_awaited,
            rx.el.div(
                show_as(),
                rx.cond(has_plan, zoom_buttons()),
                rx.foreach(venue_map.levels, level_switch),
                class_name="map-tools",
            ),
        ),
        rx.cond(has_plan, stage(), rx.cond(venue_map.is_awaited, place_for_stage())),
        rx.el.div(*sheet, freshness(), class_name="sheet"),
        class_name=rx.cond(has_plan | venue_map.is_awaited, "map drawn", "map"),
    )


def leads(words: Any) -> rx.Component:
    """Where doors lead."""
    return rx.cond(
        words.length() > 0,
        rx.el.ul(rx.foreach(words, lambda each: rx.el.li(each, key=each)), class_name="leads"),
    )


def text_room(room: Any) -> rx.Component:
    """A room in words."""
    return rx.el.li(
        rx.el.a(room.name, href=room.href, lang=room.lang, class_name="room-name"),
        rx.cond(room.level != "", rx.el.span(room.level, class_name="quiet level")),
        leads(room.leads),
        key=room.slug,
    )


def text_site(site: Any) -> rx.Component:
    """A site in words."""
    return rx.el.section(
        rx.el.h3(site.name, lang=site.lang),
        rx.el.ul(rx.foreach(site.rooms, text_room), class_name="rooms"),
        leads(site.leads),
        key=site.slug,
        class_name="text-site",
    )


def text_walk(walk: Any) -> rx.Component:
    """The minutes from one site to another."""
    return rx.el.li(
        rx.el.span(walk.start, " – ", walk.goal),
        " ",
        rx.el.span(walk.minutes, class_name="quiet"),
        key=walk.id,
    )


def bases(words: Any) -> rx.Component:
    """Who says how long it takes."""
    return rx.foreach(words, lambda each: rx.el.p(each, key=each, class_name="quiet basis"))


def in_words() -> rx.Component:
    """The whole map as text, in an order that makes sense read aloud."""
    return rx.el.section(
        rx.el.h2(t("map.rooms")),
        rx.foreach(venue_map.text.sites, text_site),
        rx.cond(
            venue_map.text.walks.length() > 0,
            rx.el.section(
                rx.el.h3(t("map.between")),
                rx.el.p(t("map.between_hint"), class_name="quiet"),
                rx.el.ul(rx.foreach(venue_map.text.walks, text_walk), class_name="walks"),
                class_name="text-site",
            ),
        ),
        bases(venue_map.text.bases),
        class_name="in-words",
    )


def outside() -> rx.Component:
    """The venue in the device's own map app: one point for all of it."""
    return rx.cond(
        venue_map.outside.href != "",
        rx.el.section(
            rx.el.h2(t("map.outside")),
            rx.el.p(live.conference.address, lang="en"),
            rx.el.a(
                icon("place"),
                rx.el.span(t("map.open")),
                href=venue_map.outside.href,
                reload_document=True,
                class_name="action",
            ),
            rx.el.p(t("map.one_point"), " ", rx.el.span(venue_map.outside.credit), class_name="quiet"),
            class_name="outside",
        ),
    )


def to_others() -> rx.Component:
    """This address for somebody else, by share sheet, link or QR code."""
    return rx.el.div(
        rx.el.button(
            icon("share"),
            rx.el.span(t("event.share")),
            type="button",
            class_name="action",
            on_click=act("shareHere"),
        ),
        rx.el.button(
            icon("code"),
            rx.el.span(t("event.code")),
            type="button",
            class_name="action",
            on_click=act("showHereCode"),
        ),
        class_name="actions needs-script",
    )


def room_options(rooms: Any) -> rx.Component:
    """Each room with its site."""
    return rx.foreach(rooms, lambda each: rx.el.option(each.label, value=each.slug, key=each.slug))


def brief(words: Any, cards: Any) -> rx.Component:
    """What is on, or comes, in this room."""
    return rx.foreach(
        cards,
        lambda card: rx.el.li(
            rx.el.span(words, class_name="tag"),
            rx.el.span(card.day, ", ", card.starts, class_name="quiet"),
            rx.el.a(card.title, href=card.href, lang="en"),
            key=card.slug,
            class_name="brief",
        ),
    )


def now_here() -> rx.Component:
    """What is on now, and what is next."""
    room = venue_map.room
    return rx.cond(
        (room.now.length() > 0) | (room.next.length() > 0),
        rx.el.ul(
            rx.cond(
                room.now.length() == 0,
                rx.el.li(t("map.nothing_now"), class_name="quiet"),
            ),
            brief(t("map.now"), room.now),
            brief(t("map.next"), room.next),
            class_name="here-now",
        ),
    )


def way_here() -> rx.Component:
    """From where one comes."""
    return rx.el.label(
        rx.el.span(t("way.to_here")),
        rx.el.select(
            rx.el.option(t("map.choose_room"), value=""),
            room_options(venue_map.room.others),
            name="from",
            value="",
            on_change=going("useGoFrom"),
        ),
        class_name="field needs-script",
    )


def room_head() -> rx.Component:
    """Which room it is, and where."""
    room = venue_map.room
    return rx.fragment(
        rx.el.h1(room.name, lang=room.lang),
        rx.el.p(
            rx.el.span(room.site, lang=room.site_lang),
            rx.cond(room.level != "", " · " + room.level, ""),
            class_name="quiet",
        ),
    )


def all_of_it() -> rx.Component:
    """Back to the whole."""
    return rx.el.a(icon("back"), rx.el.span(t("map.all")), href=routes.MAP, class_name="back")


def follow_room() -> rx.Component:
    """What is on here, in one's own calendar."""
    return rx.el.a(
        icon("calendar"),
        rx.el.span(t("map.follow")),
        href=f"{routes.CALENDARS}?rooms=" + venue_map.room.slug,
        class_name="action",
    )


def room_sheet() -> rx.Component:
    """What is on in the room, and the way to it."""
    return rx.fragment(
        now_here(),
        way_here(),
        rx.el.section(
            rx.el.h2(t("map.events")),
            rx.cond(
                venue_map.room.is_empty & ~live.is_partial, rx.el.p(t("map.no_event"), class_name="quiet")
            ),
            rx.foreach(venue_map.room.days, day_section),
            class_name="held-here",
        ),
        rx.cond(~venue_map.room.is_empty, follow_room()),
        to_others(),
        code(),
        outside(),
        all_of_it(),
    )


def unknown() -> rx.Component:
    """The plan and the programme hold no such room."""
    return rx.el.div(
        rx.el.h1(t("map.unknown")),
        rx.el.p(t("map.unknown_hint")),
        rx.cond(
            venue_map.nearest,
            rx.el.p(t("address.meant"), " ", rx.el.a(venue_map.nearest.name, href=venue_map.nearest.href)),
        ),
        rx.el.a(t("map.all"), href=routes.MAP, class_name="main button"),
        class_name="nothing",
    )


def whole_map() -> rx.Component:
    """The page at `/map`."""
    return page(
        routes.MAP,
        frame(
            in_words(),
            outside(),
            to_others(),
            code(),
            head=rx.fragment(rx.el.h1(t("map.title")), rx.el.p(t("map.lead"), class_name="quiet")),
        ),
    )


def room_map() -> rx.Component:
    """The page at `/map/{room}`."""
    return page(
        routes.ROOM,
        rx.cond(venue_map.room, frame(room_sheet(), head=room_head()), unknown()),
    )
