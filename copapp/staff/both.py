"""Why an act was refused: in words, and where another was there first, the screen beside what is kept now."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.staff.acts import FAULT
from copapp.staff.words import t, t_of


@dataclass(frozen=True)
class Both:
    """Something as it was on the screen, and as it is now; "" where it was or is not there."""

    was: str
    now: str


def words_of(prefix: str, problem: Any) -> rx.Component:
    """The words for what went wrong, or that it is a fault of ours."""
    return rx.cond(problem == FAULT, t("problem.fault"), t_of(prefix, problem))


def refusal(prefix: str, problem: Any, both: Any = None) -> rx.Component:
    """A banner with what went wrong; nothing where nothing did."""
    compared = [] if both is None else [rx.foreach(both, _compared)]
    return rx.cond(
        problem != "",
        rx.el.div(rx.el.p(words_of(prefix, problem)), *compared, class_name="banner stop"),
    )


def _compared(each: Any) -> rx.Component:
    return rx.el.dl(
        rx.el.dt(t("both.was")),
        rx.el.dd(rx.cond(each.was != "", each.was, t("both.nothing"))),
        rx.el.dt(t("both.now")),
        rx.el.dd(rx.cond(each.now != "", each.now, t("both.nothing"))),
        key=each.was + each.now,
        class_name="facts",
    )
