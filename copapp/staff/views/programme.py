"""The draft of the programme: every event by day; pick several to change them together."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.presenters.draft import DraftDay, DraftRow
from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.programme_state import ProgrammeState
from copapp.staff.shell import page
from copapp.staff.views.watched import waiting_lines
from copapp.staff.words import day_words, short_weekday, t, t_of

_STEPS = (-60, -15, 15, 60)


def marks(row: Any) -> rx.Component:
    """What is new about an event, and what to look at, each in a word."""
    return rx.el.span(
        rx.cond(row.is_cancelled, rx.el.span(t("draft.cancelled"), class_name="tag stop")),
        rx.cond(row.fate != "", rx.el.span(t_of("draft.fate.", row.fate), class_name="tag gold")),
        rx.foreach(row.hints, lambda kind: rx.el.span(t_of("hint.", kind), key=kind, class_name="tag hint")),
        class_name="marks",
    )


def row(each: rx.Var[DraftRow]) -> rx.Component:
    """One event: a tick to pick it, the rest leads to its form."""
    given: Any = each
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            checked=ProgrammeState.picked.contains(given.slug),
            on_change=ProgrammeState.pick(given.slug, given.version),
            custom_attrs={"aria-label": t("draft.pick") + ": " + given.title},
        ),
        rx.el.a(
            rx.el.span(
                rx.el.strong(given.starts),
                rx.cond(
                    given.ends != "", "–" + given.ends, rx.el.span(t("draft.no_end"), class_name="quiet")
                ),
                " · ",
                rx.el.span(given.room, lang="en"),
                class_name="time",
            ),
            rx.el.span(given.title, lang="en", class_name=rx.cond(given.is_cancelled, "gone", "")),
            marks(given),
            href=f"{routes.EVENT}?slug=" + given.slug,
        ),
        key=given.slug,
        custom_attrs={"data-draft": given.slug},
    )


def day(each: rx.Var[DraftDay]) -> rx.Component:
    """The events of one date that are shown."""
    given: Any = each
    return rx.cond(
        given.rows.length() > 0,
        rx.el.section(
            rx.el.h2(day_words(given.day)),
            rx.el.ul(rx.foreach(given.rows, row), class_name="draft-rows"),
            key=given.day,
            class_name="draft-day",
        ),
    )


def search_field() -> rx.Component:
    """Words of the title, the room or the site."""
    return rx.el.label(
        icon("search"),
        rx.el.span(t("draft.search"), class_name="aloud"),
        rx.el.input(
            type="search",
            name="q",
            default_value=ProgrammeState.search,
            key=ProgrammeState.cleared,
            placeholder=t("draft.search"),
            on_change=ProgrammeState.look_for.debounce(200),
            auto_complete="off",
        ),
        class_name="search",
    )


def room_choice() -> rx.Component:
    """One room, or all."""
    return rx.el.select(
        rx.el.option(t("draft.all_rooms"), value=""),
        rx.foreach(
            ProgrammeState.rooms, lambda room: rx.el.option(room.label, value=room.value, key=room.value)
        ),
        value=ProgrammeState.room,
        on_change=ProgrammeState.choose_room,
        custom_attrs={"aria-label": t("event.room")},
    )


def day_tab(each: rx.Var[DraftDay]) -> rx.Component:
    """One date, with how many of its events are wanted."""
    given: Any = each
    return rx.el.button(
        rx.el.span(short_weekday(given.day), class_name="weekday"),
        rx.el.span(given.day.split("-")[2].to(int), class_name="number"),
        rx.el.span(given.count, class_name="today"),
        key=given.day,
        type="button",
        on_click=ProgrammeState.choose_day(given.day),
        class_name=rx.cond(given.count > 0, "day-tab", "day-tab empty"),
        custom_attrs={
            "aria-pressed": rx.cond(ProgrammeState.day == given.day, "true", "false"),
            "aria-label": day_words(given.day) + ": " + given.count.to_string(),
        },
    )


def narrowing() -> rx.Component:
    """What a long list is narrowed by."""
    return rx.fragment(
        rx.el.div(search_field(), room_choice(), class_name="tools"),
        rx.el.div(
            rx.el.button(
                t("draft.all_days"),
                type="button",
                on_click=ProgrammeState.choose_day(""),
                class_name="day-tab all",
                custom_attrs={"aria-pressed": rx.cond(ProgrammeState.day == "", "true", "false")},
            ),
            rx.foreach(ProgrammeState.days, day_tab),
            class_name="day-tabs",
            role="group",
            custom_attrs={"aria-label": t("event.day")},
        ),
        rx.el.p(
            rx.el.span(t("draft.found", count=ProgrammeState.found), role="status"),
            rx.cond(
                (ProgrammeState.day != "") | (ProgrammeState.room != "") | (ProgrammeState.search != ""),
                rx.el.button(
                    t("draft.show_all"), type="button", class_name="link", on_click=ProgrammeState.show_all
                ),
            ),
            rx.cond(
                ProgrammeState.found > ProgrammeState.hidden,
                rx.el.button(
                    t("draft.pick_shown", count=ProgrammeState.found - ProgrammeState.hidden),
                    type="button",
                    class_name="link",
                    on_click=ProgrammeState.pick_shown,
                ),
            ),
            class_name="found quiet",
        ),
    )


def more() -> rx.Component:
    """The rest of a long list, a screenful at a time."""
    return rx.cond(
        ProgrammeState.hidden > 0,
        rx.el.button(
            t("draft.more", count=ProgrammeState.hidden),
            type="button",
            class_name="more",
            on_click=ProgrammeState.show_more,
        ),
    )


def together() -> rx.Component:
    """What can be done to everything that is picked, as it was picked, at the thumb."""
    picked = ProgrammeState.picked
    return rx.cond(
        ProgrammeState.picked.length() > 0,
        rx.el.div(
            rx.el.p(
                rx.el.span(t("draft.picked", count=ProgrammeState.picked.length()), role="status"),
                " ",
                rx.el.button(
                    t("draft.let_go"), type="button", class_name="link", on_click=ProgrammeState.let_go
                ),
            ),
            rx.el.div(
                *(
                    rx.el.button(
                        f"{minutes:+d} min".replace("-", "−"),
                        type="button",
                        on_click=ProgrammeState.move(picked, minutes),
                        custom_attrs={"data-move": str(minutes)},
                    )
                    for minutes in _STEPS
                ),
                rx.el.select(
                    rx.el.option(t("draft.into_room"), value=""),
                    rx.foreach(
                        ProgrammeState.rooms,
                        lambda room: rx.el.option(room.label, value=room.value, key=room.value),
                    ),
                    value="",
                    on_change=lambda room: ProgrammeState.into_room(picked, room),
                    custom_attrs={"aria-label": t("draft.into_room")},
                ),
                *(
                    rx.el.button(
                        t(f"draft.{name}"), type="button", on_click=ProgrammeState.set_status(picked, name)
                    )
                    for name in ("cancel", "restore")
                ),
                rx.el.button(
                    t("draft.remove"),
                    type="button",
                    on_click=ProgrammeState.remove(picked),
                    class_name="stop",
                ),
                class_name="row",
            ),
            class_name="together panel",
        ),
    )


def problem() -> rx.Component:
    """Why the last change could not be made."""
    return rx.el.div(refusal("draft.problem.", ProgrammeState.problem, ProgrammeState.both), role="alert")


def programme() -> rx.Component:
    """The page at `/admin/programme`."""
    return page(
        routes.DRAFT,
        rx.el.header(
            rx.el.h1(t("draft.title")),
            rx.el.p(
                rx.cond(
                    ProgrammeState.waiting > 0,
                    t("draft.waiting", count=ProgrammeState.waiting),
                    t("draft.nothing_waits"),
                ),
                class_name="quiet",
            ),
            class_name="head",
        ),
        rx.el.div(
            rx.el.a(t("draft.add"), href=routes.EVENT, class_name="button"),
            rx.el.a(t("import.title"), href=routes.IMPORT, class_name="button"),
            rx.el.a(icon("share"), t("release.look"), href=routes.RELEASE, class_name="button main"),
            class_name="row",
        ),
        waiting_lines(),
        problem(),
        narrowing(),
        rx.foreach(ProgrammeState.days, day),
        more(),
        together(),
    )
