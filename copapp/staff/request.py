"""One request on one screen: who, why, about what, when; and the two answers that matter at the thumb."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.staff import routes
from copapp.staff.clashes import clash
from copapp.staff.request_state import RequestState
from copapp.staff.shell import page, status_tag
from copapp.staff.words import day_words, draft_field, t, t_of, when

_LENGTHS = ("15", "20", "30", "45", "60", "90", "120")
Request = RequestState.request


def fact(name: str, value: Any, *more: Any) -> rx.Component:
    """One fact with its name; nothing where there is none."""
    return rx.cond(value != "", rx.fragment(rx.el.dt(t(f"request.{name}")), rx.el.dd(*(more or (value,)))))


def facts() -> rx.Component:
    """About what, when, with whom, and how to reach the person."""
    return rx.el.dl(
        fact("event", Request.event, rx.el.span(Request.event, lang="en")),
        rx.el.dt(t("request.slot")),
        rx.el.dd(rx.cond(Request.slot != "", when(Request.slot), t("inbox.any_time"))),
        fact("whom", Request.whom),
        fact("member", Request.member),
        fact("agreed", Request.starts, when(Request.starts), " · ", Request.place),
        fact("language", Request.language, t_of("language.", Request.language)),
        rx.el.dt(t("request.email")),
        rx.el.dd(
            rx.el.a(Request.email, href="mailto:" + Request.email, custom_attrs={"data-native": "true"})
        ),
        class_name="facts",
    )


def proposal() -> rx.Component:
    """What waits for an answer: ours, or the delegate's."""
    return rx.cond(
        Request.proposed_by != "",
        rx.el.div(
            rx.cond(Request.proposed_by == "delegate", t("request.they_propose"), t("request.we_proposed")),
            " ",
            rx.el.strong(when(Request.proposed_starts)),
            rx.cond(Request.proposed_words != "", rx.el.q(Request.proposed_words)),
            rx.cond(Request.is_held, rx.el.p(t("request.still_held"), class_name="quiet")),
            class_name="panel proposal",
        ),
    )


def choice(name: str, options: Any, value: Any) -> rx.Component:
    """A list to choose one of the terms from."""
    return rx.el.label(
        rx.el.span(t(f"terms.{name}")),
        rx.el.select(
            options,
            name=name,
            value=value,
            on_change=lambda chosen: RequestState.choose(name, chosen),
        ),
        class_name="field",
    )


def chip(label: Any, is_chosen: Any, handler: Any, key: Any) -> rx.Component:
    """One value of a few, a tap away."""
    return rx.el.button(
        label,
        type="button",
        class_name="chip",
        on_click=handler,
        key=key,
        custom_attrs={"aria-pressed": rx.cond(is_chosen, "true", "false")},
    )


def slots() -> rx.Component:
    """The day, then that colleague's own slots in it."""
    draft = RequestState.draft
    return rx.fragment(
        rx.el.div(
            rx.foreach(
                RequestState.days,
                lambda day: chip(
                    day_words(day), day == RequestState.day, RequestState.choose("day", day), key=day
                ),
            ),
            class_name="chips days",
            role="group",
            custom_attrs={"aria-label": t("terms.days")},
        ),
        rx.el.div(
            rx.foreach(
                RequestState.times,
                lambda each: chip(
                    rx.fragment(
                        each.clock, rx.cond(each.is_busy, rx.el.span(t("terms.busy"), class_name="tag stop"))
                    ),
                    each.value == draft.starts,
                    RequestState.choose("starts", each.value),
                    key=each.value,
                ),
            ),
            class_name="chips slots",
            role="group",
            custom_attrs={"aria-label": t("terms.slots")},
        ),
    )


def planned() -> rx.Component:
    """The terms in one line, as they would be agreed."""
    draft = RequestState.draft
    return rx.el.summary(
        rx.el.span(t("terms.title"), class_name="quiet"),
        rx.el.span(rx.cond(draft.starts != "", when(draft.starts), t("terms.none")), class_name="planned"),
        rx.el.span(RequestState.member_name, rx.cond(draft.place != "", " · " + draft.place, "")),
        rx.el.span(t("terms.change"), class_name="change"),
    )


def terms() -> rx.Component:
    """When, where and who: prepared, so that nothing need be touched."""
    draft = RequestState.draft
    return rx.el.details(
        planned(),
        rx.el.div(
            choice("member", rx.foreach(RequestState.members, option), draft.member),
            slots(),
            rx.el.div(
                rx.el.label(
                    rx.el.span(t("terms.starts")),
                    rx.el.input(
                        type="datetime-local",
                        name="starts",
                        value=draft.starts,
                        step="300",
                        on_change=lambda value: RequestState.choose("starts", value),
                    ),
                    class_name="field",
                ),
                choice(
                    "minutes",
                    rx.fragment(*(rx.el.option(each, value=each) for each in _LENGTHS)),
                    draft.minutes.to_string(),
                ),
                class_name="row",
            ),
            choice(
                "room",
                rx.fragment(
                    rx.el.option(t("terms.no_room"), value=""), rx.foreach(RequestState.rooms, option)
                ),
                draft.room,
            ),
            rx.el.label(
                rx.el.span(t("terms.place")),
                rx.el.input(
                    name="place",
                    default_value=draft.place,
                    max_length=200,
                    on_blur=lambda value: RequestState.choose("place", value),
                    key=draft.place,
                ),
                class_name="field",
            ),
            class_name="fields",
        ),
        class_name="panel terms",
    )


def option(each: Any) -> rx.Component:
    """One entry of a list."""
    return rx.el.option(each.label, value=each.value)


def in_the_way() -> rx.Var[str]:
    """Say it of the whole: sure, or only perhaps."""
    sure = RequestState.clashes.filter(lambda each: each.verdict == "certain")
    return rx.cond(sure.length() > 0, t("clash.title"), t("clash.title_possible"))


def clashes() -> rx.Component:
    """What the answer would run into, named before it is given."""
    return rx.cond(
        RequestState.clashes.length() > 0,
        rx.el.div(
            rx.el.h2(in_the_way()),
            rx.el.ul(rx.foreach(RequestState.clashes, clash)),
            class_name="panel clashes",
            role="status",
        ),
    )


def problem() -> rx.Component:
    """Why the last answer could not be given."""
    return rx.el.div(
        rx.cond(
            RequestState.problem != "",
            rx.el.p(
                t_of("problem.", RequestState.problem),
                " ",
                RequestState.taken_by,
                class_name="banner stop",
            ),
        ),
        role="alert",
    )


def act_with_words(name: str, handler: Any, *fields: rx.Component) -> rx.Component:
    """An answer that may carry words; what is half written stays on this device until it is sent."""
    return rx.cond(
        Request.can.contains(name),
        rx.el.details(
            rx.el.summary(t(f"act.{name}"), class_name="button"),
            rx.el.form(
                *fields,
                rx.el.label(
                    rx.el.span(t(f"act.{name}.words")),
                    draft_field(f"{name}:" + Request.id.to_string() + Request.status),
                    class_name="field",
                ),
                rx.el.button(t(f"act.{name}.send"), type="submit", class_name="main"),
                on_submit=handler,
            ),
            class_name="act",
            key=f"{name}" + Request.status + Request.id.to_string(),
        ),
    )


def answers() -> rx.Component:
    """The answers that matter, at the thumb; what would be agreed stands above them."""
    draft = RequestState.draft
    return rx.cond(
        Request.can.length() > 0,
        rx.el.div(
            problem(),
            rx.cond(
                Request.can.contains("accept"),
                rx.el.p(
                    rx.cond(draft.starts != "", when(draft.starts), t("terms.none")),
                    " · ",
                    RequestState.member_name,
                    rx.cond(
                        RequestState.clashes.length() > 0,
                        rx.el.span(in_the_way(), class_name="tag stop"),
                    ),
                    class_name="offered",
                ),
            ),
            rx.el.div(
                rx.cond(
                    Request.can.contains("accept"),
                    rx.el.button(
                        t("act.accept"), type="button", class_name="main accept", on_click=RequestState.accept
                    ),
                ),
                act_with_words("propose", RequestState.propose),
                class_name="more",
            ),
            class_name="answers",
        ),
    )


def other_answers() -> rx.Component:
    """What is wanted less often."""
    return rx.cond(
        Request.can.length() > 0,
        rx.el.div(
            act_with_words("decline", RequestState.decline),
            act_with_words("cancel", RequestState.cancel),
            act_with_words("reassign", RequestState.reassign, colleague()),
            class_name="more",
        ),
    )


def colleague() -> rx.Component:
    """To whom a request is handed."""
    return rx.el.label(
        rx.el.span(t("terms.member")),
        rx.el.select(rx.foreach(RequestState.members, option), name="member"),
        class_name="field",
    )


def notes() -> rx.Component:
    """What staff tell each other; it never leaves them."""
    return rx.el.section(
        rx.el.h2(t("note.title")),
        rx.el.p(t("note.hint"), class_name="quiet"),
        rx.el.ul(
            rx.foreach(
                Request.notes,
                lambda each: rx.el.li(
                    rx.el.p(each.text), rx.el.span(each.who, " · ", when(each.at), class_name="quiet")
                ),
            )
        ),
        rx.el.form(
            rx.el.label(
                rx.el.span(t("note.write"), class_name="aloud"),
                draft_field("note:" + Request.id.to_string() + ":" + Request.notes.length().to_string()),
                class_name="field",
            ),
            rx.el.button(t("note.keep"), type="submit"),
            on_submit=RequestState.add_note,
        ),
        class_name="panel notes",
    )


def line(each: Any) -> rx.Component:
    """One line of the history."""
    return rx.el.li(
        t_of("line.", each.actor + "." + each.kind),
        rx.cond(each.who != "", rx.el.span(" · ", each.who)),
        rx.cond(each.starts != "", rx.el.span(" · ", when(each.starts))),
        rx.cond(each.words != "", rx.el.q(each.words)),
        rx.el.span(when(each.at), class_name="quiet at"),
    )


def history() -> rx.Component:
    """Everything that was done, the first first."""
    return rx.el.section(
        rx.el.h2(t("request.history")),
        rx.el.ol(rx.foreach(Request.history, line)),
        class_name="panel history",
    )


def found() -> rx.Component:
    """The request itself."""
    return rx.el.article(
        rx.el.header(
            status_tag(Request.status),
            rx.el.h1(Request.name),
            rx.el.p(Request.organisation, class_name="quiet"),
            class_name="head",
        ),
        rx.el.p(Request.reason, class_name="reason"),
        facts(),
        proposal(),
        rx.cond(Request.can.contains("accept") | Request.can.contains("propose"), terms()),
        clashes(),
        other_answers(),
        notes(),
        history(),
        answers(),
        class_name="request",
        custom_attrs={"data-request": Request.status},
    )


def request() -> rx.Component:
    """The page at `/admin/request?id=…`."""
    return page(
        routes.REQUEST,
        rx.el.a(icon("back"), rx.el.span(t("request.back")), href=routes.INBOX, class_name="back"),
        rx.cond(
            Request.id > 0,
            found(),
            rx.cond(RequestState.is_missing, rx.el.p(t("request.gone"), class_name="nothing"), rx.fragment()),
        ),
    )
