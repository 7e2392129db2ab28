"""Reflex Vars and acts over the store's module for calendars. Used by `delegate`."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionVar

from copapp.offline import calendar_views, live

STORE = "$/utils/copapp/store/calendars"


def _calendars(part: str, type_: Any) -> Any:
    name = f"calendars_{part}"
    data = live.from_store("useCalendars", store=STORE, **{name: f"useCalendars({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def act(name: str, *given: Any) -> FunctionVar:
    """An act of the store for a tap."""
    return live.act(name, *given, store=STORE)


def act_with_value(name: str) -> FunctionVar:
    """An act of the store that takes what a field now holds."""
    return live.act_with_value(name, store=STORE)


def _follow(name: str, call: str) -> rx.Component:
    data = live.from_store(call, store=STORE, **{name: f"{call}()"})
    return rx.fragment(rx.cond(rx.Var(_js_expr=name, _var_type=bool, _var_data=data), "", ""))


def follow_mine() -> rx.Component:
    """Nothing to see: looks at this phone's calendar while the page is shown."""
    return _follow("following_calendar", "useMine")


def follow_chosen() -> rx.Component:
    """Nothing to see: what the page's address names is chosen."""
    return _follow("chosen_calendar", "useChosen")


mine: Any = _calendars("mine", calendar_views.Mine)
alarms: Any = _calendars("alarms", list[calendar_views.Choice])
choices: Any = _calendars("choices", calendar_views.Choices)
chosen: Any = _calendars("chosen", calendar_views.Chosen)
sure: Any = _calendars("sure", str)
said: Any = _calendars("said", str)
code: Any = _calendars("code", str)
