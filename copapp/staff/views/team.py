"""When I can be met, how long, and what delegates see of me."""

from typing import Any

import reflex as rx

from copapp.i18n import LANGUAGES
from copapp.services.team import BUFFER_MINUTES, SLOT_MINUTES
from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.clashes import clash
from copapp.staff.kept_form import older_text
from copapp.staff.plain_form import plain_form
from copapp.staff.shell import page
from copapp.staff.team_state import TeamState
from copapp.staff.words import day_words, t, t_of, when

_PRACTICE = "practice-form"


def hours(each: Any) -> rx.Component:
    """One stretch of a day, with a way to take it back."""
    return rx.el.li(
        rx.el.span(each.opens, "–", each.closes, class_name="span"),
        rx.el.button(
            t("team.remove"),
            type="button",
            class_name="link",
            on_click=TeamState.remove_hours(each.id, each.seen),
            custom_attrs={"aria-label": t("team.remove") + " " + each.opens + "–" + each.closes},
        ),
        key=each.id,
    )


def day(each: Any) -> rx.Component:
    """One day: its hours, and a line to add some."""
    return rx.el.section(
        rx.el.h2(day_words(each.date)),
        rx.cond(
            each.hours.length() > 0,
            rx.el.ul(rx.foreach(each.hours, hours), class_name="hours"),
            rx.el.p(t("team.no_hours"), class_name="quiet"),
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="day", value=each.date),
            clock_field("opens", "09:00"),
            clock_field("closes", "18:00"),
            rx.el.button(t("team.add"), type="submit"),
            on_submit=TeamState.add_hours,
            class_name="row",
        ),
        key=each.date,
        class_name="panel",
    )


def clock_field(name: str, usual: str) -> rx.Component:
    """A time of the day."""
    return rx.el.label(
        rx.el.span(t(f"team.{name}")),
        rx.el.input(type="time", name=name, default_value=usual, step="300", required=True),
        class_name="field",
    )


def length_field(name: str, lengths: tuple[int, ...], value: Any) -> rx.Component:
    """A number of minutes to choose."""
    return rx.el.label(
        rx.el.span(t(f"team.{name}")),
        rx.el.select(
            *(rx.el.option(str(each), value=str(each)) for each in lengths),
            name=name,
            default_value=value.to_string(),
        ),
        class_name="field",
    )


def box(name: str, label: Any, is_on: Any) -> rx.Component:
    """A box to tick."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=is_on),
        rx.el.span(label),
        class_name="tick",
    )


def practice() -> rx.Component:
    """Length, buffer, and what delegates see: one form for each state of it."""
    mine = TeamState.practice
    return rx.el.form(
        rx.el.input(type="hidden", name="seen", value=mine.seen),
        rx.el.h2(t("team.practice")),
        rx.el.div(
            length_field("slot_minutes", SLOT_MINUTES, mine.slot_minutes),
            length_field("buffer_minutes", BUFFER_MINUTES, mine.buffer_minutes),
            class_name="row",
        ),
        box("is_shown", t("team.is_shown"), mine.is_shown),
        rx.el.label(
            rx.el.span(t("team.job_title")),
            rx.el.input(name="job_title", default_value=mine.job_title, max_length=120),
            class_name="field",
        ),
        rx.el.fieldset(
            rx.el.legend(t("team.languages")),
            *(
                box(f"speaks_{each}", t(f"language.{each}"), mine.languages.contains(each))
                for each in LANGUAGES
            ),
        ),
        rx.el.button(t("team.keep"), type="submit", class_name="main"),
        rx.el.div(rx.cond(TeamState.is_kept, rx.el.p(t("team.kept"))), role="status"),
        on_submit=TeamState.set_practice,
        reset_on_submit=False,
        key=mine.seen,
        id=_PRACTICE,
        class_name="panel",
    )


def half_typed() -> rx.Component:
    """What was typed into the form before it came to hold something else."""
    seen = TeamState.practice.seen
    thing = rx.cond(seen != "", "practice", "")
    return older_text(_PRACTICE, thing, seen, "", TeamState.kept, lambda name: t_of("team.", name))


def event(each: Any) -> rx.Component:
    """One event to be at."""
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=each.is_covered,
                on_change=lambda is_on: TeamState.cover(each.slug, each.version, is_on),
            ),
            rx.el.span(when(each.starts), " · ", rx.el.span(each.title, lang="en")),
            class_name="tick",
        ),
        rx.cond(
            each.clashes.length() > 0, rx.el.ul(rx.foreach(each.clashes, clash), class_name="in-the-way")
        ),
        key=each.slug,
    )


def events() -> rx.Component:
    """What I will be at: busy then, but worth asking."""
    return rx.el.section(
        rx.el.h2(t("team.events")),
        rx.el.p(t("team.events_hint"), class_name="quiet"),
        rx.el.ul(rx.foreach(TeamState.events, event), class_name="ticks"),
        class_name="panel",
    )


def problem() -> rx.Component:
    """Why the last change could not be made."""
    return rx.el.div(
        refusal("hours.", TeamState.problem, TeamState.both),
        role="alert",
    )


def way(words: Any, route: str) -> rx.Component:
    """One way."""
    return rx.el.a(words, href=route, class_name="button")


def ways() -> rx.Component:
    """From one's own page to those about all of us; coordinators have more of them."""
    return rx.el.nav(
        way(t("account.title"), routes.ACCOUNT),
        way(t("feed.title"), routes.CALENDAR),
        way(t("cover.title"), routes.COVER),
        way(t("figures.title"), routes.STATISTICS),
        rx.cond(
            TeamState.practice.is_coordinator,
            rx.fragment(
                way(t("accounts.title"), routes.ACCOUNTS),
                way(t("log.title"), routes.LOG),
                way(t("settings.title"), routes.SETTINGS),
            ),
        ),
        class_name="ways",
        custom_attrs={"aria-label": t("team.ways")},
    )


def sign_out_everywhere() -> rx.Component:
    """Out, on every device."""
    return rx.el.div(
        plain_form(
            rx.el.button(t("place.sign_out_everywhere"), type="submit"), action="/admin/sign-out-everywhere"
        ),
        class_name="panel row",
    )


def team() -> rx.Component:
    """The page at `/admin/team`."""
    return page(
        routes.TEAM,
        rx.el.header(
            rx.el.h1(t("place.team")),
            rx.el.p(TeamState.practice.name, class_name="quiet"),
            ways(),
            rx.el.p(t("team.hint"), class_name="quiet"),
            class_name="head",
        ),
        problem(),
        rx.foreach(TeamState.days, day),
        half_typed(),
        rx.cond(TeamState.practice.seen != "", practice()),
        events(),
        sign_out_everywhere(),
    )
