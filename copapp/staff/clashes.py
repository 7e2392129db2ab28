"""One thing in the way of a colleague, as staff read it."""

from typing import Any

import reflex as rx

from copapp.staff.words import t, t_of, when


def clash(each: Any, *who: Any) -> rx.Component:
    """One thing in the way, in words: whose where that is not plain, and how sure it is first."""
    return rx.el.li(
        *who,
        rx.el.strong(t_of("clash.", each.verdict), ": "),
        rx.match(
            each.kind,
            ("hours", t("clash.hours", name=each.name)),
            ("walk", t("clash.walk", name=each.name, gap=each.gap, walk=each.walk)),
            rx.cond(each.is_meeting, t("clash.meeting", name=each.name), t("clash.event", name=each.name)),
        ),
        " ",
        when(each.starts),
        rx.cond(
            each.assumed > 0,
            rx.el.span(" ", t("clash.assumed", minutes=each.assumed)),
            rx.cond(~each.has_end, rx.el.span(" ", t("clash.no_end"))),
        ),
        custom_attrs={"data-verdict": each.verdict, "data-meeting": each.is_meeting},
    )
