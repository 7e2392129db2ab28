"""Reflex Vars over the store's module for the saved day. Used by `delegate`."""

from typing import Any

import reflex as rx

from copapp.offline import day_views, live, meeting_views

STORE = "$/utils/copapp/store/day"


def _day(part: str, type_: Any) -> Any:
    name = f"day_{part}"
    data = live.from_store("useDay", store=STORE, **{name: f"useDay({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


days: Any = _day("days", list[day_views.SavedDay])
vanished: Any = _day("vanished", list[day_views.Vanished])
requests: Any = _day("requests", list[meeting_views.Request])
is_asked: Any = _day("asked", bool)
meeting_count: Any = _day("meetings", int)
today: Any = _day("today", str)
assumed_minutes: Any = _day("assumed", int)
