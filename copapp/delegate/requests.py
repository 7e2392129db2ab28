"""A request for a meeting as a list shows it."""

from typing import Any

import reflex as rx

from copapp.offline import meetings
from copapp.offline.live import t
from copapp.offline.meetings import act
from copapp.parts.icons import icon


def status_tag(request: Any) -> rx.Component:
    """Where a request stands, in a word and a colour."""
    return rx.el.span(request.label, class_name="tag status", custom_attrs={"data-status": request.status})


def request_card(request: Any) -> rx.Component:
    """One request: its state first, then what it is about."""
    return rx.el.article(
        status_tag(request),
        rx.el.h3(
            rx.cond(
                request.href != "",
                rx.el.a(rx.cond(request.meeting != "", request.meeting, request.wish), href=request.href),
                request.wish,
            )
        ),
        rx.cond(
            request.place != "",
            rx.el.p(icon("place"), rx.el.span(request.place, lang="en"), class_name="where"),
        ),
        rx.cond(request.with_whom != "", rx.el.p(request.with_whom)),
        rx.cond(request.about != "", rx.el.p(request.about, lang="en", class_name="quiet")),
        rx.el.p(request.hint, class_name="quiet"),
        rx.cond(
            request.status == "refused",
            rx.fragment(
                rx.el.p(request.wrong, class_name="wrong"),
                rx.el.button(
                    t("request.correct"),
                    type="button",
                    class_name="main",
                    on_click=act("correct", request.key),
                ),
            ),
        ),
        rx.cond(
            (request.status == "refused") | (request.status == "erased") | (request.status == "unknown"),
            rx.el.button(
                t("request.drop"), type="button", class_name="link", on_click=act("drop", request.key)
            ),
        ),
        key=request.key,
        class_name="request-card",
        custom_attrs={"data-request": request.status},
    )


def my_requests(requests: Any = meetings.requests) -> rx.Component:
    """What this phone has asked for; nothing where it has not."""
    return rx.cond(
        requests.length() > 0,
        rx.el.section(
            rx.el.h2(t("request.mine")),
            rx.foreach(requests, request_card),
            class_name="my-requests",
            custom_attrs={"aria-live": "polite"},
        ),
    )
