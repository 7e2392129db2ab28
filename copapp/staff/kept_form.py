"""A form that keeps what is typed in this tab; what was typed over another version is offered beside it."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation

from copapp.presenters.draft import FieldChange
from copapp.staff.words import kept_form, t


def older_text(form: str, thing: Any, version: Any, follows: Any, kept: Any, name_of: Any) -> rx.Component:
    """Offer what was typed over another version; `name_of` gives the words for a field's name."""
    mine = kept_form(form, thing, version, follows, kept)
    older = mine["older"].to(list[FieldChange])
    return rx.cond(
        older.length() > 0,
        rx.el.div(
            rx.el.p(t("form.older")),
            differing(older, name_of),
            rx.el.div(
                *(
                    rx.el.button(t(f"form.{act}"), type="button", on_click=_call(mine, act))
                    for act in ("take", "drop")
                ),
                class_name="row",
            ),
            class_name="panel proposal",
            role="alert",
            id=f"{form}-older",
        ),
    )


def differing(rows: Any, name_of: Any) -> rx.Component:
    """Each field that differs: as it is on the screen, and as it is kept now."""
    return rx.el.dl(
        rx.foreach(
            rows,
            lambda each: rx.fragment(
                rx.el.dt(name_of(each.field)),
                rx.el.dd(
                    rx.el.span(t("form.yours"), ": ", each.was), rx.el.span(t("form.now"), ": ", each.now)
                ),
                key=each.field,
            ),
        ),
        class_name="facts",
    )


def _call(mine: Any, act: str) -> ArgsFunctionOperation:
    return ArgsFunctionOperation.create((), mine[act].to(rx.vars.FunctionVar).call())
