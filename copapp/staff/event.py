"""One event's form. Two who save at once are told of each other; what is typed outlives a reload."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.cover import person
from copapp.staff.event_state import EventState
from copapp.staff.shell import page
from copapp.staff.words import kept_form, t, t_of

Event = EventState.event
_FORM = "event-form"


def wrong(*names: str) -> rx.Component:
    """What is wrong with a field, and what would be right."""
    is_here: Any = EventState.problem_field == names[0]
    for name in names[1:]:
        is_here = is_here | (EventState.problem_field == name)
    return rx.cond(
        is_here,
        rx.el.span(t_of("draft.problem.", EventState.problem), class_name="wrong", role="alert"),
    )


def field(name: str, value: Any, kind: str = "text", **given: Any) -> rx.Component:
    """One labelled field of one line."""
    return rx.el.label(
        rx.el.span(t(f"event.{name}")),
        rx.el.input(name=name, type=kind, default_value=value, **given),
        wrong(name),
        class_name="field",
    )


def text(language: str, value: Any) -> rx.Component:
    """The description in one language."""
    return rx.el.label(
        rx.el.span(t_of("language.", rx.Var.create(language).to(str))),
        rx.el.textarea(name=language, rows="4", max_length=5000, default_value=value, lang=language),
        class_name="field",
    )


def fields() -> rx.Component:
    """What an event is made of."""
    return rx.fragment(
        field("title", Event.title, required=True, max_length=300),
        rx.el.div(
            field("day", Event.day, "date", required=True),
            field("starts", Event.starts, "time", required=True),
            field("ends", Event.ends, "time"),
            class_name="times",
        ),
        rx.el.p(t("event.times_hint"), class_name="quiet"),
        rx.el.label(
            rx.el.span(t("event.room")),
            rx.el.select(
                rx.foreach(
                    EventState.rooms, lambda room: rx.el.option(room.label, value=room.value, key=room.value)
                ),
                name="room",
                default_value=Event.room,
            ),
            wrong("room"),
            class_name="field",
        ),
        field("published", Event.published, max_length=300),
        rx.el.details(
            rx.el.summary(t("event.descriptions")),
            rx.el.p(t("event.descriptions_hint"), class_name="quiet"),
            *(text(language, getattr(Event, language)) for language in ("en", "fr", "es", "ru")),
            wrong("descriptions"),
        ),
    )


def theirs() -> rx.Component:
    """What somebody else kept meanwhile, beside what is typed here."""
    other = EventState.theirs
    return rx.el.div(
        rx.cond(
            EventState.changed_by != "",
            rx.el.div(
                rx.el.p(rx.el.strong(t("event.changed_by", name=EventState.changed_by))),
                rx.cond(
                    other.slug != "",
                    rx.el.p(
                        rx.el.span(other.title, lang="en"),
                        " · ",
                        other.day,
                        " ",
                        other.starts,
                        "–",
                        other.ends,
                        " · ",
                        other.room,
                    ),
                    rx.el.p(t("event.removed")),
                ),
                rx.el.button(t("event.take_theirs"), type="button", on_click=EventState.take_theirs),
                class_name="panel proposal",
            ),
        ),
        role="alert",
    )


def form() -> rx.Component:
    """The form, filled anew when the event is loaded anew."""
    return rx.el.form(
        fields(),
        rx.cond(
            (EventState.problem != "") & (EventState.problem_field == ""),
            rx.el.p(t_of("draft.problem.", EventState.problem), class_name="banner stop", role="alert"),
        ),
        rx.cond(
            EventState.changed_by != "",
            rx.el.button(t("event.save_over"), type="submit", class_name="main"),
            rx.el.button(t("event.save"), type="submit", class_name="main"),
        ),
        on_submit=EventState.save,
        reset_on_submit=False,
        key=EventState.loaded,
        id=_FORM,
        class_name="panel event-form",
    )


def coverage() -> rx.Component:
    """Who of us will be there; it counts at once, without a release."""
    return rx.el.section(
        rx.el.h2(t("event.cover")),
        rx.el.p(t("event.cover_hint"), class_name="quiet"),
        rx.el.div(
            rx.foreach(
                EventState.people,
                lambda one: person(one, Event.title, EventState.cover(one.id, ~one.is_there)),
            ),
            class_name="people",
            role="group",
            custom_attrs={"aria-label": t("cover.people")},
        ),
        rx.cond(
            EventState.cover_problem != "",
            rx.el.p(t_of("hours.", EventState.cover_problem), class_name="banner stop", role="alert"),
        ),
        class_name="panel",
    )


def acts() -> rx.Component:
    """What can be done to the whole event."""
    return rx.el.div(
        rx.el.button(t("event.duplicate"), type="button", on_click=EventState.duplicate),
        rx.cond(
            Event.is_cancelled,
            rx.el.button(t("event.restore"), type="button", on_click=EventState.set_status("restore")),
            rx.el.button(t("event.cancel"), type="button", on_click=EventState.set_status("cancel")),
        ),
        rx.el.button(t("event.remove"), type="button", class_name="stop", on_click=EventState.remove),
        class_name="row event-acts",
    )


def event() -> rx.Component:
    """The page at `/admin/event`."""
    return page(
        routes.DRAFT,
        kept_form(_FORM, Event.slug, EventState.loaded, EventState.kept),
        rx.el.header(
            rx.el.a(t("event.back"), href=routes.DRAFT, class_name="back"),
            rx.el.h1(rx.cond(Event.slug != "", Event.title, t("draft.add")), lang="en"),
            rx.cond(Event.is_cancelled, rx.el.span(t("draft.cancelled"), class_name="tag stop")),
            rx.cond(EventState.kept > 0, rx.el.p(t("event.kept"), class_name="quiet", role="status")),
            class_name="head",
        ),
        theirs(),
        rx.cond(EventState.is_missing, rx.el.p(t("event.removed"), class_name="nothing"), form()),
        rx.cond(Event.slug != "", rx.fragment(coverage(), acts())),
    )
