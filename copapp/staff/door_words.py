"""What the doors say and ask of the browser (store/staff_session.js). Used by staff pages."""

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

_STORE = "$/utils/copapp/store/staff_session"


def _hook(name: str, call: str, function: str, type_: type) -> rx.Var:
    data = VarData(imports={_STORE: [ImportVar(tag=function)]}, hooks={f"const {name} = {call}": None})
    return rx.Var(_js_expr=name, _var_type=type_, _var_data=data).guess_type()


def said(name: str) -> rx.Var:
    """What the address says after "?", as a door redirected here."""
    return _hook(f"said_{name}", f"useSaid({name!r})", "useSaid", str)


def _silent(name: str, function: str) -> rx.Component:
    return rx.fragment(rx.cond(_hook(name, f"{function}()", function, bool), "", ""))


def session_watch() -> rx.Component:
    """Nothing to see: takes the page away when its session ends. Stands on every page behind the door."""
    return _silent("session_watched", "useSession")


def clean_slate() -> rx.Component:
    """Nothing to see: forgets what the pages behind the door kept in this tab."""
    return _silent("signed_out", "useSignedOut")
