"""The composition root: the app and every page of it in one list."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.about import about
from copapp.delegate.event import event
from copapp.delegate.not_found import boundary, not_found
from copapp.delegate.saved import saved
from copapp.delegate.schedule import schedule
from copapp.delegate.settings import settings
from copapp.offline import live
from copapp.offline.head import before_anything
from copapp.offline.live import t


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
)

for page, route, title in (
    (schedule, routes.SCHEDULE, titled(t("place.schedule"))),
    (event, routes.EVENT, titled(rx.cond(live.event, live.event.title, t("event.unknown")))),
    (saved, routes.SAVED, titled(t("place.saved"))),
    (settings, routes.SETTINGS, titled(t("place.settings"))),
    (about, routes.ABOUT, titled(t("place.about"))),
):
    app.add_page(page, route=route, title=title, image=live.image, meta=[])

# Reflex asks whether this page has an image of its own, which a live Var cannot answer.
app.add_page(
    not_found, route="/404", title=titled(t("not_found.title")), image="/pictures/preview.png", meta=[]
)
