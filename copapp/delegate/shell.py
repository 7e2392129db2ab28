"""What stands around every delegate page: banner, places, quiet messages, the update's question."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.offline import live
from copapp.offline.live import act, t, wake
from copapp.parts.icons import icon

_PLACES = (
    (routes.SCHEDULE, "schedule"),
    (routes.SAVED, "saved"),
    (routes.MAP, "map"),
    (routes.MEET, "meet"),
    (routes.MORE, "more"),
)
# Pages that are reached from a place are part of it.
_WITHIN = {
    routes.ROOM: routes.MAP,
    routes.WAY: routes.MAP,
    routes.REQUEST: routes.MEET,
    routes.SETTINGS: routes.MORE,
    routes.ABOUT: routes.MORE,
    routes.CHANGES: routes.MORE,
    routes.CALENDARS: routes.MORE,
}


def banners() -> rx.Component:
    """The preview's clock, and the end of the conference."""
    return rx.fragment(
        rx.cond(live.banner.preview != "", rx.el.p(live.banner.preview, class_name="banner preview")),
        rx.cond(live.banner.over != "", rx.el.p(live.banner.over, class_name="banner")),
    )


def problems() -> rx.Component:
    """What this phone cannot keep or read, said once and plainly."""
    return rx.foreach(
        live.problems,
        lambda name: rx.el.p(t_of("problem.", name), key=name, role="alert", class_name="banner stop"),
    )


def t_of(prefix: str, name: Any) -> rx.Var[str]:
    """The words for a key that is put together when the page runs."""
    return t(rx.Var.create(prefix).to(str) + name)


def places(here: str) -> rx.Component:
    """The bar at the thumb, or the rail beside a wide page."""
    return rx.el.nav(
        *(
            rx.el.a(
                icon(name),
                rx.el.span(t(f"place.{name}")),
                href=route,
                class_name="place",
                custom_attrs=_current(route, here),
            )
            for route, name in _PLACES
        ),
        class_name="places",
        custom_attrs={"aria-label": t("place.label")},
    )


def _current(route: str, here: str) -> dict[str, str]:
    if route == here:
        return {"aria-current": "page"}
    return {"aria-current": "true"} if route == _WITHIN.get(here) else {}


def update_question() -> rx.Component:
    """A new build is offered, never forced."""
    return rx.cond(
        live.has_update,
        rx.el.div(
            rx.el.p(t("update.ready")),
            rx.el.button(t("update.now"), type="button", class_name="main", on_click=act("acceptUpdate")),
            rx.el.button(t("update.later"), type="button", on_click=act("dismissUpdate")),
            class_name="toast",
            role="status",
        ),
    )


def notice() -> rx.Component:
    """The answer to the last tap, also read aloud."""
    return rx.el.div(
        rx.cond(
            live.notice != "",
            rx.el.div(
                rx.el.p(live.notice),
                rx.el.button(
                    icon("close"),
                    type="button",
                    on_click=act("closeNotice"),
                    custom_attrs={"aria-label": t("notice.close")},
                ),
                class_name="toast",
            ),
        ),
        role="status",
    )


def carried_question() -> rx.Component:
    """Saved events that came by link or paste: added only when the person says so."""
    return rx.cond(
        live.carried.lines.length() > 0,
        rx.el.div(
            rx.foreach(live.carried.lines, lambda words: rx.el.p(words, key=words)),
            rx.cond(
                live.carried.can_add,
                rx.el.button(t("carry.add"), type="button", class_name="main", on_click=act("acceptCarried")),
            ),
            rx.el.button(t("carry.leave"), type="button", on_click=act("dismissCarried")),
            class_name="toast",
            role="alert",
        ),
    )


def freshness() -> rx.Component:
    """How old the programme is, in words, always."""
    return rx.el.p(
        live.fresh.text,
        class_name="freshness",
        custom_attrs={"data-freshness": live.fresh.kind},
        role="status",
    )


def page(here: str, *content: rx.Component) -> rx.Component:
    """One delegate page with everything around it."""
    return rx.el.div(
        wake(),
        rx.el.a(t("place.skip"), href="#main", class_name="skip", custom_attrs={"data-native": "true"}),
        rx.el.header(banners(), problems()),
        rx.el.main(*content, id="main", tab_index=-1),
        rx.el.div(carried_question(), update_question(), notice(), class_name="toasts"),
        places(here),
        class_name="app",
    )
