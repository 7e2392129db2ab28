"""What this phone has saved, and its way to another phone."""

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.day import day_line, estimates
from copapp.delegate.event import code
from copapp.delegate.my_calendar import my_calendar
from copapp.delegate.requests import my_requests
from copapp.delegate.shell import freshness, page
from copapp.offline import day, live, meetings
from copapp.offline.live import act, act_with_value, t
from copapp.parts.icons import icon
from copapp.parts.styles import styles


def nothing_saved() -> rx.Component:
    """Nothing saved yet, and what to do."""
    return rx.el.div(
        rx.el.p(t("saved.nothing")),
        rx.el.a(t("saved.to_schedule"), href=routes.SCHEDULE, class_name="main button"),
        class_name="nothing",
    )


def vanished() -> rx.Component:
    """Saved events that the programme no longer holds: kept until the person removes them."""
    return rx.cond(
        day.vanished.length() > 0,
        rx.el.section(
            rx.el.h2(t("saved.vanished")),
            rx.el.p(t("saved.vanished_hint"), class_name="quiet"),
            rx.el.ul(
                rx.foreach(
                    day.vanished,
                    lambda event: rx.el.li(
                        rx.el.span(event.title, lang="en"),
                        rx.el.button(
                            t("saved.remove"),
                            type="button",
                            class_name="link",
                            on_click=act("toggle", event.slug),
                            custom_attrs={"aria-label": t("saved.remove") + ": " + event.title},
                        ),
                        key=event.slug,
                    ),
                )
            ),
            class_name="panel",
        ),
    )


def outgoing() -> rx.Component:
    """By share sheet, link, QR code or short text."""
    return rx.el.div(
        rx.el.button(icon("share"), t("carry.share"), type="button", on_click=act("shareCarried")),
        rx.el.button(t("carry.copy_link"), type="button", on_click=act("copyCarriedLink")),
        rx.el.button(t("carry.copy_text"), type="button", on_click=act("copyCarriedText")),
        rx.el.button(icon("code"), t("carry.code"), type="button", on_click=act("showCarriedCode")),
        class_name="row",
    )


def incoming() -> rx.Component:
    """The installed app on an iPhone starts empty: a pasted text is its way in."""
    return rx.el.label(
        rx.el.span(t("carry.paste")),
        rx.el.input(
            type="text",
            name="carried",
            auto_complete="off",
            placeholder="copapp1~…",
            on_change=act_with_value("typeCarried"),
            on_blur=act_with_value("leaveCarried"),
        ),
        class_name="field",
    )


def carry() -> rx.Component:
    """To another phone, or into the installed app."""
    return rx.el.section(
        rx.el.h2(t("carry.title")),
        rx.el.p(t("carry.hint"), class_name="quiet"),
        rx.cond((live.saved_count > 0) | (meetings.requests.length() > 0), outgoing()),
        code(),
        incoming(),
        class_name="panel needs-script",
    )


def to_today() -> rx.Component:
    """Past days stand above: one tap passes them."""
    return rx.el.button(
        t("schedule.jump"),
        type="button",
        class_name="link jump needs-script",
        on_click=act("jumpToToday", store=day.STORE),
    )


def my_days() -> rx.Component:
    """Events and agreed meetings, day by day."""
    return rx.cond(
        day.days.length() > 0,
        rx.fragment(
            rx.cond(day.today != "", to_today()),
            rx.foreach(day.days, day_line),
            estimates(),
        ),
        rx.cond(live.saved_count == 0, nothing_saved()),
    )


def saved() -> rx.Component:
    """The page at `/saved`; a request that waits for this person comes first."""
    return page(
        routes.SAVED,
        styles("meet"),
        styles("day"),
        styles("calendars"),
        meetings.follow(),
        rx.el.header(
            rx.el.h1(t("saved.title")),
            rx.el.p(
                t("saved.count", count=live.saved_count),
                rx.cond(day.meeting_count > 0, rx.fragment(", ", t("day.meetings", count=day.meeting_count))),
                class_name="quiet",
            ),
            rx.el.p(live.conference.zone, class_name="quiet zone"),
            freshness(),
            class_name="head",
        ),
        rx.cond(day.is_asked, my_requests(day.requests)),
        my_days(),
        rx.cond(~day.is_asked, my_requests(day.requests)),
        vanished(),
        my_calendar(),
        carry(),
    )
