"""A form that the browser itself sends; Reflex's own would keep it from doing so."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class PlainForm(BaseHTML):
    """HTML's form element and nothing else."""

    tag = "form"


def plain_form(*children: rx.Component, action: str = "", **given: str) -> rx.Component:
    """A form that posts to `action`, or to the address of its page."""
    attributes = {"method": "post"} | ({"action": action} if action else {})
    return PlainForm.create(*children, custom_attrs=attributes, **given)
