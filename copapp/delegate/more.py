"""What is not needed at every step: settings, paper, who we are."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.shell import freshness, page
from copapp.offline import live
from copapp.offline.live import more_words, t
from copapp.parts.icons import icon

_PAGES = ((routes.SETTINGS, "settings"), (routes.ABOUT, "about"))
_PAPERS = ("programme", "posters")


def door(drawing: str, name: Any, hint: Any, href: Any, **given: bool) -> rx.Component:
    """One way on: what it is called, and what is behind it."""
    return rx.el.li(
        rx.el.a(
            icon(drawing),
            rx.el.span(rx.el.span(name), rx.el.span(hint, class_name="quiet"), class_name="door-words"),
            href=href,
            class_name="door",
            **given,
        )
    )


def paper(name: str) -> rx.Component:
    """A file to print, in the reader's language."""
    return door(
        "print",
        t(f"more.{name}"),
        t(f"more.{name}_hint"),
        f"/api/v1/{name}.pdf?language=" + live.language,
        reload_document=True,
    )


def more() -> rx.Component:
    """The page at `/more`."""
    return page(
        routes.MORE,
        more_words(),
        rx.el.header(rx.el.h1(t("place.more")), freshness(), class_name="head"),
        rx.el.ul(
            *(door(name, t(f"place.{name}"), t(f"more.{name}_hint"), route) for route, name in _PAGES),
            door("changes", t("more.changes"), t("more.changes_hint"), routes.CHANGES),
            *map(paper, _PAPERS),
            class_name="doors",
        ),
    )
