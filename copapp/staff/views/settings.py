"""What coordinators set: the conference itself, mail and messages, and the venue's plan."""

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.chores import chores
from copapp.staff.settings_state import SettingsState
from copapp.staff.shell import page
from copapp.staff.views.channels import channels
from copapp.staff.views.conference import conference
from copapp.staff.words import read_file_into, t, when

_FIELD = "plan-text"


def as_it_is() -> rx.Component:
    """The plan that delegates see, in numbers, and its file to start from."""
    plan = SettingsState.plan
    return rx.el.div(
        rx.cond(
            plan.kept_at != "",
            rx.fragment(
                rx.el.p(t("plan.since", when=when(plan.kept_at))),
                rx.el.p(t("plan.holds", sites=plan.sites, rooms=plan.rooms, paths=plan.paths)),
                rx.cond(plan.is_schematic, rx.el.p(t("plan.schematic"), class_name="quiet")),
                rx.el.p(rx.el.a(t("plan.file"), href=routes.PLAN_FILE, reload_document=True)),
            ),
            rx.el.p(t("plan.none")),
        ),
    )


def outcome() -> rx.Component:
    """What became of the plan that was given, with everything that is wrong with it."""
    return rx.el.div(
        rx.cond(
            SettingsState.outcome == "taken", rx.el.p(t("plan.taken"), class_name="banner go", role="status")
        ),
        refusal("draft.problem.", SettingsState.problem, SettingsState.both),
        rx.cond(
            SettingsState.outcome == "refused",
            rx.el.div(
                rx.el.p(t("plan.refused")),
                rx.el.ul(
                    rx.foreach(SettingsState.problems, lambda words: rx.el.li(words, key=words)), lang="en"
                ),
                rx.cond(
                    SettingsState.more_problems > 0,
                    rx.el.p(t("plan.more_problems", count=SettingsState.more_problems)),
                ),
                class_name="banner stop problems",
            ),
        ),
        role="alert",
    )


def new_plan() -> rx.Component:
    """A file, or its text pasted; nothing changes before the button, and nothing typed is lost."""
    return rx.el.form(
        rx.el.label(
            rx.el.span(t("plan.choose")),
            rx.el.input(
                type="file",
                id="plan-file",
                accept=".geojson,.json,application/geo+json",
                on_change=read_file_into("plan-file", _FIELD),
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(t("plan.paste")),
            rx.el.textarea(
                id=_FIELD, name="plan", rows="8", required=True, class_name="file", spell_check=False
            ),
            class_name="field",
        ),
        rx.el.input(type="hidden", name="seen", value=SettingsState.plan.etag),
        rx.el.p(t("plan.promise"), class_name="quiet"),
        rx.el.button(t("plan.use"), type="submit", class_name="main"),
        on_submit=SettingsState.replace_plan,
        reset_on_submit=False,
        class_name="plan-form",
    )


def plan() -> rx.Component:
    """The venue's plan, as it is and anew."""
    return rx.el.section(
        rx.el.h2(t("plan.title")), outcome(), as_it_is(), new_plan(), class_name="panel", id="plan"
    )


def settings() -> rx.Component:
    """The page at `/admin/settings`."""
    return page(
        routes.SETTINGS,
        rx.el.header(rx.el.h1(t("settings.title")), class_name="head"),
        rx.cond(
            SettingsState.is_open,
            rx.fragment(
                conference(),
                channels(),
                plan(),
                chores(),
            ),
            rx.el.p(t("accounts.closed"), class_name="nothing"),
        ),
    )
