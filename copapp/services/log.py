"""Reads what staff did and who signed in, for coordinators."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from copapp.models import AuditEntry, Event, Room, StaffMember
from copapp.models.audit import BY_NOBODY
from copapp.services.audit import KINDS
from copapp.services.staff import require_coordinator

PAGE = 30
COMMAND_LINE = 0


@dataclass(frozen=True)
class Names:
    """What entries name by slug or number: events (also those that are gone), rooms, and who of us."""

    events: dict[str, str]
    rooms: dict[int, str]
    people: dict[str, str]


def entries(
    db: Session, by: StaffMember, *, before: int | None = None, who: int | None = None, kind: str = ""
) -> list[tuple[AuditEntry, str]]:
    """List one page of acts, the newest first, each with who did it; "" where that is none of us.

    `before` is the last entry of the page before, `who` a member or COMMAND_LINE, `kind` one of
    `audit.KINDS`. Raises NotAllowedError.
    """
    require_coordinator(by)
    found = select(AuditEntry, StaffMember).join(StaffMember, isouter=True)
    if before is not None:
        found = found.where(col(AuditEntry.id) < before)
    if who is not None:
        found = found.where(col(AuditEntry.member_id).is_not_distinct_from(who or None))
        found = found.where(col(AuditEntry.act).not_in(BY_NOBODY))
    if kind:
        found = found.where(col(AuditEntry.act).in_(KINDS.get(kind, ())))
    newest = found.order_by(col(AuditEntry.id).desc()).limit(PAGE)
    return [(entry, member.name if member else "") for entry, member in db.exec(newest)]


def names(db: Session) -> Names:
    """Give the names that entries are read with; an event that is gone has the title it went with."""
    titled = select(AuditEntry).where(or_(col(AuditEntry.act) == "add", col(AuditEntry.act) == "remove"))
    gone = {each.subject: next(filter(None, each.changes["title"]), "") for each in db.exec(titled)}
    return Names(
        gone | dict(db.exec(select(Event.slug, Event.title)).all()),
        {number or 0: name for number, name in db.exec(select(Room.id, Room.name))},
        dict(db.exec(select(StaffMember.slug, StaffMember.name)).all()),
    )
