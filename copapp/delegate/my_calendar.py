"""This phone's own calendar address, among what is saved: made by a tap, shared, replaced, stopped."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.calendars import how_often, ways_in
from copapp.offline import calendars
from copapp.offline.calendars import act, act_with_value, mine
from copapp.offline.live import t


def stands() -> rx.Component:
    """How far it has come: what the calendar holds already, what waits on this phone."""
    return rx.el.p(
        mine.state,
        class_name="state quiet",
        role="status",
        custom_attrs={"data-calendar": mine.status, "data-waits": rx.cond(mine.waits, "true", "false")},
    )


def another_phone() -> rx.Component:
    """Two phones of one person share one address."""
    return rx.el.details(
        rx.el.summary(t("calendars.have_one")),
        rx.el.label(
            rx.el.span(t("calendars.paste")),
            rx.el.input(
                type="text",
                name="calendar",
                auto_complete="off",
                placeholder="https://…/….ics",
                on_change=act_with_value("pasteAddress"),
            ),
            class_name="field",
        ),
        rx.el.p(t("calendars.share_hint"), class_name="quiet"),
    )


def make_one() -> rx.Component:
    """Before there is one: what it is, and one button."""
    return rx.fragment(
        rx.el.p(t("calendars.what_it_is")),
        rx.el.button(t("calendars.make"), type="button", class_name="main", on_click=act("make")),
        another_phone(),
    )


def offered() -> rx.Component:
    """The text of another phone brought its calendar along."""
    return rx.fragment(
        rx.el.p(t("calendars.offered")),
        rx.el.div(
            rx.el.button(t("calendars.share"), type="button", class_name="main", on_click=act("joinOffered")),
            rx.el.button(t("calendars.share_not"), type="button", on_click=act("leaveIt")),
            class_name="row",
        ),
    )


def over() -> rx.Component:
    """The address ended elsewhere: said until the person puts it away."""
    return rx.fragment(
        rx.el.p(mine.problem, role="alert", class_name="banner stop"),
        rx.el.div(
            rx.el.button(t("calendars.make_new"), type="button", class_name="main", on_click=act("make")),
            rx.el.button(t("calendars.put_away"), type="button", on_click=act("leaveIt")),
            class_name="row",
        ),
    )


def other_phones() -> rx.Component:
    """Where another phone made a difference, the person decides."""
    return rx.fragment(
        rx.cond(
            mine.others > 0,
            rx.el.div(
                rx.el.p(t("calendars.others", count=mine.others)),
                rx.el.button(t("calendars.save_others"), type="button", on_click=act("saveOthers")),
                class_name="difference",
            ),
        ),
        rx.cond(
            mine.lost > 0,
            rx.el.div(
                rx.el.p(t("calendars.lost", count=mine.lost)),
                rx.el.button(t("calendars.put_back"), type="button", on_click=act("putBack")),
                class_name="difference",
            ),
        ),
    )


def reminder() -> rx.Component:
    """How long before an entry the program should remind."""
    return rx.el.label(
        rx.el.span(t("calendars.reminder")),
        rx.el.select(
            rx.foreach(
                calendars.alarms, lambda each: rx.el.option(each.label, value=each.value, key=each.value)
            ),
            name="alarm",
            value=mine.alarm,
            on_change=act_with_value("alarm"),
        ),
        rx.el.span(t("calendars.reminder_hint"), class_name="quiet"),
        class_name="field",
    )


def sure(name: str, handler: Any) -> rx.Component:
    """A tap that cannot be undone asks once."""
    return rx.fragment(
        rx.el.button(
            t(f"calendars.act.{name}"),
            type="button",
            class_name="link",
            on_click=act("askFirst", name),
            custom_attrs={"aria-expanded": rx.cond(calendars.sure == name, "true", "false")},
        ),
        rx.cond(
            calendars.sure == name,
            rx.el.div(
                rx.el.p(t(f"calendars.sure.{name}")),
                rx.el.button(t(f"calendars.yes.{name}"), type="button", class_name="stop", on_click=handler),
                class_name="panel",
                role="alert",
            ),
        ),
    )


def follows() -> rx.Component:
    """The address, and all one can do with it; while a new one is made the old one stands."""
    return rx.fragment(
        rx.cond(mine.status == "replacing", rx.el.p(t("calendars.replacing"))),
        other_phones(),
        ways_in(mine),
        rx.cond(mine.status == "live", reminder()),
        how_often(),
        rx.el.p(t("calendars.secret"), " ", t("calendars.ends", date=mine.expires), class_name="quiet"),
        rx.cond(
            mine.status == "live",
            rx.el.div(sure("replace", act("replace")), sure("stop", act("stop")), class_name="ways-out"),
        ),
    )


def my_calendar() -> rx.Component:
    """The section of `/saved`."""
    return rx.el.section(
        calendars.follow_mine(),
        rx.el.h2(t("calendars.mine"), id="calendar"),
        stands(),
        rx.match(
            mine.status,
            ("none", make_one()),
            ("offered", offered()),
            ("over", over()),
            ("live", follows()),
            ("replacing", follows()),
            rx.fragment(),
        ),
        rx.el.p(calendars.said, role="status", class_name="said"),
        rx.el.p(rx.el.a(t("calendars.to_public"), href=routes.CALENDARS, class_name="onward")),
        class_name="panel my-calendar needs-script",
    )
