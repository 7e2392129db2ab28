"""One request by its secret link: where it stands, and what its delegate can do about it."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.meet import slot_days
from copapp.delegate.requests import status_tag
from copapp.delegate.shell import freshness, page
from copapp.offline import meetings
from copapp.offline.live import t
from copapp.offline.meetings import act, request
from copapp.parts.icons import icon
from copapp.parts.styles import styles


def proposal() -> rx.Component:
    """Another time was proposed: take it, propose back, or not."""
    return rx.cond(
        request.is_asked,
        rx.el.section(
            rx.el.h2(t("request.proposed")),
            rx.el.p(rx.el.strong(request.proposal), class_name="planned"),
            rx.cond(request.proposal_place != "", rx.el.p(request.proposal_place, lang="en")),
            rx.cond(request.proposal_words != "", rx.el.blockquote(request.proposal_words)),
            rx.el.button(
                t("request.accept"),
                type="button",
                class_name="main",
                on_click=act("acceptProposal", request.key, request.proposal_id),
            ),
            rx.el.div(
                rx.el.button(
                    t("request.counter"),
                    type="button",
                    on_click=act("counter", request.proposal_day),
                    custom_attrs={"aria-expanded": rx.cond(meetings.is_countering, "true", "false")},
                ),
                rx.el.button(
                    rx.cond(request.meeting != "", t("request.keep_time"), t("request.decline")),
                    type="button",
                    on_click=act("declineProposal", request.key, request.proposal_id),
                ),
                class_name="row",
            ),
            rx.cond(meetings.is_countering, other_times()),
            class_name="panel proposal",
        ),
    )


def other_times() -> rx.Component:
    """The slots that are offered now; a tap proposes one."""
    return rx.cond(
        meetings.days.length() > 0,
        rx.el.div(
            rx.el.p(t("request.choose_time"), class_name="quiet"),
            slot_days(),
            rx.el.div(rx.foreach(meetings.slots, other_time), class_name="slots"),
        ),
        rx.el.p(t("meet.slots_later"), class_name="quiet"),
    )


def other_time(each: Any) -> rx.Component:
    """One slot to propose."""
    return rx.el.button(
        rx.el.span(each.time, class_name="time"),
        rx.el.span(each.label, class_name="state"),
        type="button",
        disabled=each.state == "unavailable",
        on_click=act("counterProposal", request.key, request.proposal_id, each.starts),
        key=each.starts,
        class_name="slot",
        custom_attrs={"data-state": each.state},
    )


def meeting() -> rx.Component:
    """The agreed meeting: when, where, with whom, into the calendar."""
    return rx.cond(
        request.meeting != "",
        rx.el.section(
            rx.el.p(rx.el.strong(request.meeting), class_name="planned"),
            rx.el.p(request.meeting_zone, class_name="quiet"),
            rx.el.p(icon("place"), rx.el.span(request.place, lang="en"), class_name="where"),
            rx.cond(request.with_whom != "", rx.el.p(request.with_whom)),
            rx.cond(
                request.calendar_href != "",
                rx.el.a(
                    icon("calendar"),
                    rx.el.span(t("event.calendar")),
                    href=request.calendar_href,
                    reload_document=True,
                    class_name="action",
                ),
            ),
            class_name="panel agreed",
        ),
    )


def asked() -> rx.Component:
    """What was asked."""
    return rx.el.dl(
        rx.el.dt(t("form.reason")),
        rx.el.dd(request.reason, class_name="reason"),
        rx.el.dt(t("form.slot")),
        rx.el.dd(request.wish),
        rx.cond(
            request.about != "",
            rx.fragment(rx.el.dt(t("form.event")), rx.el.dd(rx.el.span(request.about, lang="en"))),
        ),
        rx.el.dt(t("form.name")),
        rx.el.dd(request.name, ", ", request.organisation),
        class_name="facts",
    )


def sure(name: str, words: Any, confirm: Any, handler: Any) -> rx.Component:
    """A tap that cannot be undone asks once."""
    return rx.fragment(
        rx.el.button(
            words,
            type="button",
            class_name="link",
            on_click=act("beSure", name),
            custom_attrs={"aria-expanded": rx.cond(meetings.sure == name, "true", "false")},
        ),
        rx.cond(
            meetings.sure == name,
            rx.el.div(
                rx.el.p(t(f"request.sure.{name}")),
                rx.el.button(confirm, type="button", class_name="stop", on_click=handler),
                class_name="panel",
                role="alert",
            ),
        ),
    )


def ways_out() -> rx.Component:
    """Cancel, and erase everything."""
    return rx.el.section(
        rx.cond(
            request.is_open,
            sure("cancel", t("request.cancel"), t("request.cancel_yes"), act("cancelRequest", request.key)),
        ),
        rx.cond(
            request.is_kept_by_server,
            sure("erase", t("request.erase"), t("request.erase_yes"), act("eraseRequest", request.key)),
        ),
        class_name="ways-out",
    )


def history() -> rx.Component:
    """What happened, the first first."""
    return rx.cond(
        request.history.length() > 0,
        rx.el.section(
            rx.el.h2(t("request.history")),
            rx.el.ol(
                rx.foreach(
                    request.history,
                    lambda line: rx.el.li(
                        line.text,
                        rx.cond(line.words != "", rx.el.q(line.words)),
                        rx.el.span(line.at, class_name="quiet at"),
                        key=line.at + line.text,
                    ),
                )
            ),
            class_name="panel history",
        ),
    )


def found() -> rx.Component:
    """The request itself."""
    return rx.el.article(
        rx.el.header(
            status_tag(request),
            rx.el.h1(t("request.title")),
            rx.el.p(request.hint, role="status"),
            rx.cond(request.words != "", rx.el.blockquote(request.words)),
            rx.cond(request.as_of != "", rx.el.p(request.as_of, class_name="quiet")),
            class_name="head",
        ),
        rx.el.div(
            rx.cond(meetings.acted != "", rx.el.p(meetings.acted, class_name="banner stop")), role="alert"
        ),
        meeting(),
        proposal(),
        rx.cond(request.reason != "", asked()),
        history(),
        ways_out(),
        class_name="request",
        custom_attrs={"data-request": request.status},
    )


def nothing() -> rx.Component:
    """Why there is nothing to show."""
    return rx.el.div(
        rx.el.h1(t("request.title")),
        rx.match(
            meetings.missing,
            ("unknown", rx.el.p(t("request.unknown"))),
            ("erased", rx.el.p(t("request.hint.erased"))),
            ("unreached", rx.el.p(t("request.unreached"))),
            rx.el.p(t("request.looking")),
        ),
        rx.el.a(t("meet.title"), href=routes.MEET, class_name="main button"),
        class_name="nothing",
    )


def one_request() -> rx.Component:
    """The page at `/meet/{token}`."""
    return page(
        routes.REQUEST,
        styles("meet"),
        meetings.follow(),
        meetings.adopt(),
        rx.el.a(icon("back"), rx.el.span(t("meet.title")), href=routes.MEET, class_name="back"),
        rx.cond(request, found(), nothing()),
        freshness(),
    )
