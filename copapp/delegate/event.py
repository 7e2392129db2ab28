"""Everything about one event."""

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.cards import bookmark_button, changes, tags
from copapp.delegate.plan import mini
from copapp.delegate.shell import freshness, page
from copapp.delegate.there import there
from copapp.offline import live
from copapp.offline.live import act, t
from copapp.parts.icons import icon
from copapp.parts.styles import styles


def facts() -> rx.Component:
    """When and where, with the venue's zone named; the phone's time only as a second line."""
    return rx.el.dl(
        rx.el.dt(t("event.when")),
        rx.el.dd(
            rx.el.time(live.event.when, date_time=live.event.instant, class_name="starts"),
            rx.cond(live.event.no_end != "", rx.el.span(live.event.no_end, class_name="unknown")),
            rx.el.span(live.event.zone, class_name="quiet"),
            rx.cond(live.event.phone_time != "", rx.el.span(live.event.phone_time, class_name="phone-time")),
        ),
        rx.el.dt(t("event.where")),
        rx.el.dd(
            rx.el.a(live.event.room, href=live.event.map_href, lang="en", class_name="room"),
            rx.el.span(live.event.site, lang="en"),
            rx.el.span(live.conference.place, lang="en", class_name="quiet"),
        ),
        class_name="facts",
    )


def actions() -> rx.Component:
    """What a delegate does next, one tap away."""
    return rx.el.div(
        bookmark_button(live.event, rx.el.span(live.event.save_label)),
        rx.el.a(
            icon("calendar"),
            rx.el.span(t("event.calendar")),
            href=live.event.calendar_href,
            reload_document=True,
            class_name="action",
        ),
        rx.el.button(
            icon("share"),
            rx.el.span(t("event.share")),
            type="button",
            class_name="action",
            on_click=act("shareEvent", live.event.slug),
        ),
        rx.el.button(
            icon("code"),
            rx.el.span(t("event.code")),
            type="button",
            class_name="action",
            on_click=act("showEventCode", live.event.slug),
        ),
        rx.el.a(
            icon("meet"),
            rx.el.span(t("event.meet")),
            href=f"{routes.MEET}?event=" + live.event.slug,
            class_name="action",
        ),
        class_name="actions",
    )


def code() -> rx.Component:
    """A QR code that another phone can read from this one."""
    return rx.cond(
        live.qr != "",
        rx.el.figure(
            rx.el.img(src=live.qr, alt=t("code.alt"), width="220", height="220"),
            rx.el.figcaption(t("code.hint")),
            class_name="code",
        ),
    )


def text() -> rx.Component:
    """Our own short description with its source, and the text as published."""
    return rx.fragment(
        rx.cond(
            live.event.description != "",
            rx.el.div(
                rx.el.p(live.event.description, lang=live.event.description_lang),
                rx.cond(live.event.source != "", rx.el.p(live.event.source, class_name="quiet")),
                class_name="text",
            ),
            rx.cond(
                live.event.no_description != "", rx.el.p(live.event.no_description, class_name="quiet text")
            ),
        ),
        rx.cond(
            live.event.published != "",
            rx.el.p(
                t("event.published"),
                " ",
                rx.el.span(live.event.published, lang="en"),
                class_name="quiet text",
            ),
        ),
    )


def found() -> rx.Component:
    """The event itself."""
    return rx.el.article(
        tags(live.event),
        rx.el.h1(live.event.title, lang="en"),
        changes(live.event),
        facts(),
        actions(),
        code(),
        mini(),
        there(),
        text(),
        class_name=rx.cond(live.event.cancelled, "event cancelled", "event"),
        custom_attrs={"data-event": live.event.slug},
    )


def unknown() -> rx.Component:
    """The programme holds no such event."""
    return rx.el.div(
        rx.el.h1(rx.cond(live.is_partial, t("event.loading"), t("event.unknown"))),
        rx.cond(~live.is_partial, rx.el.p(t("event.unknown_hint"))),
        rx.cond(
            live.nearest,
            rx.el.p(t("address.meant"), " ", rx.el.a(live.nearest.title, href=live.nearest.href, lang="en")),
        ),
        class_name="nothing",
    )


def event() -> rx.Component:
    """The page at `/event/{slug}`."""
    return page(
        routes.EVENT,
        styles("map"),
        rx.el.a(icon("back"), rx.el.span(t("event.back")), href=routes.SCHEDULE, class_name="back"),
        rx.cond(live.event, found(), unknown()),
        freshness(),
    )
