"""What stands around every staff page: the way between them, out to the programme, and out."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.parts.styles import styles
from copapp.staff import routes
from copapp.staff.connection import connection, connection_watch, is_shown
from copapp.staff.door_words import session_watch
from copapp.staff.plain_form import plain_form
from copapp.staff.words import t, t_of

_PLACES = (
    (routes.INBOX, "inbox", "inbox"),
    (routes.DRAFT, "draft", "schedule"),
    (routes.TEAM, "team", "calendar"),
)


def status_tag(status: Any) -> rx.Component:
    """Where a request stands, in a word and a colour."""
    return rx.el.span(t_of("status.", status), class_name="tag status", custom_attrs={"data-status": status})


def places(here: str) -> rx.Component:
    """The bar at the thumb, or the rail beside a wide page."""
    return rx.el.nav(
        *(
            rx.el.a(
                icon(drawing),
                rx.el.span(t(f"place.{name}")),
                href=route,
                class_name="place",
                custom_attrs={"aria-current": "page"} if route == here else {},
            )
            for route, name, drawing in _PLACES
        ),
        rx.el.a(
            icon("phone"),
            rx.el.span(t("place.programme")),
            href=routes.PROGRAMME,
            reload_document=True,
            class_name="place",
        ),
        plain_form(
            rx.el.button(icon("leave"), rx.el.span(t("place.sign_out")), type="submit", class_name="place"),
            action="/admin/sign-out",
        ),
        class_name="places",
        custom_attrs={"aria-label": t("place.label")},
    )


def back_to_team() -> rx.Component:
    """From a page about all of us, back to where the ways to it are."""
    return rx.el.a(t("place.team"), href=routes.TEAM, class_name="back no-print")


def page(here: str, *content: rx.Component) -> rx.Component:
    """One staff page with everything around it."""
    return rx.el.div(
        styles("meet"),
        styles("staff"),
        session_watch(),
        connection_watch(),
        rx.el.a(t("place.skip"), href="#main", class_name="skip", custom_attrs={"data-native": "true"}),
        connection(),
        # Hidden, not away: what is half written and where one had scrolled to stay.
        rx.el.main(
            *content,
            id="main",
            tab_index=-1,
            style={"visibility": rx.cond(is_shown(), "visible", "hidden")},
        ),
        places(here),
        class_name="app staff",
    )
