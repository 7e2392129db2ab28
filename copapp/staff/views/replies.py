"""An answer that came elsewhere, as a file or a whole mail: the same rules as for the mailbox's."""

import reflex as rx

from copapp.staff import routes
from copapp.staff.replies_state import RepliesState
from copapp.staff.shell import page
from copapp.staff.words import read_file_into, t, t_of

_FIELD = "reply-text"


def given() -> rx.Component:
    """A file, or its text."""
    return rx.el.form(
        rx.el.label(
            rx.el.span(t("reply.choose")),
            rx.el.input(
                type="file",
                id="reply-file",
                accept=".ics,.eml,text/calendar,message/rfc822",
                on_change=read_file_into("reply-file", _FIELD),
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(t("plan.paste")),
            rx.el.textarea(
                id=_FIELD,
                name="reply",
                rows="8",
                required=True,
                class_name="file",
                spell_check=False,
            ),
            class_name="field",
        ),
        rx.el.p(t("reply.promise"), class_name="quiet"),
        rx.el.button(t("reply.follow"), type="submit", class_name="main"),
        on_submit=RepliesState.follow,
        reset_on_submit=False,
        class_name="panel plan-form",
    )


def outcome() -> rx.Component:
    """What became of the answer, and the way to its request."""
    state = RepliesState
    return rx.el.div(
        rx.cond(
            state.is_told,
            rx.el.div(
                rx.cond(state.is_repeated, rx.el.p(t("reply.repeated"))),
                rx.match(
                    state.problem,
                    ("refused", rx.el.p(t("reply.refused"))),
                    ("fault", rx.el.p(t("problem.fault"))),
                ),
                rx.cond(state.act != "", rx.el.p(t_of("reply.done.", state.act))),
                rx.cond(state.why != "", rx.el.p(t_of("reply.why.", state.why))),
                rx.cond(
                    state.request > 0,
                    rx.el.p(
                        rx.el.a(t("reply.open"), href=f"{routes.REQUEST}?id=" + state.request.to_string())
                    ),
                ),
                class_name=rx.cond(state.act != "", "banner go", "banner"),
            ),
        ),
        role="status",
    )


def replies() -> rx.Component:
    """The page at `/admin/replies`."""
    return page(
        routes.INBOX,
        rx.el.header(
            rx.el.a(t("request.back"), href=routes.INBOX, class_name="back"),
            rx.el.h1(t("reply.title")),
            class_name="head",
        ),
        outcome(),
        given(),
    )
