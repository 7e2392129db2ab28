"""Writes down who of staff changed what."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from copapp.models import AuditEntry, StaffMember

MOST_SHOWN = 200


def note(
    db: Session, by: StaffMember | None, act: str, subject: str, now: datetime, **changes: tuple[Any, Any]
) -> None:
    """Write one act down, each field as (old, new) in JSON's values; `by` None is the command line."""
    written = {name: list(pair) for name, pair in changes.items()}
    db.add(AuditEntry(at=now, member_id=by.id if by else None, act=act, subject=subject, changes=written))


def latest_entries(db: Session) -> list[tuple[AuditEntry, str]]:
    """List the newest acts, each with the name of who did it ("" for the command line)."""
    found = (
        select(AuditEntry, StaffMember)
        .join(StaffMember, isouter=True)
        .order_by(col(AuditEntry.id).desc())
        .limit(MOST_SHOWN)
    )
    return [(entry, member.name if member else "") for entry, member in db.exec(found)]
