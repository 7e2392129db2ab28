"""What is not needed at every step: settings, paper, who we are."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.shell import freshness, page
from copapp.offline import live
from copapp.offline.live import more_words, t
from copapp.parts.icons import icon

_PAGES = ((routes.SETTINGS, "settings"), (routes.ABOUT, "about"))
_FILES = {
    "calendar": {"iCalendar": "/api/v1/programme.ics"},
    "app": {
        "schedule.xml": "/api/v1/programme/schedule.xml",
        "schedule.json": "/api/v1/programme/schedule.json",
    },
    "table": {
        "Excel": "/api/v1/programme/programme.xlsx",
        "CSV": "/api/v1/programme/programme.csv",
    },
}


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


def file_link(name: str, href: Any) -> rx.Component:
    """A file to keep. Without a connection the browser says that it failed, and this page stays."""
    return rx.el.a(name, href=href, reload_document=True, download=True, class_name="button")


def files() -> rx.Component:
    """The whole programme in every format, by what each is for."""
    paper = {"PDF": "/api/v1/programme.pdf?language=" + live.language}
    return rx.el.section(
        rx.el.h2(t("files.title")),
        rx.el.p(t("files.hint")),
        *(
            rx.el.div(
                rx.el.p(t(f"files.{purpose}"), class_name="quiet"),
                rx.el.div(*(file_link(*each) for each in named.items()), class_name="row"),
            )
            for purpose, named in (_FILES | {"paper": paper}).items()
        ),
        class_name="panel",
        id="files",
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
            door("calendar", t("more.calendars"), t("more.calendars_hint"), routes.CALENDARS),
            paper("programme"),
            rx.cond(live.has_posters, paper("posters")),
            class_name="doors",
        ),
        files(),
    )
