"""Where a one-time link leads: choose a password, and as the first of us say who one is.

The forms go back to the address that they are shown at, which holds the link's token.
"""

import reflex as rx

from copapp.services.passwords import SHORTEST
from copapp.staff.plain_form import plain_form
from copapp.staff.views.sign_in import door, field
from copapp.staff.words import t


def new_password() -> rx.Component:
    """The field in which a password is chosen."""
    label = t("set_up.password", count=SHORTEST)
    return field(label, "password", "password", "new-password", min_length=SHORTEST)


def password_form(*fields: rx.Component) -> rx.Component:
    """The fields, and a new password."""
    return plain_form(
        *fields,
        new_password(),
        rx.el.button(t("set_up.keep"), type="submit", class_name="main"),
    )


def set_up() -> rx.Component:
    """The page at `/admin/set-up/{token}`, for the first of us."""
    return door(
        t("set_up.title"),
        password_form(
            field(t("set_up.name"), "name", "text", "name"),
            field(t("sign_in.email"), "email", "email", "username"),
        ),
        rx.el.p(t("set_up.hint"), class_name="quiet"),
    )


def choose_password() -> rx.Component:
    """The page at `/admin/password/{token}`, for whom we know already."""
    return door(
        t("set_up.choose"),
        password_form(),
        rx.el.p(t("set_up.hint"), class_name="quiet"),
    )
