"""Writes down who of staff changed what, and who signed in or was refused; `log` reads it.

What is about accounts, sign-ins and requests is a line of the server's log too, by the account's number.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from copapp.models import AuditEntry, StaffMember
from copapp.models.audit import BY_NOBODY
from copapp.services.waits import is_recent

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

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
        "session_end",
        "sessions_end",
        "factor_on",
        "factor_off",
        "factor_required",
        "recovery_code",
    ),
    "sign_ins": ("sign_in", "sign_out", "sign_out_everywhere", *BY_NOBODY),
    "requests": (
        "take_requests",
        "paste_reply",
        "erase",
        "put_on_list",
        "decline_unsaid",
        "erase_held_back",
        "erase_calendars",
    ),
    "settings": ("settings", "plan", "mail", "webhook"),
}
"""Every act there is, by what it is about."""
_LOGGED = {act for kind in ("accounts", "sign_ins", "requests") for act in KINDS[kind]}
_TOGETHER = timedelta(hours=1)


def note(
    db: Session, by: StaffMember | None, act: str, subject: str, now: datetime, **changes: tuple[Any, Any]
) -> None:
    """Write one act down, each field as (old, new) in JSON's values; `by` None is the command line."""
    written = {name: list(pair) for name, pair in changes.items()}
    db.add(AuditEntry(at=now, member_id=by.id if by else None, act=act, subject=subject, changes=written))
    if act in _LOGGED:
        logger.info(
            "%s by %s", act, f"account {by.id}" if by else "nobody" if act in BY_NOBODY else "command"
        )


def note_again(db: Session, act: str, subject: str, now: datetime, *, counts: bool) -> None:
    """Write down an act of BY_NOBODY, in one line an hour for each subject, so that no flood fills the log.

    If it counts, the line says how many there were.
    """
    same = (col(AuditEntry.act) == act, col(AuditEntry.subject) == subject)
    lately = select(AuditEntry).where(*same, is_recent(AuditEntry.at, now, _TOGETHER))
    entry = db.exec(lately.order_by(col(AuditEntry.id).desc()).limit(1)).first()
    if entry is None:
        note(db, None, act, subject, now, **({"tries": (None, 1)} if counts else {}))
    elif counts:
        entry.changes = {"tries": [None, entry.changes["tries"][1] + 1]}
        db.add(entry)


def differing(**pairs: tuple[Any, Any]) -> dict[str, tuple[Any, Any]]:
    """Give those fields whose old and new value are not the same."""
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
