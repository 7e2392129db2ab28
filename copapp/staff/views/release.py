"""The release: what it would change, what to look at first, and the earlier ones."""

from typing import Any

import reflex as rx

from copapp.staff import routes
from copapp.staff.both import refusal
from copapp.staff.release_state import ReleaseState
from copapp.staff.shell import page
from copapp.staff.words import t, t_of, when

_FIRST = 20


def field_change(each: Any) -> rx.Component:
    """One field, old to new."""
    return rx.el.li(
        t_of("release.field.", each.field),
        rx.cond(
            (each.was != "") | (each.now != ""),
            rx.fragment(": ", rx.el.s(each.was), " → ", rx.el.strong(each.now)),
        ),
        key=each.field,
    )


def setting(each: Any) -> rx.Component:
    """One setting of the conference, old to new."""
    return rx.el.li(
        t_of("conference.", each.field),
        rx.cond(
            (each.was != "") | (each.now != ""),
            rx.fragment(": ", rx.el.s(each.was), " → ", rx.el.strong(each.now)),
        ),
        key=each.field,
    )


def change(each: Any) -> rx.Component:
    """One event that would change."""
    return rx.el.li(
        rx.el.span(t_of("draft.fate.", each.fate), class_name="tag gold"),
        " ",
        rx.cond(
            each.fate == "removed",
            rx.el.span(each.title, lang="en"),
            rx.el.a(each.title, href=f"{routes.EVENT}?slug=" + each.slug, lang="en"),
        ),
        rx.el.ul(rx.foreach(each.changes, field_change), class_name="field-changes"),
        key=each.slug,
        custom_attrs={"data-change": each.slug},
    )


def hint(each: Any) -> rx.Component:
    """One thing to look at."""
    return rx.el.li(
        rx.el.strong(t_of("hint.", each.kind)),
        ": ",
        rx.el.a(each.title, href=f"{routes.EVENT}?slug=" + each.slug, lang="en"),
        rx.cond(each.other != "", rx.fragment(" · ", rx.el.span(each.other, lang="en"))),
        rx.cond(each.person != "", rx.fragment(" · ", each.person)),
        key=each.kind + each.slug + each.other + each.person,
    )


def touched(each: Any) -> rx.Component:
    """One request, and the event in its way."""
    return rx.el.li(
        rx.el.a(each.name, href=f"{routes.REQUEST}?id=" + each.id.to_string()),
        rx.cond(each.event != "", rx.fragment(" · ", rx.el.span(each.event, lang="en"))),
        key=each.id.to_string() + each.event,
    )


def listed(name: str, rows: Any, draw: Any, tone: str = "") -> rx.Component:
    """A list with its name, the rest of a long one folded; nothing where it is empty."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(t(f"release.{name}")),
            rx.el.ul(rx.foreach(rows[:_FIRST], draw)),
            rx.cond(
                rows.length() > _FIRST,
                rx.el.details(
                    rx.el.summary(t("release.more", count=rows.length() - _FIRST)),
                    rx.el.ul(rx.foreach(rows[_FIRST:], draw)),
                ),
            ),
            class_name=f"panel {tone}",
            id=name,
        ),
    )


def tell() -> rx.Component:
    """Whether people are told, and who they are; nothing where there is nobody to tell."""
    return rx.cond(
        (ReleaseState.concerned > 0) | ReleaseState.has_channel,
        rx.el.label(
            rx.el.input(type="checkbox", name="tell"),
            rx.el.span(
                t("release.tell"),
                " ",
                rx.el.span(
                    rx.cond(
                        ReleaseState.concerned > 0,
                        rx.fragment(t("release.tell_people", count=ReleaseState.concerned), " "),
                    ),
                    rx.cond(ReleaseState.has_channel, rx.fragment(t("release.tell_channel"))),
                    class_name="quiet",
                ),
            ),
            class_name="tick",
        ),
    )


def at_rest(label: Any, kind: str, seen: Any, **given: Any) -> rx.Component:
    """A button for all that is on the screen: of another screen it is another one, which rests for a moment.

    So a tap that was aimed at what stood there before a colleague's change does nothing.
    """
    return rx.el.button(label, class_name=f"{kind} rests", key=f"{kind}:" + seen, **given)


def making() -> rx.Component:
    """The note, the button; and the way back to what delegates see."""
    return rx.cond(
        (ReleaseState.changes.length() > 0) | (ReleaseState.about.length() > 0),
        rx.el.form(
            rx.el.label(
                rx.el.span(t("release.note")),
                rx.el.textarea(name="note", rows="2", max_length=500),
                class_name="field",
            ),
            rx.cond(
                ReleaseState.calendars > 0,
                rx.el.p(t("release.calendars", count=ReleaseState.calendars), class_name="quiet"),
            ),
            tell(),
            rx.el.input(type="hidden", name="seen", value=ReleaseState.digest),
            at_rest(t("release.make"), "main", ReleaseState.digest, type="submit"),
            rx.cond(
                ReleaseState.changes.length() > 0,
                at_rest(
                    t("release.discard"),
                    "link",
                    ReleaseState.digest,
                    type="button",
                    on_click=ReleaseState.discard(ReleaseState.digest),
                ),
            ),
            on_submit=ReleaseState.make_release,
            class_name="panel release-form",
        ),
        rx.el.p(t("draft.nothing_waits"), class_name="nothing"),
    )


def earlier(each: Any) -> rx.Component:
    """One release of the past."""
    return rx.el.li(
        rx.el.strong(t("release.number", number=each.number)),
        rx.el.span(
            " ", when(each.released_at), rx.cond(each.by != "", " · " + each.by, ""), class_name="quiet"
        ),
        rx.cond(each.note != "", rx.el.p(each.note)),
        rx.cond(
            ~each.is_latest,
            at_rest(
                t("release.bring_back"),
                "link",
                ReleaseState.current.to_string(),
                type="button",
                on_click=ReleaseState.bring_back(each.number, ReleaseState.current),
                custom_attrs={"aria-label": t("release.bring_back_number", number=each.number)},
            ),
        ),
        key=each.number,
    )


def published() -> rx.Component:
    """What delegates see, in every format."""
    return rx.el.section(
        rx.el.h2(t("release.files")),
        rx.el.div(
            *(
                rx.el.a(name, href=address, reload_document=True, class_name="button")
                for name, address in routes.PROGRAMME_FILES.items()
            ),
            class_name="row",
        ),
        class_name="panel",
        id="published",
    )


def outcome() -> rx.Component:
    """What became of the last tap."""
    return rx.el.div(
        rx.cond(
            ReleaseState.made > 0,
            rx.el.p(
                t("release.made", number=ReleaseState.made),
                rx.cond(ReleaseState.has_told, rx.fragment(" ", t("release.told"))),
                class_name="banner go",
                role="status",
            ),
        ),
        refusal("release.problem.", ReleaseState.problem),
        role="alert",
    )


def release() -> rx.Component:
    """The page at `/admin/release`."""
    return page(
        routes.DRAFT,
        rx.el.header(
            rx.el.a(t("event.back"), href=routes.DRAFT, class_name="back"),
            rx.el.h1(t("release.look")),
            class_name="head",
        ),
        listed("about", ReleaseState.about, setting),
        listed("changes", ReleaseState.changes, change),
        listed("impossible", ReleaseState.impossible, touched, "proposal"),
        listed("touched", ReleaseState.touched, touched),
        listed("hints", ReleaseState.hints, hint),
        outcome(),
        making(),
        listed("earlier", ReleaseState.releases, earlier),
        published(),
    )
