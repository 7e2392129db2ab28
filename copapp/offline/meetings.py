"""Reflex Vars and acts over the store's module for meetings. Used by `delegate`."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionVar

from copapp.offline import live, meeting_views

STORE = "$/utils/copapp/store/meetings"


def _meetings(part: str, type_: Any) -> Any:
    name = f"meetings_{part}"
    data = live.from_store("useMeetings", store=STORE, **{name: f"useMeetings({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def act(name: str, *given: Any) -> FunctionVar:
    """An act of the store for a tap."""
    return live.act(name, *given, store=STORE)


def act_with_value(name: str) -> FunctionVar:
    """An act of the store that takes what a field now holds."""
    return live.act_with_value(name, store=STORE)


def _hook(name: str, call: str, type_: Any) -> Any:
    data = live.from_store(call, store=STORE, **{name: f"{call}()"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def follow() -> rx.Component:
    """Nothing to see: keeps requests fresh while the page is shown."""
    return rx.fragment(rx.cond(_hook("following", "useFollowing", bool), "", ""))


def adopt() -> rx.Component:
    """Nothing to see: takes in the request of the address."""
    return rx.fragment(rx.cond(_hook("adopted", "useAdopted", bool), "", ""))


fields: Any = _meetings("fields", meeting_views.Fields)
slots: Any = _meetings("slots", list[meeting_views.SlotChoice])
zone: Any = _meetings("zone", str)
days: Any = _meetings("days", list[meeting_views.SlotDay])
members: Any = _meetings("members", list[meeting_views.Member])
events: Any = _meetings("events", list[meeting_views.Option])
tongues: Any = _meetings("tongues", list[meeting_views.Option])
summary: Any = _meetings("summary", meeting_views.Summary)
terms: Any = _meetings("terms", meeting_views.Terms)
requests: Any = _meetings("requests", list[meeting_views.Request])
was_kept: Any = _meetings("kept", bool)
newest: Any = _meetings("newest", meeting_views.Request)
acted: Any = _meetings("acted", str)
is_countering: Any = _meetings("countering", bool)
sure: Any = _meetings("sure", str)
request: Any = _hook("meeting_request", "useRequest", meeting_views.Request)
missing: Any = _hook("missing_request", "useMissing", str)
