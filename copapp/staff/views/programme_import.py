"""An import: a file, its text or its address, what it would change, and only then all of it or nothing."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import words_of
from copapp.staff.import_state import ImportState
from copapp.staff.shell import page
from copapp.staff.views.watched import offer, watched
from copapp.staff.words import send_for_import, shown_at, t, t_of

_FILE, _TEXT, _SENT = "import-file", "import-text", "import-sent"


def sending(field: str) -> rx.Component:
    """The button that sends a field's content, and how far that is."""
    return rx.fragment(
        rx.el.button(
            t("import.look"), type="button", class_name="main", on_click=send_for_import(field, _SENT)
        ),
        rx.el.progress(hidden=True, custom_attrs={"aria-label": t("import.sending")}),
    )


def address() -> rx.Component:
    """Where on the web it is: fetched by us, not by the phone."""
    return rx.el.form(
        rx.el.label(
            rx.el.span(t("import.address")),
            rx.el.input(
                type="url",
                name="address",
                id="import-address",
                required=True,
                max_length=2000,
                placeholder="https://",
                auto_complete="off",
            ),
            class_name="field",
        ),
        rx.el.div(
            rx.el.button(
                t("import.look"), type="submit", class_name="main", disabled=ImportState.is_fetching
            ),
            rx.cond(ImportState.is_fetching, rx.el.span(t("import.fetching"), role="status")),
            class_name="sending",
        ),
        on_submit=ImportState.look_at,
        reset_on_submit=False,
        class_name="plan-form",
    )


def given() -> rx.Component:
    """A file, which may be any, or what was copied from a page, or its address."""
    return rx.el.div(
        rx.el.label(rx.el.span(t("import.choose")), rx.el.input(type="file", id=_FILE), class_name="field"),
        rx.el.div(sending(_FILE), class_name="sending"),
        rx.el.label(
            rx.el.span(t("plan.paste")),
            rx.el.textarea(id=_TEXT, rows="6", class_name="file", spell_check=False),
            class_name="field",
        ),
        rx.el.div(sending(_TEXT), class_name="sending"),
        address(),
        rx.el.p(t("import.promise"), class_name="quiet"),
        rx.el.p(
            t("import.template"),
            " ",
            rx.el.a("CSV", href=routes.TEMPLATE_CSV, reload_document=True),
            " · ",
            rx.el.a("Excel", href=routes.TEMPLATE_EXCEL, reload_document=True),
            class_name="quiet",
        ),
        sent(),
        class_name="panel plan-form",
    )


def sent() -> rx.Component:
    """Nothing to see: what became of the sending goes to the page's state by this form."""
    return rx.el.form(
        *[rx.el.input(type="hidden", name=name) for name in ("file", "name", "problem")],
        rx.el.button(t("import.look"), type="submit"),  # by which the bar names it where it cannot be sent
        id=_SENT,
        on_submit=ImportState.look,
        reset_on_submit=False,
        hidden=True,
    )


def field(each: Any) -> rx.Component:
    """One field, old to new."""
    return rx.el.li(
        t_of("release.field.", each.field),
        rx.cond(each.language != "", rx.fragment(" (", each.language, ")")),
        ": ",
        rx.el.s(each.was),
        " → ",
        rx.el.strong(each.now),
        key=each.field + each.language,
    )


def left_out(each: Any) -> rx.Component:
    """Something of the file that was left out: where it stands, why, and what it is."""
    return rx.el.li(
        rx.cond(each.day != "", rx.fragment(t("import.where.day", number=each.day), ", ")),
        rx.cond(each.place != "", rx.fragment(each.place, ", ")),
        rx.cond(each.kind != "", rx.fragment(t_of("import.where.", each.kind, number=each.number), ", ")),
        t_of("import.reason.", each.code),
        rx.cond(each.about != "", rx.el.span(" ", each.about, class_name="quiet")),
        key=each.key,
    )


def event(each: Any, *before: rx.Component) -> rx.Component:
    """One event: title, when, where, and what would be another."""
    return rx.el.li(
        *before,
        rx.el.span(each.title, lang="en"),
        " ",
        rx.el.span(each.when, " · ", each.place, class_name="quiet"),
        rx.cond(
            each.changes.length() > 0,
            rx.el.ul(rx.foreach(each.changes, field), class_name="field-changes"),
        ),
        key=each.key,
    )


def missing(each: Any) -> rx.Component:
    """One event that the file lacks: it stays unless it is picked."""
    return event(
        each,
        rx.el.input(
            type="checkbox",
            checked=each.is_picked,
            on_change=ImportState.pick(each.slug),
            custom_attrs={"aria-label": t("import.take_out") + ": " + each.title},
        ),
    )


def listed(name: str, rows: Any, draw: Any) -> rx.Component:
    """A list with its name; nothing where it is empty."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(t(f"import.{name}")),
            rx.el.ul(rx.foreach(rows, draw)),
            class_name="panel",
            id=f"import-{name}",
        ),
    )


def preview() -> rx.Component:
    """What the file would change, and the button that does it."""
    return rx.cond(
        ImportState.format != "",
        rx.el.div(
            rx.el.p(
                rx.cond(ImportState.name != "", rx.fragment(rx.el.strong(ImportState.name), ": ")),
                t_of("import.format.", ImportState.format),
                " ",
                t("import.same", count=ImportState.same),
            ),
            listed("added", ImportState.added, event),
            listed("changed", ImportState.changed, event),
            listed("removed", ImportState.removed, missing),
            listed("new_rooms", ImportState.new_rooms, lambda name: rx.el.li(name, key=name)),
            listed("skipped", ImportState.skipped, left_out),
            rx.cond(
                ImportState.more_skipped > 0,
                rx.el.p(t("import.more_skipped", count=ImportState.more_skipped), class_name="quiet"),
            ),
            rx.cond(
                ImportState.is_new,
                rx.el.button(
                    t("import.take"),
                    type="button",
                    class_name="main",
                    on_click=ImportState.take(ImportState.file, ImportState.seen, ImportState.picked),
                ),
                rx.el.p(t("import.nothing"), role="status"),
            ),
            offer(),
            class_name="import-preview",
        ),
    )


def outcome() -> rx.Component:
    """What became of the last tap."""
    return rx.el.div(
        rx.cond(
            ImportState.is_taken,
            rx.el.p(
                t("import.taken"),
                " ",
                rx.el.a(t("release.look"), href=routes.RELEASE),
                class_name="banner go",
            ),
        ),
        rx.cond(
            ImportState.problem != "",
            rx.el.div(
                rx.el.p(words_of("import.problem.", ImportState.problem)),
                rx.cond(
                    ImportState.problem_words != "",
                    rx.el.p(ImportState.problem_words, lang="en", class_name="quiet"),
                ),
                class_name="banner stop",
            ),
        ),
        role="alert",
    )


def programme_import() -> rx.Component:
    """The page at `/admin/import`."""
    return page(
        routes.DRAFT,
        rx.el.header(
            rx.el.a(t("event.back"), href=routes.DRAFT, class_name="back"),
            rx.el.h1(t("import.title")),
            class_name="head",
        ),
        watched(),
        given(),
        rx.el.div(outcome(), preview(), id="import-outcome"),
        shown_at("import-outcome", ImportState.looks),
    )
