"""A choice that is on or off: filters, languages, colours."""

from typing import Any

import reflex as rx


def chip(words: Any, is_on: Any, on_click: Any, **given: Any) -> rx.Component:
    """One choice, made by a tap."""
    return rx.el.button(
        words,
        type="button",
        on_click=on_click,
        class_name="chip",
        custom_attrs={"aria-pressed": rx.cond(is_on, "true", "false")},
        **given,
    )
