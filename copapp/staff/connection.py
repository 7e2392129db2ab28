"""What a staff page says of its connection, and what became of each tap (store/connection.js).

Without a connection a tap is refused at once, not kept: done later, it would be done to what nobody has
looked at. What is typed stays. A tap that went out and had no answer stays named until somebody has looked.
"""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.function import ArgsFunctionOperation, FunctionStringVar

from copapp.staff import routes
from copapp.staff.guard import ACT_EVENTS, SHOWN_ONCE
from copapp.staff.words import t, t_of

_STORE = "$/utils/copapp/store/connection"
_READ: Any = rx.State.is_hydrated
_LINK = ("state", "since", "why", "acting", "asking", "refused", "unanswered")


def _hook(name: str, function: str, given: Any) -> VarData | None:
    data = VarData(
        imports={_STORE: [ImportVar(tag=function)]}, hooks={f"const {name} = {function}({given!s})": None}
    )
    return VarData.merge(given._get_all_var_data(), data)  # noqa: SLF001 - no other way to a hook of a Var


def _said(name: str) -> Any:
    """One thing of what there is to say; words, but for `slow`, `fault` and `elsewhere`."""
    kind = str if name in _LINK else bool
    return rx.Var(f"link.{name}", _var_type=kind, _var_data=_hook("link", "useLink", _READ)).guess_type()


def _does(name: str) -> ArgsFunctionOperation:
    data = VarData(imports={_STORE: [ImportVar(tag=name)]})
    return ArgsFunctionOperation.create((), FunctionStringVar.create(name, _var_data=data).call())


def is_shown() -> Any:
    """Whether what the page holds has been read, for the address that it stands at."""
    data = _hook("page_shown", "useShown", _READ)
    return rx.Var("page_shown", _var_type=bool, _var_data=data).guess_type()


def connection_watch() -> rx.Component:
    """Nothing to see: keeps the page true to its connection. Stands once on every page behind the door."""
    data = _hook("connection_watched", "useConnection", rx.Var.create(sorted(ACT_EVENTS | SHOWN_ONCE)))
    return rx.fragment(rx.cond(rx.Var("connection_watched", _var_type=bool, _var_data=data), "", ""))


def _line(*content: Any, kind: str = "") -> rx.Component:
    return rx.el.p(*content, class_name=f"banner {kind}".strip())


def _ways_out() -> rx.Component:
    return rx.el.div(
        rx.el.button(t("link.reload"), type="button", class_name="link", on_click=_does("reload")),
        rx.el.a(
            t("link.sign_in"), href=routes.SIGN_IN, reload_document=True, custom_attrs={"data-here": "true"}
        ),
        class_name="row",
    )


def _where_it_stands() -> rx.Component:
    """Before the first answer nothing else; once there was one, since when nothing is heard."""
    state = _said("state")
    return rx.match(
        state,
        ("connecting", rx.el.div(_line(t("link.connecting")), _why(), class_name="waits")),
        ("reading", rx.el.div(_line(t("link.reading")), class_name="waits")),
        ("lost", _line(t("link.lost", time=_said("since")), kind="stop")),
        rx.fragment(),
    )


def _why() -> rx.Component:
    why = _said("why")
    return rx.cond(why != "", rx.fragment(rx.el.p(t_of("link.why.", why)), _ways_out()))


def _taps() -> rx.Component:
    """What is on its way, what was not sent, and what had no answer."""
    is_live = _said("state") == "live"
    told, unanswered, acting, asking = (_said(each) for each in ("refused", "unanswered", "acting", "asking"))
    return rx.fragment(
        rx.cond(acting != "", _line(t("link.sending", what=acting))),
        rx.cond(asking != "", _line(t("link.asking", what=asking))),
        rx.cond(_said("slow"), _line(t("link.slow"))),
        rx.cond(
            told != "",
            _line(rx.cond(is_live, t("link.again", what=told), t("link.not_sent", what=told)), kind="stop"),
        ),
        rx.cond(unanswered != "", _line(t("link.unanswered", what=unanswered), kind="stop")),
        rx.cond(_said("elsewhere"), _line(t("link.elsewhere"), kind="stop")),
        rx.cond(_said("fault") & is_live, rx.fragment(_line(t("link.why.fault"), kind="stop"), _ways_out())),
        rx.cond(
            (told != "") | (unanswered != "") | (_said("fault") & is_live),
            rx.el.button(t("link.noted"), type="button", class_name="link", on_click=_does("noted")),
        ),
    )


def connection() -> rx.Component:
    """The bar at the top of every page behind the door; empty while all is well."""
    return rx.el.div(_where_it_stands(), _taps(), class_name="connection", role="status")
