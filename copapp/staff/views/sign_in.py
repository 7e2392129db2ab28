"""The sign-in: a plain form that works without a script. No state, no socket."""

from typing import Any

import reflex as rx

from copapp.parts.styles import styles
from copapp.staff.door_words import clean_slate, said
from copapp.staff.plain_form import plain_form
from copapp.staff.words import t, t_of


def door(title: Any, *content: rx.Component) -> rx.Component:
    """One narrow page before the door, with what went wrong said aloud."""
    return rx.el.div(
        styles("staff"),
        clean_slate(),
        rx.el.main(
            rx.el.h1(title),
            what_went_wrong(),
            *content,
            id="main",
            tab_index=-1,
        ),
        class_name="app staff door",
    )


def what_went_wrong() -> rx.Component:
    """What a door said of the form that was sent, aloud."""
    return rx.el.div(
        rx.cond(said("problem") != "", rx.el.p(_problem(), class_name="banner stop")), role="alert"
    )


def _problem() -> rx.Component:
    problem: Any = said("problem")
    return rx.cond(problem == "wait", t("door.wait", count=said("seconds")), t_of("door.", problem.to(str)))


def field(words: Any, name: str, kind: str, autocomplete: str, **given: Any) -> rx.Component:
    """One labelled field."""
    return rx.el.label(
        rx.el.span(words),
        rx.el.input(name=name, type=kind, auto_complete=autocomplete, required=True, max_length=256, **given),
        class_name="field",
    )


def sign_in() -> rx.Component:
    """The page at `/admin/sign-in`; its form goes to the address with what that says, such as `?next=`."""
    return door(
        t("sign_in.title"),
        plain_form(
            field(t("sign_in.email"), "email", "email", "username"),
            field(t("sign_in.password"), "password", "password", "current-password"),
            rx.el.label(
                rx.el.span(t("sign_in.code")),
                rx.el.input(name="code", max_length=32, auto_complete="one-time-code"),
                class_name="field",
            ),
            rx.el.button(t("sign_in.enter"), type="submit", class_name="main"),
        ),
        rx.el.p(t("sign_in.forgotten"), class_name="quiet"),
    )
