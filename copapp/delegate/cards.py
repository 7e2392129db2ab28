"""An event as a list shows it, and a day of events."""

from typing import Any

import reflex as rx

from copapp.offline.live import act, t
from copapp.parts.icons import icon


def bookmark_button(card: Any, *words: Any) -> rx.Component:
    """The star: saves at once, on this phone."""
    return rx.el.button(
        icon("saved"),
        *words,
        type="button",
        class_name="star",
        on_click=act("toggle", card.slug),
        custom_attrs={"aria-pressed": rx.cond(card.saved, "true", "false")}
        | ({} if words else {"aria-label": card.save_label + ": " + card.title}),
    )


def changes(card: Any) -> rx.Component:
    """What is not as this person last saw it, old to new."""
    return rx.cond(
        card.changes.length() > 0,
        rx.el.ul(
            rx.foreach(card.changes, lambda words: rx.el.li(words, key=words)),
            class_name="changes",
            custom_attrs={"aria-label": t("change.label")},
        ),
    )


def when(card: Any) -> rx.Component:
    """Start large, end small; an unknown end in words."""
    return rx.el.div(
        rx.el.time(card.starts, date_time=card.instant, class_name="starts"),
        rx.cond(
            card.ends != "",
            rx.el.span("–" + card.ends, class_name="ends"),
            rx.el.span(card.no_end, class_name="ends unknown"),
        ),
        rx.cond(card.phone_time != "", rx.el.span(card.phone_time, class_name="phone-time")),
        class_name="when",
    )


def tags(card: Any) -> rx.Component:
    """Now, next or cancelled, in a word."""
    return rx.fragment(
        rx.cond(card.tag == "now", rx.el.span(t("tag.now"), class_name="tag go")),
        rx.cond(card.tag == "next", rx.el.span(t("tag.next"), class_name="tag")),
        rx.cond(card.cancelled, rx.el.span(t("status.cancelled"), class_name="tag stop")),
    )


def where(card: Any) -> rx.Component:
    """Room and site, and the way to them: above the link that covers the card."""
    return rx.el.p(
        rx.el.a(icon("place"), rx.el.span(card.room, " · ", card.site, lang="en"), href=card.map_href),
        class_name="where",
    )


def event_card(card: Any, *more: rx.Component) -> rx.Component:
    """One event: time, title in full, room and site, star; `more` stands below."""
    return rx.el.article(
        when(card),
        rx.el.div(
            tags(card),
            rx.el.h3(rx.el.a(card.title, href=card.href, class_name="cover", lang="en")),
            where(card),
            changes(card),
            *more,
            class_name="what",
        ),
        bookmark_button(card),
        key=card.slug,
        class_name=rx.cond(card.cancelled, "card cancelled", "card"),
        custom_attrs={"data-event": card.slug},
    )


def day_section(day: Any) -> rx.Component:
    """The events of one date under its name."""
    return rx.el.section(
        rx.el.h2(
            day.label,
            rx.cond(day.is_today, rx.el.span(t("schedule.today"), class_name="tag")),
            class_name="day-name",
        ),
        rx.el.div(rx.foreach(day.cards, event_card), class_name="cards"),
        key=day.date,
        class_name="day",
        custom_attrs={"data-day": day.date},
    )
