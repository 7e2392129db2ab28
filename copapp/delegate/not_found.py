"""An address that leads nowhere, and a page that could not be drawn."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from copapp.delegate import routes
from copapp.delegate.shell import page
from copapp.offline.live import t


def not_found() -> rx.Component:
    """Say so, and lead back."""
    return page(
        "",
        rx.el.div(
            rx.el.h1(t("not_found.title")),
            rx.el.p(t("not_found.hint")),
            rx.el.a(t("not_found.back"), href=routes.SCHEDULE, class_name="main button"),
            class_name="nothing",
        ),
    )


@rx.memo
def broken() -> rx.Component:
    """What stands in for a page that failed to draw. A memo: the root itself follows no store."""
    return rx.el.main(
        rx.el.h1(t("broken.title")),
        rx.el.p(t("broken.hint")),
        rx.el.a(t("broken.again"), href=routes.SCHEDULE, reload_document=True, class_name="main button"),
        class_name="nothing",
    )


def boundary() -> rx.Component:
    """Catch what goes wrong while a page is drawn; Reflex's own boundary would report it over the socket."""
    return ErrorBoundary.create(fallback_render=rx.Var.create(broken()), on_error=rx.noop())
