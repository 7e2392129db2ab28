"""Reflex Vars over the store's module for the changelog. Used by `delegate`."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.offline import live

STORE = "$/utils/copapp/store/changes"


@dataclass(frozen=True)
class ChangedEvent:
    """One event that differs, in the reader's words; `href` is "" where the programme no longer holds it."""

    slug: str
    href: str
    title: str
    lines: list[str]


@dataclass(frozen=True)
class ReleaseChanges:
    """One release beside the one before it; `summary` is "" where the events say it all."""

    id: str
    title: str
    at: str
    instant: str
    note: str
    summary: str
    events: list[ChangedEvent]


def _changes(part: str, type_: Any) -> Any:
    name = f"changes_{part}"
    data = live.from_store("useChanges", store=STORE, **{name: f"useChanges({part!r})"})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def follow() -> rx.Component:
    """Nothing to see: asks for the changelog while the page is shown."""
    data = live.from_store("useFollowing", store=STORE, following_changes="useFollowing()")
    return rx.fragment(rx.cond(rx.Var(_js_expr="following_changes", _var_type=bool, _var_data=data), "", ""))


releases: Any = _changes("releases", list[ReleaseChanges])
is_missed: Any = _changes("isMissed", bool)
