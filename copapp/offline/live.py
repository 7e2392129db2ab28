"""Reflex Vars and acts over the client store: the pages' only way to what is live. Used by `delegate`."""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.function import ArgsFunctionOperation, FunctionStringVar, FunctionVar

from copapp.offline import views

STORE = "$/utils/copapp/store/store"


def from_store(*names: str, store: str = STORE, **hooks: str) -> VarData:
    """What a Var needs of a module of the store: names to import, hooks to call."""
    return VarData(
        imports={store: [ImportVar(tag=name) for name in names]},
        hooks={f"const {name} = {call}": None for name, call in hooks.items()},
    )


def live(part: str, type_: Any) -> Any:
    """A Var that follows one part of the store."""
    name = f"live_{part}"
    data = from_store("useLive", **{name: f"useLive({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def t(key: str, **given: Any) -> rx.vars.StringVar:
    """The reader's words for a key of the catalogues; English in the prerendered page."""
    words: FunctionStringVar[Any] = FunctionStringVar.create(
        "words", _var_data=from_store("useWords", words="useWords()")
    )
    return words.call(key, rx.Var.create(given)).to(str) if given else words.call(key).to(str)


def act(name: str, *given: Any, store: str = STORE) -> FunctionVar:
    """An act of the store for a tap: called at once, never behind a socket."""
    done: FunctionStringVar[Any] = FunctionStringVar.create(name, _var_data=from_store(name, store=store))
    return ArgsFunctionOperation.create((), done.call(*given))


def act_with_value(name: str, store: str = STORE) -> FunctionVar:
    """An act of the store that takes what a field now holds."""
    return FunctionStringVar.create(name, _var_data=from_store(name, store=store))


def wake() -> rx.Component:
    """Nothing to see: starts the store and lets it follow the address. Stands once on every delegate page."""
    data = from_store("useDelegate", awake="useDelegate()")
    return rx.fragment(rx.cond(rx.Var(_js_expr="awake", _var_type=bool, _var_data=data), "", ""))


def more_words() -> rx.Component:
    """Nothing to see: brings the words of the pages behind "More"."""
    data = from_store("useMoreWords", store="$/utils/copapp/store/more", more_words="useMoreWords()")
    return rx.fragment(rx.cond(rx.Var(_js_expr="more_words", _var_type=bool, _var_data=data), "", ""))


conference: Any = live("conference", views.Conference)
banner: Any = live("banner", views.Banner)
fresh: Any = live("fresh", views.Freshness)
schedule: Any = live("schedule", list[views.Day])
day_tabs: Any = live("dayTabs", list[views.DayTab])
sites: Any = live("sites", list[views.SiteChoice])
now_next: Any = live("nowNext", views.NowNext)
empty: Any = live("empty", str)
query: Any = live("query", str)
all_days: Any = live("all_days", bool)
all_sites: Any = live("all_sites", bool)
saved_only: Any = live("saved_only", bool)
saved_count: Any = live("saved_count", int)
changed_count: Any = live("changed_count", int)
is_filtered: Any = live("filtered", bool)
language: Any = live("language", str)
problems: Any = live("problems", list[str])
notice: Any = live("notice", str)
carried: Any = live("carried", views.Carried)
sheet: Any = live("sheet", str)
qr: Any = live("qr", str)
has_update: Any = live("update", bool)
install: Any = live("install", str)
is_partial: Any = live("partial", bool)
has_posters: Any = live("posters", bool)

event: Any = rx.Var(
    _js_expr="event", _var_type=views.EventPage, _var_data=from_store("useEvent", event="useEvent()")
).guess_type()
nearest: Any = rx.Var(
    _js_expr="nearest", _var_type=views.Card, _var_data=from_store("useNearest", nearest="useNearest()")
).guess_type()
