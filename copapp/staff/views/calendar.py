"""Addresses for calendar programs: of what I have to do and, for coordinators, of what all of us have."""

from typing import Any

import reflex as rx

from copapp.i18n import LANGUAGES
from copapp.presenters.follow import WaysToFollow
from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.calendar_state import ALARMS, CalendarState
from copapp.staff.shell import page
from copapp.staff.words import (
    code_of,
    copied,
    copy_from,
    day_words,
    language,
    shown_at,
    shown_once,
    t,
    t_of,
    when,
)

_ADDRESS, _NEWS = "calendar-address", "calendar-news"
_OUT = {"data-native": "true"}
_ELSEWHERE = {"target": "_blank", "rel": "noreferrer"}


def new_address() -> rx.Component:
    """The address that was made last: what to do with it, until somebody has it or it ends."""
    state: Any = CalendarState
    made = rx.Var.create({"ways": state.ways, "of_team": state.of_team, "since": state.made})
    once = shown_once("address", state.me, "", rx.cond(state.ways.address != "", made, ""))
    shown = once.shown.to(dict[str, Any])
    ways, of_team = shown["ways"].to(WaysToFollow), shown["of_team"].to(bool)
    return rx.cond(
        once.shown.bool() & (rx.cond(of_team, state.team.since, state.own.since) == shown["since"].to(str)),
        rx.el.section(
            rx.el.h2(t("feed.new")),
            rx.el.p(rx.cond(of_team, t("feed.team"), t("feed.own"))),
            rx.el.p(t("feed.once")),
            rx.el.div(
                *(
                    rx.el.a(t(f"feed.{name}"), href=href, class_name="button", custom_attrs=_OUT, **given)
                    for name, href, given in (
                        ("webcal", ways.webcal, {}),
                        ("google", ways.google, _ELSEWHERE),
                        ("outlook", ways.outlook, _ELSEWHERE),
                    )
                ),
                class_name="row",
            ),
            rx.el.label(
                rx.el.span(t("feed.address")),
                rx.el.input(
                    id=_ADDRESS, value=ways.address, read_only=True, name="address", spell_check=False
                ),
                class_name="field",
            ),
            rx.el.button(t("feed.copy"), type="button", on_click=copy_from(_ADDRESS)),
            rx.el.div(rx.cond(copied(_ADDRESS), rx.el.p(t("feed.copied"))), role="status"),
            rx.cond(code_of(ways.webcal) != "", code(code_of(ways.webcal))),
            rx.el.button(t("feed.have_it"), type="button", on_click=once.noted),
            class_name="panel new-address",
        ),
    )


def code(picture: Any) -> rx.Component:
    """The address for the camera of the device that has the calendar program."""
    return rx.el.figure(
        rx.el.img(src=picture, alt=t("feed.code_alt"), width="220", height="220"),
        rx.el.figcaption(t("feed.code_hint")),
        class_name="code",
    )


def told() -> rx.Component:
    """What was done, or why not, said aloud."""
    state = CalendarState
    return rx.fragment(
        rx.el.div(
            rx.cond(state.done != "", rx.el.p(t_of("feed.done.", state.done), class_name="banner go")),
            role="status",
        ),
        rx.el.div(refusal("feed.problem.", state.problem, state.both), role="alert"),
    )


def wishes(view: Any) -> rx.Component:
    """In which language it is written, and how long before one is reminded."""
    written_in = rx.cond(view.since != "", view.language, language())
    alarm = rx.cond(view.since != "", view.alarm, "15")
    return rx.el.div(
        rx.el.label(
            rx.el.span(t("feed.language")),
            rx.el.select(
                *(rx.el.option(t(f"language.{each}"), value=each) for each in LANGUAGES),
                name="language",
                default_value=written_in,
                key=written_in,
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(t("feed.alarm")),
            rx.el.select(
                rx.el.option(t("feed.no_alarm"), value=""),
                *(rx.el.option(str(each), value=str(each)) for each in ALARMS),
                name="alarm",
                default_value=alarm,
                key=alarm,
            ),
            class_name="field",
        ),
        class_name="row",
    )


def calendar(whose: str, view: Any) -> rx.Component:
    """One calendar: what is in it, since when it is followed, and the ways to change that."""
    return rx.el.section(
        rx.el.h2(t(f"feed.{whose}")),
        rx.el.p(t(f"feed.{whose}_hint"), class_name="quiet"),
        rx.cond(view.since != "", rx.el.p(t("feed.since", when=when(view.since)))),
        rx.el.form(
            rx.el.input(type="hidden", name="whose", value=whose),
            rx.el.input(type="hidden", name="seen", value=view.seen),
            wishes(view),
            rx.el.div(
                rx.el.button(
                    rx.cond(view.since != "", t("feed.keep"), t("feed.make")),
                    type="submit",
                    class_name=rx.cond(view.since != "", "", "main"),
                ),
                class_name="row",
            ),
            on_submit=CalendarState.keep,
            reset_on_submit=False,
            key=whose + view.seen,
        ),
        rx.cond(
            view.since != "",
            rx.el.div(
                rx.el.button(
                    t("feed.replace"), type="button", on_click=CalendarState.replace_address(whose, view.seen)
                ),
                rx.el.button(
                    t("feed.stop"),
                    type="button",
                    on_click=CalendarState.stop(whose, view.seen),
                    class_name="link",
                ),
                class_name="row",
            ),
        ),
        class_name="panel",
        custom_attrs={"data-calendar": whose},
    )


def good_to_know() -> rx.Component:
    """How often programs look, what is never in it, and when it ends."""
    return rx.el.section(
        rx.el.h2(t("feed.know")),
        rx.el.ul(
            *(rx.el.li(t(f"feed.know.{each}")) for each in ("private", "often", "leaked", "rights")),
            rx.cond(
                CalendarState.ends != "",
                rx.el.li(t("feed.know.ends", day=day_words(CalendarState.ends))),
            ),
        ),
        class_name="panel",
    )


def calendars() -> rx.Component:
    """The page at `/admin/calendar`."""
    return page(
        routes.TEAM,
        rx.el.header(
            rx.el.a(t("place.team"), href=routes.TEAM, class_name="back"),
            rx.el.h1(t("feed.title")),
            rx.el.p(t("feed.hint"), class_name="quiet"),
            class_name="head",
        ),
        rx.el.div(told(), new_address(), id=_NEWS),
        shown_at(_NEWS, CalendarState.done_so_far),
        calendar("own", CalendarState.own),
        rx.cond(CalendarState.is_coordinator, calendar("team", CalendarState.team)),
        good_to_know(),
    )
