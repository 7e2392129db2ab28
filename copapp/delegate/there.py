"""Who of us will be at an event: those who agreed to be shown, each one tap from a request."""

from typing import Any

import reflex as rx

from copapp.offline import there as store
from copapp.offline.live import t
from copapp.parts.icons import icon


def colleague(each: Any) -> rx.Component:
    """One of us: who, what for, in which languages."""
    return rx.el.li(
        rx.el.p(
            rx.el.strong(each.name),
            rx.cond(each.role != "", rx.el.span(each.role)),
            rx.cond(each.speaks != "", rx.el.span(each.speaks, class_name="quiet")),
        ),
        rx.cond(
            each.href != "",
            rx.el.a(
                icon("meet"),
                rx.el.span(t("event.meet")),
                href=each.href,
                class_name="action",
                custom_attrs={"aria-label": each.ask},
            ),
        ),
        key=each.slug,
        custom_attrs={"data-colleague": each.slug},
    )


def there() -> rx.Component:
    """Nothing, until it is known that somebody is there."""
    return rx.cond(
        store.people.length() > 0,
        rx.el.section(
            rx.el.h2(t("there.title")), rx.el.ul(rx.foreach(store.people, colleague)), class_name="there"
        ),
    )
