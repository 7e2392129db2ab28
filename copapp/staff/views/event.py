"""One event's form. Two who save at once are told of each other; what is typed outlives a reload."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.event_state import EventState
from copapp.staff.kept_form import differing, older_text
from copapp.staff.shell import page
from copapp.staff.views.cover import person
from copapp.staff.words import asked_for, t, t_of

Event = EventState.event
_FORM = "event-form"
_LANGUAGES = ["en", "fr", "es", "ru"]


def is_here() -> Any:
    """Whether what the state holds is what the address names: on a slow network it is the last page's."""
    return EventState.is_open & (Event.slug == asked_for("slug"))


def name_of(field: Any) -> Any:
    """The words for a field of the form."""
    is_text = rx.Var.create(_LANGUAGES).contains(field)
    return rx.cond(is_text, t_of("language.", field), t_of("event.", field))


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
            field("ends_day", Event.ends_day, "date"),
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
            *(text(language, getattr(Event, language)) for language in _LANGUAGES),
            wrong("descriptions"),
        ),
    )


def theirs() -> rx.Component:
    """What somebody else kept meanwhile, beside what is on this screen."""
    return rx.el.div(
        rx.cond(
            EventState.changed_by != "",
            rx.el.div(
                rx.el.p(rx.el.strong(t("event.changed_by", name=EventState.changed_by))),
                rx.cond(
                    EventState.is_missing,
                    rx.el.p(t("event.removed")),
                    rx.fragment(
                        differing(EventState.theirs, name_of),
                        rx.el.button(
                            t("event.take_theirs"), type="button", on_click=EventState.take_theirs(Event.slug)
                        ),
                    ),
                ),
                class_name="panel proposal",
            ),
        ),
        role="alert",
    )


def form() -> rx.Component:
    """The form of one event in one version: of another it is another form."""
    version = rx.cond(EventState.changed_by != "", EventState.theirs_version, Event.version)
    return rx.el.form(
        rx.el.input(type="hidden", name="slug", value=Event.slug),
        rx.el.input(type="hidden", name="version", value=version),
        rx.el.input(type="hidden", name="fresh", value=EventState.fresh),
        fields(),
        rx.cond(EventState.problem_field == "", refusal("draft.problem.", EventState.problem)),
        rx.cond(
            EventState.changed_by != "",
            rx.el.button(t("event.save_over"), type="submit", class_name="main"),
            rx.el.button(t("event.save"), type="submit", class_name="main"),
        ),
        on_submit=EventState.save,
        reset_on_submit=False,
        key=Event.slug + ":" + Event.version.to_string(),
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
                lambda one: person(
                    one, Event.title, EventState.cover(Event.slug, Event.version, one.id, ~one.is_there)
                ),
            ),
            class_name="people",
            role="group",
            custom_attrs={"aria-label": t("cover.people")},
        ),
        rx.el.div(refusal("hours.", EventState.cover_problem), role="alert"),
        class_name="panel",
    )


def acts() -> rx.Component:
    """What can be done to the whole event."""
    seen = Event.slug, Event.version
    return rx.el.div(
        rx.el.button(t("event.duplicate"), type="button", on_click=EventState.duplicate(*seen)),
        rx.cond(
            Event.is_cancelled,
            rx.el.button(t("event.restore"), type="button", on_click=EventState.set_status(*seen, "restore")),
            rx.el.button(t("event.cancel"), type="button", on_click=EventState.set_status(*seen, "cancel")),
        ),
        rx.el.button(t("event.remove"), type="button", class_name="stop", on_click=EventState.remove(*seen)),
        class_name="row event-acts",
    )


def head() -> rx.Component:
    """The event's title, and how it stands."""
    return rx.fragment(
        rx.el.h1(rx.cond(Event.slug != "", Event.title, t("draft.add")), lang="en"),
        rx.cond(Event.is_cancelled, rx.el.span(t("draft.cancelled"), class_name="tag stop")),
        rx.cond(EventState.is_kept, rx.el.p(t("event.kept"), class_name="quiet", role="status")),
    )


def event() -> rx.Component:
    """The page at `/admin/event`; nothing of an event that the address does not name."""
    thing = rx.cond(is_here() & ~EventState.is_missing, "event:" + Event.slug, "")
    return page(
        routes.DRAFT,
        rx.el.header(
            rx.el.a(t("event.back"), href=routes.DRAFT, class_name="back"),
            rx.cond(is_here(), head()),
            class_name="head",
        ),
        older_text(_FORM, thing, Event.version, EventState.follows, EventState.kept, name_of),
        rx.cond(
            is_here(),
            rx.fragment(
                theirs(),
                # Who typed into an event that went meanwhile can still read and copy it.
                rx.cond(
                    EventState.is_missing & (EventState.changed_by == ""),
                    rx.el.p(t("event.removed"), class_name="nothing"),
                    form(),
                ),
                rx.cond((Event.slug != "") & ~EventState.is_missing, rx.fragment(coverage(), acts())),
            ),
        ),
    )
