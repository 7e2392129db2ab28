"""Says for how many personal calendars there is room: of all, and of one network in a day.

Those that nobody uses make room for new ones. Where none does, an operator can (`copapp erase --calendars`).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, not_, or_, true
from sqlmodel import Session, and_, col, select

from copapp.database import disk_trouble
from copapp.domain.network import network_of
from copapp.logs import Repeats
from copapp.models import Attempt, CalendarBookmark, CalendarMeeting, PersonalCalendar
from copapp.services import audit
from copapp.services.abuse import count_attempts
from copapp.services.tokens import keyed_hash

MOST_CALENDARS = 10_000
MOST_OF_A_NETWORK = 2000
"""In a day: a fifth of all, and meant to be more than the phones of a venue make behind one address."""
ERASED_AT_ONCE = 500

_DAY = timedelta(days=1)
_MADE, _IPV6_BITS = "calendar of a network", 48
_ENTRIES = CalendarBookmark, CalendarMeeting
_troubles = Repeats("Personal calendars")


class NoRoomError(RuntimeError):
    """There are MOST_CALENDARS that are all in use, or too little is left of the disk."""


class NetworkFullError(RuntimeError):
    """From this network MOST_OF_A_NETWORK were made within a day."""


def count_new(db: Session, address: str, now: datetime) -> None:
    """Count one more for the network of an address (/24 of IPv4, /48 of IPv6). Raises NetworkFullError.

    Whoever asks counts alone already (`abuse.check_maker`).
    """
    network = keyed_hash(db, "network", network_of(address, _IPV6_BITS))
    if count_attempts(db, now, _MADE, network, _DAY) >= MOST_OF_A_NETWORK:
        raise NetworkFullError
    db.add(Attempt(kind=_MADE, key=network, at=now))


def check_disk() -> None:
    """Raise NoRoomError where too little is left of the disk."""
    if disk_trouble():
        raise NoRoomError


def keep_to_the_cap(db: Session, made: PersonalCalendar) -> None:
    """Drop the oldest that is in no use where there are too many: one that ended, else an empty one.

    Raises NoRoomError.
    """
    if db.exec(select(func.count()).select_from(PersonalCalendar)).one() <= MOST_CALENDARS:
        return
    holds = [select(table.calendar_id).where(table.calendar_id == PersonalCalendar.id) for table in _ENTRIES]
    is_over = col(PersonalCalendar.ended_at).is_not(None)
    is_unused = or_(is_over, not_(or_(*(each.exists() for each in holds))))
    unused = select(PersonalCalendar).where(is_unused, PersonalCalendar.id != made.id)
    oldest = db.exec(unused.order_by(is_over.desc(), col(PersonalCalendar.id)).limit(1)).first()
    if oldest is None:
        words = (
            f"all {MOST_CALENDARS} are in use, and nobody gets another: `copapp erase --calendars` makes room"
        )
        _troubles.note("room", words)
        raise NoRoomError
    db.delete(oldest)
    db.flush()


def erase_some(db: Session, since: datetime | None, until: datetime | None, now: datetime) -> int:
    """Erase the oldest that were made from `since` on and before `until`, ERASED_AT_ONCE; says how many."""
    made = col(PersonalCalendar.created_at)
    which = and_(made >= since if since else true(), made < until if until else true())
    oldest = select(PersonalCalendar.id).where(which).order_by(col(PersonalCalendar.id))
    numbers = db.exec(oldest.limit(ERASED_AT_ONCE).with_for_update()).all()
    for table in _ENTRIES:
        db.exec(delete(table).where(col(table.calendar_id).in_(numbers)))
    db.exec(delete(PersonalCalendar).where(col(PersonalCalendar.id).in_(numbers)))
    if numbers:
        audit.note(db, None, "erase_calendars", str(len(numbers)), now)
    return len(numbers)
