"""Language, light and dark, installation."""

import reflex as rx
from reflex.style import set_color_mode

from copapp.delegate import routes
from copapp.delegate.choices import chip
from copapp.delegate.shell import freshness, page
from copapp.i18n import LANGUAGES
from copapp.offline import live
from copapp.offline.live import act, more_words, t


def languages() -> rx.Component:
    """Each language in its own words."""
    return rx.el.section(
        rx.el.h2(t("settings.language")),
        rx.el.div(
            *(
                chip(name, live.language == code, act("chooseLanguage", code), lang=code)
                for code, name in LANGUAGES.items()
            ),
            class_name="chips",
        ),
        class_name="panel",
    )


def colours() -> rx.Component:
    """Light, dark, or as the phone has it."""
    return rx.el.section(
        rx.el.h2(t("settings.colours")),
        rx.el.div(
            *(
                chip(t(f"settings.{mode}"), rx.color_mode == mode, set_color_mode(mode))
                for mode in ("system", "light", "dark")
            ),
            class_name="chips",
        ),
        class_name="panel",
    )


def installation() -> rx.Component:
    """Own help for each kind of phone."""
    return rx.el.section(
        rx.el.h2(t("install.title")),
        rx.match(
            live.install,
            ("installed", rx.el.p(t("install.done"))),
            (
                "prompt",
                rx.el.div(
                    rx.el.p(t("install.why")),
                    rx.el.button(t("install.now"), type="button", class_name="main", on_click=act("install")),
                ),
            ),
            (
                "ios",
                rx.el.div(
                    rx.el.p(t("install.why")),
                    rx.el.ol(
                        rx.el.li(t("install.ios_share")),
                        rx.el.li(t("install.ios_add")),
                        rx.el.li(t("install.ios_carry")),
                    ),
                ),
            ),
            rx.el.div(
                rx.el.p(t("install.why")),
                rx.el.ol(rx.el.li(t("install.android_menu")), rx.el.li(t("install.android_add"))),
            ),
        ),
        class_name="panel",
        id="install",
    )


def settings() -> rx.Component:
    """The page at `/settings`."""
    return page(
        routes.SETTINGS,
        more_words(),
        rx.el.header(rx.el.h1(t("settings.title")), freshness(), class_name="head"),
        rx.el.div(languages(), colours(), class_name="needs-script"),
        installation(),
        rx.el.section(
            rx.el.h2(t("settings.data")),
            rx.el.p(t("settings.data_text")),
            rx.el.button(
                t("settings.refresh"), type="button", class_name="needs-script", on_click=act("refresh")
            ),
            class_name="panel",
        ),
    )
