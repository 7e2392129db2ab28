"""The page's introduction, who we are, privacy in plain words, what the app is made of."""

import reflex as rx

from copapp.delegate import routes
from copapp.delegate.shell import freshness, page
from copapp.offline import live
from copapp.offline.live import more_words, t


def introduction() -> rx.Component:
    """The organisation's own words, as published."""
    return rx.el.section(
        rx.foreach(live.conference.introduction, lambda words: rx.el.p(words, key=words)),
        class_name="text",
        lang="en",
    )


def who() -> rx.Component:
    """Who stands behind the delegation; contact and funding only where they are set."""
    return rx.el.section(
        rx.el.h2(t("about.who")),
        rx.el.p(live.conference.about, lang=live.conference.about_lang),
        rx.cond(
            live.conference.contact_email != "",
            rx.el.p(
                t("about.contact"),
                " ",
                rx.el.a(
                    live.conference.contact_email,
                    href="mailto:" + live.conference.contact_email,
                    reload_document=True,
                ),
            ),
        ),
        rx.cond(
            live.conference.funding_url != "",
            rx.el.p(rx.el.a(t("about.funding"), href=live.conference.funding_url, reload_document=True)),
        ),
        class_name="panel",
    )


def place() -> rx.Component:
    """Where the complex is, and the way to its map."""
    return rx.el.section(
        rx.el.h2(t("about.place")),
        rx.el.p(live.conference.address, lang="en"),
        rx.el.p(rx.el.a(t("about.map"), href=routes.MAP)),
        class_name="panel",
    )


def privacy() -> rx.Component:
    """What stays on the phone, what does not."""
    return rx.el.section(
        rx.el.h2(t("about.privacy")),
        rx.el.p(t("about.privacy_phone")),
        rx.el.p(t("about.privacy_server")),
        rx.el.p(t("about.privacy_requests")),
        class_name="panel",
    )


def made_of() -> rx.Component:
    """Licences and credits."""
    return rx.el.section(
        rx.el.h2(t("about.licences")),
        rx.el.p(t("about.licence_app")),
        rx.el.p(t("about.licence_parts")),
        rx.el.p(
            rx.el.a(
                "© OpenStreetMap contributors",
                href="https://www.openstreetmap.org/copyright",
                reload_document=True,
            ),
            ", ODbL",
        ),
        class_name="panel",
    )


def about() -> rx.Component:
    """The page at `/about`."""
    return page(
        routes.ABOUT,
        more_words(),
        rx.el.header(
            rx.el.h1(t("about.title", name=live.conference.name)),
            rx.el.p(live.conference.long_name, class_name="quiet", lang="en"),
            rx.el.p(live.conference.release, class_name="quiet"),
            freshness(),
            class_name="head",
        ),
        introduction(),
        who(),
        place(),
        privacy(),
        made_of(),
        # An installed app has no address bar: this is the staff's way in.
        rx.el.p(
            rx.el.a(t("about.staff"), href="/admin", reload_document=True, class_name="button"),
            class_name="staff-door",
        ),
    )
