"""The composition root: the app, and every page of both faces in it."""

from typing import Any

import reflex as rx

from copapp.delegate.not_found import boundary, not_found
from copapp.delegate.pages import PAGES
from copapp.offline import live
from copapp.offline.head import before_anything
from copapp.offline.live import t
from copapp.staff.faults import note_page_fault, tell_fault
from copapp.staff.guard import Guard
from copapp.staff.pages import PAGES as STAFF_PAGES
from copapp.staff.words import t as staff_t


def titled(words: Any) -> Any:
    """A page's title: its own words, then the conference."""
    return words + " · " + live.conference.name


app = rx.App(
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): lambda _: boundary()},
    head_components=before_anything(),
    stylesheets=["/app.css"],
    reset_style=False,
    html_lang="en",
    backend_exception_handler=tell_fault,
    frontend_exception_handler=note_page_fault,
)
app.add_middleware(Guard())

for page in PAGES:
    app.add_page(page.draw, route=page.address, title=titled(page.title), meta=[])

for staff_page in STAFF_PAGES:
    app.add_page(
        staff_page.draw,
        route=staff_page.address,
        title=titled(staff_t(staff_page.title)),
        meta=[],
        on_load=staff_page.on_load or None,
    )

app.add_page(not_found, route="/404", title=titled(t("not_found.title")), meta=[])
