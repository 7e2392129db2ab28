"""The conference's settings as a form: each field with what is wrong with it, and when it counts."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.conference_state import ConferenceState
from copapp.staff.kept_form import differing, older_text
from copapp.staff.words import t, t_of, when

Form = ConferenceState.form
_FORM = "conference-form"


def name_of(field: Any) -> Any:
    """The words for a field of the form."""
    return t_of("conference.", field)


def wrong(name: str) -> rx.Component:
    """What is wrong with a field, and what would be right."""
    return rx.cond(
        ConferenceState.wrong.contains(name),
        rx.el.span(t_of("conference.problem.", ConferenceState.wrong[name]), class_name="wrong"),
    )


def labelled(name: str, control: rx.Component) -> rx.Component:
    """One field under its name."""
    return rx.el.label(rx.el.span(t(f"conference.{name}")), control, wrong(name), class_name="field")


def field(name: str, kind: str = "text", **given: Any) -> rx.Component:
    """One labelled field of one line."""
    value = getattr(Form, name)
    return labelled(
        name, rx.el.input(id=f"conference-{name}", name=name, type=kind, default_value=value, **given)
    )


def text(name: str, rows: str, **given: Any) -> rx.Component:
    """One labelled field of several lines."""
    value = getattr(Form, name)
    return labelled(
        name, rx.el.textarea(id=f"conference-{name}", name=name, rows=rows, default_value=value, **given)
    )


def number(name: str, most: int, **given: Any) -> rx.Component:
    """One labelled whole number."""
    return field(name, "number", min=1, max=most, required=True, input_mode="numeric", **given)


def group(name: str, *content: rx.Component) -> rx.Component:
    """Fields that belong together, and when what they say counts."""
    return rx.el.fieldset(
        rx.el.legend(t(f"conference.group.{name}")),
        rx.el.p(t(f"conference.hint.{name}"), class_name="quiet"),
        *content,
    )


def about_it() -> rx.Component:
    """What delegates read of the conference; it goes out with a release."""
    return group(
        "about",
        field("name", required=True),
        field("long_name", required=True),
        field("organisation", required=True),
        field("place", required=True),
        field("address", required=True),
        rx.el.div(
            field("latitude", input_mode="decimal"),
            field("longitude", input_mode="decimal"),
            class_name="times",
        ),
        field("contact_email", "email"),
        field("funding_url", "url", placeholder="https://"),
        text("introduction", "8", lang="en"),
        *(text(f"about_{language}", "4", lang=language) for language in ("en", "fr", "es", "ru")),
    )


def days() -> rx.Component:
    """The first and the last day; the zone stays."""
    return group(
        "days",
        rx.el.div(
            field("starts", "date", required=True), field("ends", "date", required=True), class_name="times"
        ),
        rx.el.p(rx.el.strong(t("conference.timezone")), " ", ConferenceState.timezone),
        rx.el.p(t("conference.timezone_hint"), class_name="quiet"),
        number("assumed_length_minutes", 600),
    )


def meetings() -> rx.Component:
    """When meetings are asked for until somebody says hours, and the usual slots."""
    return group(
        "meetings",
        rx.el.div(
            field("meeting_day_starts", "time", step=300, required=True),
            field("meeting_day_ends", "time", step=300, required=True),
            class_name="times",
        ),
        number("meeting_minutes", 240, step=5),
        text("usual_slots", "4", class_name="file", spell_check=False, placeholder="12:45-13:30"),
    )


def retention() -> rx.Component:
    """How long personal data stay, until when that is, and the question before any go at once."""
    return group(
        "retention",
        number("retention_days", 365),
        rx.el.p(t("conference.erased_at", when=when(ConferenceState.erased_at)), id="erased-at"),
        rx.el.p(t("conference.erased"), class_name="quiet"),
    )


def outcome() -> rx.Component:
    """What became of the last try, beside the button: every problem by its field."""
    return rx.el.div(
        rx.cond(
            ConferenceState.problems.length() > 0,
            rx.el.div(
                rx.el.p(t("conference.not_kept")),
                rx.el.ul(rx.foreach(ConferenceState.problems, problem)),
                class_name="banner stop problems",
            ),
        ),
        rx.cond(
            ConferenceState.erases > 0,
            rx.el.div(
                rx.el.p(t("conference.would_erase", count=ConferenceState.erases)),
                rx.el.label(
                    rx.el.input(type="checkbox", name="erases", value=ConferenceState.erases.to_string()),
                    rx.el.span(t("conference.erase")),
                    class_name="tick",
                ),
                class_name="banner stop",
            ),
        ),
        refusal("draft.problem.", ConferenceState.problem),
        theirs(),
        role="alert",
    )


def problem(each: Any) -> rx.Component:
    """One field that needs a look, and the way to it."""
    return rx.el.li(
        rx.el.a(
            t_of("conference.", each.field),
            href="#conference-" + each.field,
            custom_attrs={"data-native": "true"},
        ),
        ": ",
        t_of("conference.problem.", each.code),
        key=each.field,
    )


def theirs() -> rx.Component:
    """What somebody else kept meanwhile; what is typed here stays."""
    return rx.cond(
        ConferenceState.changed_by != "",
        rx.el.div(
            rx.el.p(rx.el.strong(t("conference.changed_by", name=ConferenceState.changed_by))),
            differing(ConferenceState.theirs, name_of),
            rx.el.button(t("event.take_theirs"), type="button", on_click=ConferenceState.take_theirs),
            class_name="panel proposal",
        ),
    )


def unreleased() -> rx.Component:
    """What delegates do not see yet."""
    return rx.cond(
        ConferenceState.unreleased.length() > 0,
        rx.el.div(
            rx.el.p(t("conference.unreleased")),
            rx.el.ul(
                rx.foreach(
                    ConferenceState.unreleased, lambda name: rx.el.li(t_of("conference.", name), key=name)
                )
            ),
            rx.el.p(rx.el.a(t("conference.to_release"), href=routes.RELEASE)),
            class_name="panel proposal",
            id="unreleased",
        ),
    )


def conference() -> rx.Component:
    """The form of the settings in one version: of another it is another form."""
    version = rx.cond(ConferenceState.changed_by != "", ConferenceState.theirs_version, Form.version)
    thing = rx.cond(Form.version > 0, "conference", "")
    return rx.el.section(
        rx.el.h2(t("conference.title")),
        older_text(_FORM, thing, Form.version, 0, ConferenceState.kept, name_of),
        rx.cond(
            ConferenceState.is_kept,
            rx.el.p(t("conference.kept"), class_name="banner go", role="status"),
        ),
        unreleased(),
        rx.el.form(
            rx.el.input(type="hidden", name="version", value=version),
            about_it(),
            days(),
            meetings(),
            retention(),
            outcome(),
            rx.el.button(
                rx.cond(ConferenceState.changed_by != "", t("event.save_over"), t("conference.keep")),
                type="submit",
                class_name="main",
            ),
            on_submit=ConferenceState.keep,
            reset_on_submit=False,
            no_validate=True,
            key=Form.version,
            id=_FORM,
        ),
        class_name="panel conference",
        id="conference",
    )
