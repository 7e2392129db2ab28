"""When each of us can be met, and how we are shown. One's own; a coordinator's also of others."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.domain.meetings import BLOCK
from copapp.domain.slots import Span
from copapp.i18n import LANGUAGES
from copapp.models import Availability, Coverage, Event, StaffMember, StaffRole
from copapp.services import audit
from copapp.services.moves import NotAllowedError, require_active
from copapp.services.slots import the_conference

SLOT_MINUTES = (15, 20, 30, 45, 60)
BUFFER_MINUTES = (0, 5, 10, 15, 20, 30)


class HoursError(ValueError):
    """Hours that cannot be; `code` is a key of the catalogues."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def availability(db: Session, member_id: int) -> list[Availability]:
    """List when one of us can be met, by time."""
    own = select(Availability).where(Availability.member_id == member_id)
    return list(db.exec(own.order_by(col(Availability.starts))))


def covered(db: Session, member_id: int) -> list[str]:
    """List the events (slugs) that one of us will be at."""
    own = select(Coverage.event).where(Coverage.member_id == member_id)
    return list(db.exec(own.order_by(col(Coverage.event))))


def add_hours(
    db: Session, by: StaffMember, member_id: int, day: date, hours: tuple[time, time], now: datetime
) -> Availability:
    """Add hours of a day at the venue, from and to. Raises NotAllowedError, HoursError."""
    member = _check(db, by, member_id)
    about = the_conference(db)
    if not about.starts <= day <= about.ends:
        raise HoursError("day")
    zone = ZoneInfo(about.timezone)
    span = Span(*(_at(day, each, zone) for each in hours))
    if span.starts >= span.ends:
        raise HoursError("order")
    if any(each.timestamp() % BLOCK.total_seconds() for each in (span.starts, span.ends)):
        raise HoursError("grid")
    if any(span.overlaps(Span(each.starts, each.ends)) for each in availability(db, member_id)):
        raise HoursError("overlap")
    made = Availability(member_id=member_id, starts=span.starts, ends=span.ends)
    db.add(made)
    db.flush()
    audit.note(db, by, "hours_add", member.slug, now, hours=("", _words(made, zone)))
    return made


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _words(hours: Availability, zone: ZoneInfo) -> str:
    starts, ends = hours.starts.astimezone(zone), hours.ends.astimezone(zone)
    return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def remove_hours(db: Session, by: StaffMember, number: int, now: datetime) -> None:
    """Take hours back; agreed meetings in them stand. No-op if they are gone."""
    hours = db.get(Availability, number)
    if hours is not None:
        member = _check(db, by, hours.member_id)
        was = _words(hours, ZoneInfo(the_conference(db).timezone))
        db.delete(hours)
        db.flush()
        audit.note(db, by, "hours_remove", member.slug, now, hours=(was, ""))


def set_practice(
    db: Session, by: StaffMember, member_id: int, now: datetime, *, slot_minutes: int, buffer_minutes: int
) -> None:
    """Set how long one's meetings are, and what is kept free around them."""
    member = _check(db, by, member_id)
    if slot_minutes not in SLOT_MINUTES or buffer_minutes not in BUFFER_MINUTES:
        raise HoursError("length")
    _write(db, by, member, "practice", now, slot_minutes=slot_minutes, buffer_minutes=buffer_minutes)


def set_shown(
    db: Session, by: StaffMember, now: datetime, *, is_shown: bool, job_title: str, languages: list[str]
) -> None:
    """Agree to be shown to delegates, or not: nobody can for another."""
    member = _check(db, by, by.id or 0)
    spoken = [each for each in LANGUAGES if each in languages]
    given = {"is_shown": is_shown, "job_title": job_title.strip()[:120], "languages": spoken}
    _write(db, by, member, "shown", now, **given)


def _write(db: Session, by: StaffMember, member: StaffMember, act: str, now: datetime, **given: Any) -> None:
    changed = audit.differing(**{name: (getattr(member, name), value) for name, value in given.items()})
    for name, (_, value) in changed.items():
        setattr(member, name, value)
    db.add(member)
    db.flush()
    if changed:
        audit.note(db, by, act, member.slug, now, **changed)


def set_covered(
    db: Session, by: StaffMember, member_id: int, event: str, now: datetime, *, is_covered: bool
) -> None:
    """Say that one of us will be at an event, or not. No-op if it is said already, or there is none."""
    member = _check(db, by, member_id)
    found = db.exec(select(Coverage).where(Coverage.member_id == member_id, Coverage.event == event)).first()
    if found and not is_covered:
        db.delete(found)
        audit.note(db, by, "uncover", member.slug, now, event=(event, ""))
    elif is_covered and not found and db.exec(select(Event.id).where(Event.slug == event)).first():
        db.add(Coverage(member_id=member_id, event=event))
        audit.note(db, by, "cover", member.slug, now, event=("", event))
    db.flush()


def _check(db: Session, by: StaffMember, member_id: int) -> StaffMember:
    require_active(db, by.id)
    if by.id != member_id and by.role is not StaffRole.COORDINATOR:
        raise NotAllowedError
    require_active(db, member_id)
    return db.get_one(StaffMember, member_id)
