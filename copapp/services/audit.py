"""Writes down who of staff changed what; `log` reads it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from copapp.models import AuditEntry, StaffMember

KINDS = {
    "programme": (
        "add",
        "change",
        "cancel",
        "restore",
        "remove",
        "discard",
        "import",
        "watch",
        "set_aside",
        "stop_watching",
    ),
    "releases": ("release", "bring_back"),
    "team": (
        "cover",
        "uncover",
        "hours_add",
        "hours_remove",
        "practice",
        "shown",
        "team_calendar",
        "team_calendar_stop",
    ),
    "accounts": (
        "member_add",
        "member_link",
        "member_password",
        "member_role",
        "member_disable",
        "member_enable",
    ),
    "requests": ("take_requests", "paste_reply"),
    "settings": ("settings", "plan", "mail", "webhook"),
}
"""Every act there is, by what it is about."""


def note(
    db: Session, by: StaffMember | None, act: str, subject: str, now: datetime, **changes: tuple[Any, Any]
) -> None:
    """Write one act down, each field as (old, new) in JSON's values; `by` None is the command line."""
    written = {name: list(pair) for name, pair in changes.items()}
    db.add(AuditEntry(at=now, member_id=by.id if by else None, act=act, subject=subject, changes=written))


def differing(**pairs: tuple[Any, Any]) -> dict[str, tuple[Any, Any]]:
    """Give those fields whose old and new value are not the same."""
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
