"""Style sheets that only some pages need; a first visit does not carry them."""

import reflex as rx


def styles(name: str) -> rx.Component:
    """Link `assets/{name}.css`; React waits for it before the page is shown."""
    return rx.el.link(rel="stylesheet", href=f"/{name}.css", custom_attrs={"precedence": "default"})
