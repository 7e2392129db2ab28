"""Reflex Vars and acts over the store's module for the map. Used by `delegate`."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionStringVar, FunctionVar

from copapp.offline import live, map_views

STORE = "$/utils/copapp/store/map"
MINI = "$/utils/copapp/store/mini"


def _map(part: str, type_: Any) -> Any:
    name = f"map_{part}"
    data = live.from_store("useMap", store=STORE, **{name: f"useMap({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def act(name: str, *given: Any) -> FunctionVar:
    """An act of the store for a tap."""
    return live.act(name, *given, store=STORE)


def going(hook: str) -> FunctionVar:
    """A way on to another address of the map, for what a field now holds."""
    name = f"go_{hook}"
    found: FunctionStringVar[Any] = FunctionStringVar.create(
        name, _var_data=live.from_store(hook, store=STORE, **{name: f"{hook}()"})
    )
    return found


def follow() -> rx.Component:
    """Nothing to see: fetches the plan and lets it be moved. Stands once on every page of the map."""
    data = live.from_store("useFollowing", store=STORE, following_map="useFollowing()")
    return rx.fragment(rx.cond(rx.Var(_js_expr="following_map", _var_type=bool, _var_data=data), "", ""))


plan: Any = _map("plan", map_views.Plan)
levels: Any = _map("levels", list[map_views.LevelSwitch])
room: Any = _map("room", map_views.RoomPage)
way: Any = _map("way", map_views.WayPage)
nearest: Any = _map("nearest", map_views.Near)
text: Any = _map("text", map_views.MapText)
outside: Any = _map("outside", map_views.Outside)
hint: Any = _map("hint", str)
is_text: Any = _map("isText", bool)
is_awaited: Any = _map("isAwaited", bool)

mini: Any = rx.Var(
    _js_expr="mini",
    _var_type=map_views.Mini,
    _var_data=live.from_store("useMini", store=MINI, mini="useMini()"),
).guess_type()
