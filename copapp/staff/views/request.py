"""One request on one screen: who, why, about what, when; and the two answers that matter at the thumb."""

from typing import Any

import reflex as rx

from copapp.parts.icons import icon
from copapp.staff import routes
from copapp.staff.clashes import clash
from copapp.staff.request_state import RequestState
from copapp.staff.shell import page, status_tag
from copapp.staff.words import (
    asked_for,
    day_words,
    draft_field,
    draft_of,
    keep_draft,
    t,
    t_of,
    values_of,
    when,
)

_LENGTHS = ("15", "20", "30", "45", "60", "90", "120")
_TERMS = "terms"
Request = RequestState.request


def screen() -> rx.Var[dict[str, Any]]:
    """What is on the screen, for every act to carry: which request, which version of it, which terms."""
    draft = RequestState.draft
    names = ("starts", "minutes", "member", "room", "place")
    said = {name: getattr(draft, name) for name in names}
    return rx.Var.create({"number": Request.id, "version": Request.version} | said)


def is_theirs() -> Any:
    """Whether accepting takes the time that the delegate proposes, where one is proposed."""
    return (Request.status != "countered") | (RequestState.draft.starts == Request.proposed_starts[:16])


def has_changed() -> rx.Var[bool]:
    """Whether something was done elsewhere since this was looked at."""
    return RequestState.meanwhile.length() > 0


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
        rx.el.span(rx.cond(Request.is_held, t("terms.title_other"), t("terms.title")), class_name="quiet"),
        rx.el.span(rx.cond(draft.starts != "", when(draft.starts), t("terms.none")), class_name="planned"),
        rx.el.span(RequestState.member_name, rx.cond(draft.place != "", " · " + draft.place, "")),
        rx.el.span(t("terms.change"), class_name="change"),
    )


def terms() -> rx.Component:
    """When, where and who: prepared, so that nothing need be touched."""
    draft = RequestState.draft
    return rx.el.details(
        planned(),
        rx.el.form(
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
                    rx.fragment(
                        *(rx.el.option(each, value=each) for each in _LENGTHS),
                        rx.cond(
                            rx.Var.create(_LENGTHS).to(list[str]).contains(draft.minutes.to_string()),
                            rx.fragment(),
                            rx.el.option(draft.minutes, value=draft.minutes.to_string()),
                        ),
                    ),
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
                place_field(),
                class_name="field",
            ),
            id=_TERMS,
            on_submit=rx.prevent_default,
            class_name="fields",
        ),
        class_name="panel terms",
    )


def typed_place(version: Any) -> rx.Var[str]:
    """Under which name this device keeps what is typed as the place over a version of the request."""
    return "place:" + Request.id.to_string() + ":" + version.to_string()


def place_field() -> rx.Component:
    """Where, in words. Of another state of the request it is another field, with that state's place."""
    name, place = typed_place(Request.version), RequestState.draft.place
    return rx.el.input(
        name="place",
        default_value=place,
        max_length=200,
        on_change=keep_draft(name),
        on_blur=lambda value: RequestState.choose("place", value),
        key=name + ":" + place,
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
            rx.cond(
                Request.can.contains("accept") | Request.can.contains("propose"),
                rx.foreach(
                    RequestState.free,
                    lambda each: rx.el.button(
                        t("terms.free_then", name=each.label),
                        type="button",
                        class_name="chip",
                        on_click=RequestState.choose("member", each.value),
                        key=each.value,
                    ),
                ),
            ),
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
                when(RequestState.tapped),
                class_name="banner stop",
            ),
        ),
        role="alert",
    )


def changed() -> rx.Component:
    """What was on the screen, what was done elsewhere since, and what was typed before and holds no more."""
    typed = draft_of(typed_place(RequestState.before.id))
    return rx.el.div(
        rx.cond(
            has_changed(),
            rx.el.div(
                rx.el.p(t("request.before"), class_name="quiet"),
                rx.el.ul(line(RequestState.before)),
                rx.cond(typed != "", rx.el.p(t("request.typed_place"), " ", rx.el.q(typed))),
                rx.el.p(t("request.meanwhile"), class_name="quiet"),
                rx.el.ul(rx.foreach(RequestState.meanwhile, line)),
                class_name="panel meanwhile",
            ),
        ),
        role="status",
    )


def act_button(label: Any, name: str, **given: Any) -> rx.Component:
    """A button that does something. After a change that came by itself it is another, and rests for a moment.

    So a tap that was aimed at what stood there before does nothing.
    """
    return rx.el.button(
        label,
        class_name=rx.cond(has_changed() | (RequestState.renewed > 0), f"main {name} rests", f"main {name}"),
        key=f"{name}:" + Request.version.to_string() + ":" + RequestState.renewed.to_string(),
        **given,
    )


def act_with_words(name: str, handler: Any, label: Any, *fields: rx.Component) -> rx.Component:
    """An answer that may carry words; what is half written stays on this device until it is sent.

    It belongs to this request and to the reader's next act of this kind: done, it is closed and empty.
    """
    one = f"{name}:" + Request.id.to_string() + ":" + Request.mine[name].to_string()
    return rx.cond(
        Request.can.contains(name),
        rx.el.details(
            rx.el.summary(label, class_name="button"),
            rx.el.form(
                *fields,
                rx.el.label(
                    rx.el.span(t(f"act.{name}.words")),
                    draft_field(one),
                    class_name="field",
                ),
                act_button(t(f"act.{name}.send"), name, type="submit"),
                on_submit=handler,
            ),
            class_name="act",
            key=one,
        ),
    )


def offered() -> rx.Component:
    """What accepting would agree."""
    draft = RequestState.draft
    return rx.el.p(
        rx.cond(Request.status == "countered", rx.fragment(t("terms.theirs"), " "), rx.fragment()),
        rx.cond(draft.starts != "", when(draft.starts), t("terms.none")),
        " · ",
        RequestState.member_name,
        rx.cond(draft.place != "", rx.el.span("· ", draft.place)),
        rx.cond(RequestState.clashes.length() > 0, rx.el.span(in_the_way(), class_name="tag stop")),
        id="offered",
        class_name="offered",
    )


def takes_over() -> rx.Component:
    """Say whose request it is where the terms give it to somebody else."""
    return rx.cond(
        (Request.member_id != "") & (RequestState.draft.member != Request.member_id),
        rx.el.p(
            t("request.takes_over", name=Request.member, other=RequestState.member_name), class_name="quiet"
        ),
    )


def accepting() -> rx.Component:
    """What would be agreed, and the button; another time than the delegate's can only be proposed."""
    return rx.cond(
        is_theirs(),
        rx.fragment(offered(), takes_over()),
        rx.el.p(
            t("terms.not_theirs", time=when(Request.proposed_starts)),
            " ",
            rx.el.button(
                t("terms.take_theirs"),
                type="button",
                class_name="link",
                on_click=RequestState.choose("starts", Request.proposed_starts[:16]),
            ),
            class_name="offered",
        ),
    )


def answers() -> rx.Component:
    """The answers that matter, at the thumb; what would be agreed stands above them."""
    return rx.cond(
        (Request.can.length() > 0) | (RequestState.problem != "") | has_changed(),
        rx.el.div(
            problem(),
            changed(),
            rx.cond(Request.can.contains("accept"), accepting()),
            rx.el.div(
                rx.cond(
                    Request.can.contains("accept") & is_theirs(),
                    act_button(
                        t("act.accept"),
                        "accept",
                        type="button",
                        on_click=RequestState.accept(screen(), values_of(_TERMS)),
                        custom_attrs={"aria-describedby": "offered"},
                    ),
                ),
                act_with_words(
                    "propose",
                    lambda given: RequestState.propose(screen(), values_of(_TERMS), given),
                    t("act.propose"),
                ),
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
            act_with_words(
                "decline",
                lambda given: RequestState.decline(screen(), given),
                rx.cond(Request.status == "proposed", t("act.withdraw"), t("act.decline")),
            ),
            act_with_words("cancel", lambda given: RequestState.cancel(screen(), given), t("act.cancel")),
            act_with_words(
                "reassign",
                lambda given: RequestState.reassign(screen(), given),
                t("act.reassign"),
                colleague(),
            ),
            class_name="more",
        ),
    )


def colleague() -> rx.Component:
    """To whom a request is handed."""
    return rx.el.label(
        rx.el.span(t("terms.member")),
        rx.el.select(
            rx.el.option(t("act.reassign.whom"), value=""),
            rx.foreach(RequestState.members, option),
            name="member",
            required=True,
        ),
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
                draft_field("note:" + Request.id.to_string() + ":" + Request.mine["note"].to_string()),
                class_name="field",
            ),
            rx.el.button(t("note.keep"), type="submit"),
            on_submit=lambda given: RequestState.add_note(screen(), given),
        ),
        class_name="panel notes",
    )


def line(each: Any) -> rx.Component:
    """One line of the history."""
    return rx.el.li(
        t_of("line.", each.actor + "." + each.kind, whom=each.whom),
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
        rx.cond(Request.is_held_back, rx.el.p(t("request.held_back"), class_name="banner")),
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
            RequestState.opened == asked_for("id"),
            rx.cond(Request.id > 0, found(), rx.el.p(t("request.gone"), class_name="nothing")),
            # Another request's address by now: nothing of the former one may be read, or tapped.
            rx.el.p(t("request.opening"), class_name="nothing", role="status"),
        ),
    )
