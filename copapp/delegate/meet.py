"""Ask for a meeting: who, why, when it would suit; and what became of earlier requests."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.requests import my_requests
from copapp.delegate.shell import freshness, page
from copapp.offline import live, meetings
from copapp.offline.live import t
from copapp.offline.meetings import act, act_with_value, fields, newest
from copapp.parts.styles import styles


def text_field(name: str, wrong: Any, *, hint: Any = "", **given: Any) -> rx.Component:
    """A field with its label above and what is wrong below."""
    return rx.el.label(
        rx.el.span(t(f"form.{name}")),
        rx.cond(hint != "", rx.el.span(hint, class_name="quiet")) if hint else rx.fragment(),
        rx.el.input(
            name=name,
            value=getattr(fields, name),
            on_change=act_with_value(f"fill{name.title()}"),
            custom_attrs={
                "aria-invalid": rx.cond(wrong != "", "true", "false"),
                "aria-describedby": f"wrong-{name}",
                "aria-required": "true",
            },
            **given,
        ),
        wrong_words(name, wrong),
        class_name="field",
    )


def wrong_words(name: str, wrong: Any) -> rx.Component:
    """What is wrong with a field, and what would be right."""
    return rx.el.span(wrong, id=f"wrong-{name}", class_name="wrong", role="alert")


def why() -> rx.Component:
    """Why, and about which event."""
    return rx.el.fieldset(
        rx.el.legend(t("meet.why")),
        rx.el.label(
            rx.el.span(t("form.reason")),
            rx.el.textarea(
                name="reason",
                rows="4",
                value=fields.reason,
                on_change=act_with_value("fillReason"),
                custom_attrs={
                    "aria-invalid": rx.cond(fields.wrong_reason != "", "true", "false"),
                    "aria-describedby": "wrong-reason",
                    "aria-required": "true",
                },
            ),
            wrong_words("reason", fields.wrong_reason),
            class_name="field",
        ),
        choice("event", t("meet.no_event"), meetings.events, "fillEvent", fields.wrong_event),
    )


def choice(name: str, none: Any, options: Any, fill: str, wrong: Any = "") -> rx.Component:
    """A list to choose from, or nothing of it."""
    return rx.el.label(
        rx.el.span(t(f"form.{name}")),
        rx.el.select(
            rx.el.option(none, value="") if none is not None else rx.fragment(),
            rx.foreach(options, lambda each: rx.el.option(each.label, value=each.slug, key=each.slug)),
            name=name,
            value=getattr(fields, name),
            on_change=act_with_value(fill),
        ),
        wrong_words(name, wrong) if isinstance(wrong, rx.Var) else rx.fragment(),
        class_name="field",
    )


def slot(each: Any) -> rx.Component:
    """One slot: its time, and in a word and a sign whether it is to be had."""
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="slot",
            value=each.starts,
            checked=each.is_chosen,
            disabled=each.state == "unavailable",
            on_change=act("chooseSlot", each.starts),
        ),
        rx.el.span(each.time, class_name="time"),
        rx.el.span(each.label, class_name="state"),
        key=each.starts,
        class_name="slot",
        custom_attrs={"data-state": each.state},
    )


def when() -> rx.Component:
    """When it would suit: any time, or a slot of a day."""
    return rx.el.fieldset(
        rx.el.legend(t("meet.when")),
        rx.el.p(rx.cond(meetings.zone != "", meetings.zone, live.conference.zone), class_name="quiet"),
        rx.el.label(
            rx.el.input(
                type="radio",
                name="slot",
                value="",
                checked=fields.slot == "",
                on_change=act("chooseSlot", ""),
            ),
            rx.el.span(t("meet.any_time"), class_name="time"),
            class_name="slot any",
        ),
        rx.cond(
            meetings.days.length() > 0,
            rx.fragment(slot_days(), rx.el.div(rx.foreach(meetings.slots, slot), class_name="slots")),
            rx.el.p(
                rx.cond(meetings.terms.has_offer, t("meet.no_slots"), t("meet.slots_later")),
                class_name="quiet",
            ),
        ),
        wrong_words("slot", fields.wrong_slot),
        rx.cond(
            meetings.members.length() > 0,
            choice("whom", t("meet.anyone"), meetings.members, "chooseWhom", fields.wrong_whom),
        ),
    )


def slot_days() -> rx.Component:
    """The days that have slots."""
    return rx.el.div(
        rx.foreach(
            meetings.days,
            lambda day: rx.el.button(
                day.short,
                type="button",
                class_name="chip",
                on_click=act("chooseDay", day.date),
                key=day.date,
                custom_attrs={
                    "aria-pressed": rx.cond(day.is_current, "true", "false"),
                    "aria-label": day.label,
                },
            ),
        ),
        class_name="chips days",
        role="group",
        custom_attrs={"aria-label": t("schedule.days")},
    )


def who() -> rx.Component:
    """Who asks, and in which language to answer."""
    return rx.el.fieldset(
        rx.el.legend(t("meet.who")),
        text_field("name", fields.wrong_name, auto_complete="name"),
        text_field("organisation", fields.wrong_organisation, auto_complete="organization"),
        text_field("email", fields.wrong_email, type="email", auto_complete="email", input_mode="email"),
        choice("language", None, meetings.tongues, "fillLanguage"),
        # People do not see this one: what is written there was written by a script.
        rx.el.div(
            rx.el.input(
                name="website",
                value=fields.website,
                on_change=act_with_value("fillWebsite"),
                tab_index=-1,
                auto_complete="off",
            ),
            class_name="trap",
            custom_attrs={"aria-hidden": "true"},
        ),
    )


def summary() -> rx.Component:
    """What would be sent, before it is."""
    return rx.el.section(
        rx.el.h2(t("meet.summary")),
        rx.el.p(rx.el.strong(meetings.summary.when), " · ", meetings.summary.whom),
        rx.cond(meetings.summary.about != "", rx.el.p(meetings.summary.about, lang="en", class_name="quiet")),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name="consent",
                checked=fields.consent,
                on_change=act_with_value("consent"),
                custom_attrs={"aria-describedby": "wrong-consent", "aria-required": "true"},
            ),
            rx.el.span(meetings.terms.consent),
            class_name="tick",
        ),
        wrong_words("consent", fields.wrong_consent),
        rx.cond(
            fields.wrong_count > 0,
            rx.el.p(t("meet.wrong", count=fields.wrong_count), class_name="wrong", role="alert"),
        ),
        rx.el.button(t("meet.send"), type="submit", class_name="main"),
        rx.el.p(t("meet.offline_hint"), class_name="quiet"),
        class_name="panel",
    )


def form() -> rx.Component:
    """One column, each question with its own place."""
    return rx.el.form(
        why(),
        when(),
        who(),
        summary(),
        id="ask",
        on_submit=act("ask"),
        no_validate=True,
        class_name="ask needs-script",
    )


def receipt() -> rx.Component:
    """What happens next; never ahead of what the server said."""
    return rx.el.section(
        rx.el.h2(newest.label, id="kept", tab_index=-1),
        rx.el.p(newest.hint),
        rx.cond(newest.wrong != "", rx.el.p(newest.wrong, class_name="wrong")),
        rx.el.div(
            rx.cond(
                newest.status == "refused",
                rx.el.button(
                    t("request.correct"),
                    type="button",
                    class_name="main",
                    on_click=act("correct", newest.key),
                ),
            ),
            rx.cond(
                newest.href != "",
                rx.el.a(t("request.open"), href=newest.href, class_name="main button"),
            ),
            rx.el.button(t("meet.another"), type="button", on_click=act("askAnother")),
            class_name="row",
        ),
        class_name="panel receipt",
        role="status",
        custom_attrs={"data-request": newest.status},
    )


def closed() -> rx.Component:
    """The conference is over."""
    return rx.el.div(
        rx.el.p(t("meet.closed")),
        rx.el.a(t("saved.to_schedule"), href=routes.SCHEDULE, class_name="main button"),
        class_name="nothing",
    )


def meet() -> rx.Component:
    """The page at `/meet`."""
    return page(
        routes.MEET,
        styles("meet"),
        meetings.follow(),
        rx.el.header(
            rx.el.p(live.conference.organisation, class_name="eyebrow", lang="en"),
            rx.el.h1(t("meet.title")),
            rx.el.p(t("meet.lead"), class_name="quiet"),
            freshness(),
            class_name="head",
        ),
        rx.cond(
            meetings.was_kept & (meetings.requests.length() > 0),
            receipt(),
            rx.fragment(my_requests(), rx.cond(meetings.terms.is_open, form(), closed())),
        ),
        rx.el.noscript(rx.el.p(t("meet.needs_script"))),
    )
