"""A Reflex Var over the store's part about who of us is at an event. Used by `delegate`."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from copapp.offline import live

STORE = "$/utils/copapp/store/there"


@dataclass(frozen=True)
class Colleague:
    """One of us who agreed to be shown; `href` asks for a meeting, "" where that is over."""

    slug: str
    name: str
    role: str
    speaks: str
    ask: str
    href: str


people: Any = rx.Var(
    _js_expr="there_people",
    _var_type=list[Colleague],
    _var_data=live.from_store("useThere", store=STORE, there_people="useThere()"),
).guess_type()
