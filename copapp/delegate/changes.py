"""What changed in the programme, release by release."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.shell import freshness, page
from copapp.offline import changes as changelog
from copapp.offline.live import t


def event(each: Any) -> rx.Component:
    """One event, and what is not as it was."""
    return rx.el.li(
        rx.cond(
            each.href != "",
            rx.el.a(each.title, href=each.href, lang="en"),
            rx.el.span(each.title, lang="en"),
        ),
        rx.el.ul(rx.foreach(each.lines, lambda words: rx.el.li(words, key=words)), class_name="changes"),
        key=each.slug,
    )


def release(each: Any) -> rx.Component:
    """One release: when, the note of staff, the events that differ."""
    return rx.el.section(
        rx.el.h2(each.title),
        rx.el.time(each.at, date_time=each.instant, class_name="quiet"),
        rx.cond(each.note != "", rx.el.p(each.note)),
        rx.cond(each.summary != "", rx.el.p(each.summary)),
        rx.cond(each.events.length() > 0, rx.el.ul(rx.foreach(each.events, event))),
        key=each.id,
        id=each.id,
        class_name="panel",
    )


def changes() -> rx.Component:
    """The page at `/changes`."""
    return page(
        routes.CHANGES,
        changelog.follow(),
        rx.el.header(rx.el.h1(t("changes.title")), freshness(), class_name="head"),
        rx.cond(changelog.is_missed, rx.el.p(t("changes.unreached"), class_name="nothing")),
        rx.foreach(changelog.releases, release),
        rx.el.p(
            rx.el.a(t("changes.feed"), href="/changes.atom", reload_document=True, class_name="button"),
            class_name="staff-door",
        ),
    )
