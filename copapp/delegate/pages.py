"""Every delegates' page, once: where it is, what draws it, and its title."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.about import about
from copapp.delegate.calendars import public_calendars
from copapp.delegate.changes import changes
from copapp.delegate.event import event
from copapp.delegate.map import room_map, whole_map
from copapp.delegate.meet import meet
from copapp.delegate.more import more
from copapp.delegate.request import one_request
from copapp.delegate.saved import saved
from copapp.delegate.schedule import schedule
from copapp.delegate.settings import settings
from copapp.delegate.way import way_map
from copapp.offline import live
from copapp.offline import map as venue_map
from copapp.offline.live import t


@dataclass(frozen=True)
class DelegatePage:
    """A page; its title is a Var of the client store."""

    address: str
    draw: Callable[[], rx.Component]
    title: Any


PAGES = (
    DelegatePage(routes.SCHEDULE, schedule, t("place.schedule")),
    DelegatePage(routes.EVENT, event, rx.cond(live.event, live.event.title, t("event.unknown"))),
    DelegatePage(routes.SAVED, saved, t("place.saved")),
    DelegatePage(routes.MAP, whole_map, t("map.title")),
    DelegatePage(routes.ROOM, room_map, rx.cond(venue_map.room, venue_map.room.name, t("map.unknown"))),
    DelegatePage(routes.WAY, way_map, rx.cond(venue_map.way, venue_map.way.title, t("map.unknown"))),
    DelegatePage(routes.MEET, meet, t("place.meet")),
    DelegatePage(routes.REQUEST, one_request, t("request.title")),
    DelegatePage(routes.CHANGES, changes, t("changes.title")),
    DelegatePage(routes.CALENDARS, public_calendars, t("calendars.title")),
    DelegatePage(routes.MORE, more, t("place.more")),
    DelegatePage(routes.SETTINGS, settings, t("place.settings")),
    DelegatePage(routes.ABOUT, about, t("place.about")),
)
