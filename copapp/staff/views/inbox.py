"""The inbox: what wants an answer, live for everyone who is signed in."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.services.inbox import TABS
from copapp.staff import routes
from copapp.staff.inbox_state import InboxState
from copapp.staff.shell import page, status_tag
from copapp.staff.views.watched import waiting_lines
from copapp.staff.words import ago, day_words, language, t, t_of, when

_SHOWS_HELD_BACK = (InboxState.searched == "") & (InboxState.tab == "held_back")


def tab(name: str) -> rx.Component:
    """One group of requests, with how many it holds; of those held back only where there are any."""
    chip = rx.el.button(
        t(f"tab.{name}"),
        rx.el.span(InboxState.counts[name], class_name="count"),
        type="button",
        class_name="chip",
        on_click=InboxState.choose_tab(name),
        custom_attrs={
            "aria-pressed": rx.cond((InboxState.searched == "") & (InboxState.tab == name), "true", "false")
        },
    )
    is_wanted = (InboxState.counts[name] > 0) | (InboxState.tab == name)
    return rx.cond(is_wanted, chip) if name == "held_back" else chip


def tabs() -> rx.Component:
    """The groups."""
    return rx.el.div(
        *(tab(name) for name in TABS),
        class_name="tabs",
        role="group",
        custom_attrs={"aria-label": t("inbox.tabs")},
    )


def search_field() -> rx.Component:
    """Name, organisation, address or words of the reason."""
    return rx.el.label(
        icon("search"),
        rx.el.span(t("inbox.search"), class_name="aloud"),
        rx.el.input(
            type="search",
            name="q",
            placeholder=t("inbox.search"),
            default_value=InboxState.search,
            on_change=InboxState.look_for.debounce(200),
            auto_complete="off",
            key=InboxState.cleared,
        ),
        class_name="search",
    )


def row(each: Any) -> rx.Component:
    """One request, as a mail program lists it; of those held back several can be picked."""
    return rx.el.li(
        rx.cond(
            _SHOWS_HELD_BACK,
            rx.el.input(
                type="checkbox",
                checked=InboxState.picked.contains(each.id)
                | ((InboxState.picked_to >= each.id) & ~InboxState.spared.contains(each.id)),
                on_change=InboxState.pick(each.id),
                custom_attrs={"aria-label": t("draft.pick") + ": " + each.name},
            ),
        ),
        rx.el.a(
            rx.el.span(each.name, class_name="who"),
            rx.el.span(ago(each.at, InboxState.now), class_name="quiet age"),
            rx.el.span(each.organisation, class_name="quiet organisation"),
            rx.el.span(each.line, class_name="line"),
            rx.el.span(
                status_tag(each.status),
                rx.cond(each.wish != "", rx.el.span(when(each.wish), class_name="wish"), t("inbox.any_time")),
                rx.cond(each.member != "", rx.el.span(each.member, class_name="quiet")),
                class_name="state",
            ),
            href=f"{routes.REQUEST}?id=" + each.id.to_string(),
        ),
        key=each.id,
        custom_attrs={"data-request": each.status},
    )


def found() -> rx.Component:
    """How many requests a search has found in all tabs, and the way back to the tab."""
    return rx.el.div(
        rx.cond(
            InboxState.searched != "",
            rx.el.p(
                rx.cond(
                    InboxState.total > 0,
                    t("inbox.found", count=InboxState.total, words=InboxState.searched),
                    t("inbox.nothing_found", words=InboxState.searched),
                ),
                " ",
                rx.el.button(
                    t("inbox.clear"),
                    type="button",
                    class_name="link",
                    on_click=InboxState.choose_tab(InboxState.tab),
                ),
                class_name="found",
            ),
        ),
        role="status",
    )


def rows() -> rx.Component:
    """The requests of the tab, or of all tabs that a search has found."""
    return rx.cond(
        InboxState.rows.length() > 0,
        rx.fragment(
            rx.el.ul(
                rx.foreach(InboxState.rows, row), class_name=rx.cond(_SHOWS_HELD_BACK, "rows picked", "rows")
            ),
            more(),
        ),
        rx.cond(
            InboxState.searched == "",
            rx.el.p(t_of("inbox.empty.", InboxState.tab), class_name="nothing"),
        ),
    )


def more() -> rx.Component:
    """The rest of a long list, a screenful at a time."""
    return rx.cond(
        InboxState.total > InboxState.rows.length(),
        rx.el.button(
            t("draft.more", count=InboxState.total - InboxState.rows.length()),
            type="button",
            class_name="more",
            on_click=InboxState.show_more,
        ),
    )


def some_held_back() -> rx.Component:
    """That requests are held back: on a phone their tab is out of sight."""
    return rx.cond(
        (InboxState.counts["held_back"] > 0) & ~_SHOWS_HELD_BACK,
        rx.el.p(
            t("held_back.some", count=InboxState.counts["held_back"]),
            " ",
            rx.el.button(
                t("held_back.look"),
                type="button",
                class_name="link",
                on_click=InboxState.choose_tab("held_back"),
            ),
            class_name="banner",
        ),
    )


def held_back() -> rx.Component:
    """Why requests are held back, and the way to pick all of them."""
    return rx.cond(
        _SHOWS_HELD_BACK,
        rx.el.div(
            rx.el.p(t("held_back.why"), class_name="quiet"),
            rx.cond(
                InboxState.total > 0,
                rx.el.button(
                    t("held_back.pick_all", count=InboxState.total),
                    type="button",
                    on_click=InboxState.pick_all,
                    custom_attrs={"aria-pressed": rx.cond(InboxState.picked_to > 0, "true", "false")},
                ),
            ),
            class_name="held-back",
        ),
    )


def together() -> rx.Component:
    """What can be done to all that is picked, at the thumb; and what was done."""
    picked = InboxState.picked, InboxState.picked_to, InboxState.spared
    count = InboxState.picked_count
    return rx.fragment(
        rx.el.div(
            rx.cond(
                InboxState.done != "",
                rx.el.p(
                    t_of("held_back.done.", InboxState.done, count=InboxState.done_to), class_name="banner"
                ),
            ),
            role="status",
        ),
        rx.cond(
            _SHOWS_HELD_BACK & (count > 0),
            rx.el.div(
                rx.el.p(
                    rx.el.span(t("draft.picked", count=count), role="status"),
                    " ",
                    rx.el.button(
                        t("draft.let_go"), type="button", class_name="link", on_click=InboxState.let_go
                    ),
                ),
                rx.el.div(
                    rx.el.button(
                        t("held_back.put_on_list"),
                        type="button",
                        class_name="main",
                        on_click=InboxState.put_on_list(*picked),
                    ),
                    rx.el.button(
                        t("held_back.decline_unsaid"),
                        type="button",
                        on_click=InboxState.decline_unsaid(*picked),
                    ),
                    rx.el.details(
                        rx.el.summary(t("held_back.erase")),
                        rx.el.button(
                            t("held_back.erase_for_good", count=count),
                            type="button",
                            class_name="stop",
                            on_click=InboxState.erase_held_back(*picked),
                        ),
                    ),
                    class_name="row",
                ),
                class_name="together wraps panel",
            ),
        ),
    )


def undelivered() -> rx.Component:
    """How many messages wait, and why."""
    return rx.cond(
        InboxState.waiting > 0,
        rx.el.p(
            t("inbox.waiting", count=InboxState.waiting),
            " ",
            t_of("inbox.why.", InboxState.waiting_why),
            class_name="banner",
        ),
    )


def reply(each: Any) -> rx.Component:
    """One answer by mail that nobody can follow without asking: whose, why, and what to do."""
    return rx.el.li(
        rx.el.p(
            rx.cond(
                each.request > 0,
                rx.el.a(each.name, href=f"{routes.REQUEST}?id=" + each.request.to_string(), class_name="who"),
            ),
            rx.el.span(ago(each.at, InboxState.now), class_name="quiet age"),
        ),
        rx.el.p(
            t_of("reply.why.", each.why),
            rx.cond(each.starts != "", rx.el.span(" ", t("reply.time"), " ", rx.el.b(when(each.starts)))),
        ),
        rx.el.button(
            t("reply.seen"),
            type="button",
            class_name="link",
            on_click=InboxState.saw_reply(each.id),
        ),
        key=each.id,
    )


def replies() -> rx.Component:
    """The answers by mail that wait for one of us."""
    return rx.fragment(
        rx.el.div(
            rx.cond(
                InboxState.problem != "",
                rx.el.p(t_of("problem.", InboxState.problem), class_name="banner stop"),
            ),
            role="alert",
        ),
        rx.cond(
            InboxState.mailbox_trouble != "",
            rx.el.p(
                t("reply.mailbox"),
                " ",
                t_of("reply.trouble.", InboxState.mailbox_trouble),
                class_name="banner",
            ),
        ),
        rx.cond(
            InboxState.replies.length() > 0,
            rx.el.section(
                rx.el.h2(t("reply.list")),
                rx.el.ul(rx.foreach(InboxState.replies, reply)),
                class_name="panel answers",
                id="answers",
            ),
        ),
    )


def news() -> rx.Component:
    """Tells of new requests, also aloud."""
    return rx.el.div(
        rx.cond(InboxState.news > 0, rx.el.p(t("inbox.news", count=InboxState.news), class_name="banner go")),
        role="status",
    )


def taken_away() -> rx.Component:
    """Every request as a table, for coordinators, and until when such a file may be kept."""
    files = (("Excel", routes.REQUESTS_EXCEL), ("CSV", routes.REQUESTS_CSV))
    return rx.el.section(
        rx.el.h2(t("requests.take")),
        rx.el.div(
            *(
                rx.el.a(
                    name, href=f"{route}?language=" + language(), reload_document=True, class_name="button"
                )
                for name, route in files
            ),
            class_name="row",
        ),
        rx.el.p(t("requests.careful", day=day_words(InboxState.erased_on)), class_name="quiet"),
        class_name="panel",
        id="take-away",
    )


def inbox() -> rx.Component:
    """The page at `/admin`."""
    return page(
        routes.INBOX,
        rx.el.header(
            rx.el.h1(t("place.inbox")),
            rx.el.p(t("inbox.signed_in", name=InboxState.me), class_name="quiet"),
            class_name="head",
        ),
        undelivered(),
        waiting_lines(),
        news(),
        replies(),
        some_held_back(),
        tabs(),
        search_field(),
        found(),
        held_back(),
        rows(),
        together(),
        rx.el.p(rx.el.a(t("reply.give"), href=routes.REPLIES), class_name="elsewhere"),
        rx.cond(InboxState.is_coordinator, taken_away()),
    )
