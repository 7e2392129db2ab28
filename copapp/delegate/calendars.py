"""Calendars to follow in one's own program: how each takes an address, and those of the whole programme."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.shell import freshness, page
from copapp.offline import calendars
from copapp.offline.calendars import act, act_with_value
from copapp.offline.live import t
from copapp.parts.icons import icon
from copapp.parts.styles import styles


def elsewhere(name: str, href: Any) -> rx.Component:
    """A program on the web: it opens beside the app."""
    return rx.el.a(
        rx.el.span(t(f"calendars.program.{name}")),
        href=href,
        target="_blank",
        rel="noreferrer",
        reload_document=True,
        class_name="action",
    )


def on_the_web(view: Any) -> rx.Component:
    """Google and Outlook, where they can reach the address."""
    return rx.fragment(
        elsewhere("google", view.google),
        elsewhere("outlook", view.outlook),
        elsewhere("outlook_home", view.outlook_home),
    )


def by_hand(view: Any) -> rx.Component:
    """The address itself: copied, or as a code that another device reads."""
    return rx.fragment(
        rx.el.button(
            rx.el.span(t("calendars.copy")), type="button", on_click=act("copyAddress", view.address)
        ),
        rx.el.button(
            icon("code"),
            rx.el.span(t("calendars.code")),
            type="button",
            on_click=act("showCode", view.address),
            custom_attrs={"aria-expanded": rx.cond(calendars.code != "", "true", "false")},
        ),
    )


def code() -> rx.Component:
    """The address as a QR code."""
    return rx.cond(
        calendars.code != "",
        rx.el.figure(
            rx.el.img(src=calendars.code, alt=t("calendars.code_alt"), width="220", height="220"),
            rx.el.figcaption(t("calendars.code_hint")),
            class_name="code",
        ),
    )


def ways_in(view: Any, *more: rx.Component) -> rx.Component:
    """All ways of an address into a calendar program, the device's own first."""
    return rx.el.div(
        rx.el.a(
            icon("calendar"),
            rx.el.span(t("calendars.open")),
            href=view.webcal,
            reload_document=True,
            class_name="main button open",
        ),
        rx.el.div(rx.cond(view.is_public, on_the_web(view)), by_hand(view), *more, class_name="actions"),
        code(),
        rx.el.p(view.address, class_name="address"),
        rx.cond(~view.is_public, rx.el.p(t("calendars.not_public"), class_name="quiet")),
        class_name="ways-in needs-script",
    )


def how_often() -> rx.Component:
    """An honest word: the program decides, not we."""
    return rx.el.div(
        rx.el.h3(t("calendars.how_often")),
        rx.el.ul(*(rx.el.li(t(f"calendars.looks.{name}")) for name in ("apple", "google", "outlook"))),
        rx.el.p(t("calendars.last_minute"), class_name="quiet"),
        class_name="how-often",
    )


def options(label: Any, choices: Any) -> rx.Component:
    """Choices of one kind."""
    return rx.el.optgroup(
        rx.foreach(choices, lambda each: rx.el.option(each.label, value=each.value, key=each.value)),
        label=label,
    )


def what_to_follow() -> rx.Component:
    """All, or a part."""
    return rx.el.label(
        rx.el.span(t("calendars.what")),
        rx.el.select(
            rx.el.option(t("calendars.everything"), value=""),
            options(t("calendars.days"), calendars.choices.days),
            options(t("calendars.sites"), calendars.choices.sites),
            options(t("calendars.rooms"), calendars.choices.rooms),
            name="follow",
            value=calendars.chosen.value,
            on_change=act_with_value("choose"),
        ),
        class_name="field needs-script",
    )


def download() -> rx.Component:
    """The file once, for programs that follow nothing; it works without a script."""
    return rx.el.a(
        rx.el.span(t("calendars.download")),
        href=calendars.chosen.href,
        reload_document=True,
        class_name="action",
    )


def public_calendars() -> rx.Component:
    """The page at `/calendars`: the whole programme, a day, a site or a room."""
    return page(
        routes.CALENDARS,
        styles("calendars"),
        calendars.follow_chosen(),
        rx.el.header(
            rx.el.h1(t("calendars.title")),
            rx.el.p(t("calendars.lead"), class_name="quiet"),
            class_name="head",
        ),
        what_to_follow(),
        rx.el.section(
            rx.el.h2(calendars.chosen.name),
            ways_in(calendars.chosen),
            rx.el.div(download(), class_name="actions"),
            rx.el.p(t("calendars.download_hint"), class_name="quiet"),
            class_name="panel",
        ),
        rx.el.section(how_often(), class_name="panel"),
        rx.el.p(rx.el.a(t("calendars.to_mine"), href=routes.SAVED, class_name="onward")),
        freshness(),
    )
