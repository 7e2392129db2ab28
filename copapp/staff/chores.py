"""How the app's chores go: mail, erasing and the others, when each was last done. Part of the settings."""

from typing import Any

import reflex as rx

from copapp.staff.settings_state import SettingsState
from copapp.staff.words import t, t_of, when


def chore(shown: Any) -> rx.Component:
    """One chore, and since when it fails."""
    return rx.fragment(
        rx.el.dt(t_of("chore.name.", shown.name)),
        rx.el.dd(
            rx.cond(
                shown.last_good != "",
                rx.el.span(t("chore.done", when=when(shown.last_good))),
                rx.el.span(t("chore.not_yet")),
            ),
            rx.cond(
                shown.failing_since != "",
                rx.el.span(t("chore.failing", when=when(shown.failing_since)), class_name="wrong"),
            ),
        ),
        key=shown.name,
    )


def jump(shown: Any) -> rx.Component:
    """What a jump of the clock holds up."""
    return rx.el.span(t("chore.clock", seen=shown.seen, since=shown.since, until=shown.until))


def chores() -> rx.Component:
    """All of them, as the process that answers this page knows them."""
    return rx.el.section(
        rx.el.h2(t("chore.title")),
        rx.el.p(t("chore.hint"), class_name="quiet"),
        rx.cond(SettingsState.jump.until != "", rx.el.p(jump(SettingsState.jump), class_name="wrong")),
        rx.el.dl(rx.foreach(SettingsState.chores, chore), class_name="facts"),
        class_name="panel",
        id="chores",
    )
