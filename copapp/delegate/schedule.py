"""The first screen: what is on, day by day."""

from typing import Any

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.cards import day_section
from copapp.delegate.choices import chip
from copapp.delegate.shell import freshness, page
from copapp.offline import live
from copapp.offline.live import act, act_with_value, t
from copapp.parts.icons import icon


def head() -> rx.Component:
    """Which conference, whose clock, how fresh."""
    return rx.el.header(
        rx.el.p(live.conference.organisation, class_name="eyebrow", lang="en"),
        rx.el.h1(live.conference.name, lang="en"),
        rx.el.p(live.conference.place, " · ", live.conference.dates, class_name="quiet"),
        rx.el.p(live.conference.zone, class_name="quiet zone"),
        freshness(),
        class_name="head",
    )


def now_next() -> rx.Component:
    """What runs and what comes, while the conference runs and nobody searches."""
    return rx.cond(
        live.now_next.shown & ~live.is_filtered,
        rx.el.section(
            rx.el.h2(t("schedule.now_next")),
            rx.cond(~live.now_next.has_now, rx.el.p(t("schedule.nothing_now"), class_name="quiet")),
            rx.el.ul(rx.foreach(live.now_next.briefs, brief)),
            rx.cond(
                live.now_next.briefs.length() > 0,
                rx.el.button(t("schedule.jump"), type="button", class_name="link", on_click=act("jumpToNow")),
            ),
            class_name="now-next needs-script",
        ),
    )


def brief(each: Any) -> rx.Component:
    """One entry of now and next: when, what, where."""
    return rx.el.li(
        rx.el.span(
            rx.cond(
                each.tag == "now",
                rx.el.span(t("tag.now"), class_name="tag go"),
                rx.el.span(t("tag.next"), class_name="tag"),
            ),
            each.lead,
            class_name="lead",
        ),
        rx.el.a(each.title, href=each.href, lang="en"),
        rx.el.span(each.room, " · ", each.site, class_name="quiet", lang="en"),
        key=each.slug,
        class_name="brief",
    )


def search_field() -> rx.Component:
    """Answers while one types; kept in the address."""
    return rx.el.label(
        icon("search"),
        rx.el.span(t("schedule.search"), class_name="aloud"),
        rx.el.input(
            type="search",
            name="q",
            value=live.query,
            on_change=act_with_value("search"),
            on_focus=act("drawSome"),
            placeholder=t("schedule.search"),
            auto_complete="off",
            enter_key_hint="search",
        ),
        class_name="search",
    )


def filters() -> rx.Component:
    """Site and saved, as chips."""
    return rx.el.div(
        chip(t("schedule.saved_only"), live.saved_only, act("showSaved")),
        chip(t("schedule.all_sites"), live.all_sites, act("chooseSite", "")),
        rx.foreach(
            live.sites,
            lambda site: chip(
                site.name, site.is_current, act("chooseSite", site.slug), key=site.slug, lang="en"
            ),
        ),
        class_name="chips",
        role="group",
        custom_attrs={"aria-label": t("schedule.filters")},
    )


def day_tab(tab: Any) -> rx.Component:
    """One date: weekday over number, today marked."""
    return rx.el.button(
        rx.el.span(tab.weekday, class_name="weekday"),
        rx.el.span(tab.number, class_name="number"),
        rx.cond(tab.is_today, rx.el.span(t("schedule.today"), class_name="today")),
        key=tab.date,
        type="button",
        on_click=act("chooseDay", tab.date),
        class_name=rx.cond(tab.is_empty, "day-tab empty", "day-tab"),
        custom_attrs={"aria-pressed": rx.cond(tab.is_current, "true", "false"), "aria-label": tab.label},
    )


def day_tabs() -> rx.Component:
    """All days, or one."""
    return rx.el.div(
        rx.el.button(
            t("schedule.all_days"),
            type="button",
            on_click=act("chooseDay", ""),
            class_name="day-tab all",
            custom_attrs={"aria-pressed": rx.cond(live.all_days, "true", "false")},
        ),
        rx.foreach(live.day_tabs, day_tab),
        class_name="day-tabs",
        role="group",
        custom_attrs={"aria-label": t("schedule.days")},
    )


def changed() -> rx.Component:
    """How many events are not as last seen, and a way to say "I know"."""
    return rx.cond(
        live.changed_count > 0,
        rx.el.p(
            t("change.count", count=live.changed_count),
            " ",
            rx.el.button(t("change.read"), type="button", class_name="link", on_click=act("readAll")),
            class_name="changed",
        ),
    )


def nothing() -> rx.Component:
    """Nothing to show, why, and what to do."""
    return rx.cond(
        (live.empty != "") & ~live.is_partial,
        rx.el.div(
            rx.el.p(live.empty),
            rx.cond(
                live.is_filtered,
                rx.el.button(
                    t("schedule.clear"), type="button", class_name="main", on_click=act("clearFilters")
                ),
            ),
            class_name="nothing",
        ),
    )


def schedule() -> rx.Component:
    """The page at `/`."""
    return page(
        routes.SCHEDULE,
        head(),
        now_next(),
        rx.el.div(search_field(), filters(), class_name="tools"),
        day_tabs(),
        changed(),
        rx.foreach(live.schedule, day_section),
        nothing(),
    )
