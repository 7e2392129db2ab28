"""Keeps personal calendars: what somebody saved, behind a secret address that says nothing of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.interop.personal_calendar import PersonalMeeting
from copapp.models import (
    CalendarBookmark,
    CalendarMeeting,
    Conference,
    MeetingRequest,
    PersonalCalendar,
    StaffCalendar,
)
from copapp.services.slots import midnight, the_conference
from copapp.services.timed_meetings import timed_meetings
from copapp.services.tokens import calendar_token, hash_of

KEPT_FOR = timedelta(days=30)
MOST_ENTRIES = 1000

_Entry = type[CalendarBookmark] | type[CalendarMeeting]


class UnknownCalendarError(LookupError):
    """No calendar has that address."""


class EndedCalendarError(LookupError):
    """The calendar was stopped or replaced, or its time is over."""


class FullCalendarError(ValueError):
    """A calendar holds at most MOST_ENTRIES events, and as many meetings."""


@dataclass(frozen=True)
class CalendarChange:
    """What is to change: slugs of events, tokens of requests. What is there already, or gone, is no error."""

    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    add_meetings: frozenset[str] = frozenset()
    remove_meetings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kept:
    """What a calendar holds, in a fixed order: slugs, and the meetings that have a time."""

    calendar: PersonalCalendar
    bookmarks: list[str]
    meetings: list[PersonalMeeting]


def expires_at(given: Conference) -> datetime:
    """Give the instant from which every address answers 410: 30 days after the last day, at the venue."""
    return midnight(given.ends + timedelta(days=1) + KEPT_FOR, given)


def made_before(db: Session, key: str) -> str | None:
    """Give the token of the calendar that this key made, None if it made none. Raises EndedCalendarError."""
    found = db.exec(select(PersonalCalendar).where(PersonalCalendar.key_hash == hash_of(key))).first()
    if found is None:
        return None
    if found.ended_at is not None:
        raise EndedCalendarError
    return calendar_token(db, found.key_hash)


def make(
    db: Session,
    key: str,
    change: CalendarChange,
    *,
    language: str,
    alarm: int | None,
    replaces: str | None,
    now: datetime,
) -> str:
    """Make a calendar and give its token; one that it replaces hands over all it holds, and ends.

    Raises what `find` raises about the one to be replaced, EndedCalendarError once the time is over, and
    FullCalendarError. Two that come at once with one key: IntegrityError, ask `made_before` again.
    """
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    old = _held(db, replaces, now) if replaces is not None else None
    key_hash = hash_of(key)
    token = calendar_token(db, key_hash)
    made = PersonalCalendar(
        key_hash=key_hash, token_hash=hash_of(token), language=language, alarm=alarm, created_at=now
    )
    db.add(made)
    db.flush()
    if old is not None:
        for table in (CalendarBookmark, CalendarMeeting):
            _add(db, made, table, frozenset(_held_in(db, old, table)))
        _end(db, old, now)
    _apply(db, made, change)
    return token


def find(db: Session, token: str, now: datetime) -> PersonalCalendar:
    """Give a calendar by its token. Raises UnknownCalendarError or EndedCalendarError."""
    return _live(db, db.exec(_by_token(token)).first(), now)


def change_calendar(
    db: Session, token: str, change: CalendarChange, now: datetime, **wishes: Any
) -> PersonalCalendar:
    """Change what a calendar holds, and its language or alarm where named; the same again changes nothing.

    Raises as `find`, or FullCalendarError.
    """
    found = _held(db, token, now)
    _apply(db, found, change)
    found.sqlmodel_update(wishes)
    db.add(found)
    return found


def end(db: Session, token: str, now: datetime) -> None:
    """Stop a calendar for ever; again is no error. Raises UnknownCalendarError."""
    found = db.exec(_by_token(token).with_for_update()).first()
    if found is None:
        raise UnknownCalendarError
    if found.ended_at is None:
        _end(db, found, now)


def kept(db: Session, given: PersonalCalendar) -> Kept:
    """Read what a calendar holds."""
    held = select(CalendarMeeting.refers_to).where(CalendarMeeting.calendar_id == given.id)
    meetings = [each for _, each in timed_meetings(db, col(MeetingRequest.token_hash).in_(held))]
    return Kept(given, sorted(_held_in(db, given, CalendarBookmark)), meetings)


def touched(db: Session, slugs: Iterable[str]) -> int:
    """Count the calendars that hold any of these events."""
    found = select(func.count(func.distinct(CalendarBookmark.calendar_id)))
    return db.exec(found.where(col(CalendarBookmark.refers_to).in_(list(slugs)))).one()


def has_due_end(db: Session, given: Conference, now: datetime) -> bool:
    """Whether the time of all addresses is over and something is still kept."""
    kept = (select(table.id).limit(1) for table in (PersonalCalendar, StaffCalendar))
    return now >= expires_at(given) and any(db.exec(each).first() for each in kept)


def end_due(db: Session, given: Conference, now: datetime) -> int:
    """Forget every calendar, staff's too, once its time is over; says how many.

    From then on any address answers 410.
    """
    if now < expires_at(given):
        return 0
    tables = (CalendarBookmark, CalendarMeeting, PersonalCalendar, StaffCalendar)
    *_, personal, staff = (db.exec(delete(table)).rowcount for table in tables)
    return personal + staff


def _by_token(token: str) -> SelectOfScalar[PersonalCalendar]:
    return select(PersonalCalendar).where(PersonalCalendar.token_hash == hash_of(token))


def _held(db: Session, token: str, now: datetime) -> PersonalCalendar:
    return _live(db, db.exec(_by_token(token).with_for_update()).first(), now)


def _live(db: Session, found: PersonalCalendar | None, now: datetime) -> PersonalCalendar:
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    if found is None:
        raise UnknownCalendarError
    if found.ended_at is not None:
        raise EndedCalendarError
    return found


def _end(db: Session, given: PersonalCalendar, now: datetime) -> None:
    for table in (CalendarBookmark, CalendarMeeting):
        db.exec(delete(table).where(col(table.calendar_id) == given.id))
    given.ended_at = now
    db.add(given)
    db.flush()


def _apply(db: Session, given: PersonalCalendar, change: CalendarChange) -> None:
    hashes = frozenset(map(hash_of, change.add_meetings))
    known = select(MeetingRequest.token_hash).where(col(MeetingRequest.token_hash).in_(hashes))
    _drop(db, given, CalendarBookmark, change.remove)
    _drop(db, given, CalendarMeeting, frozenset(map(hash_of, change.remove_meetings)))
    _add(db, given, CalendarBookmark, change.add)
    _add(db, given, CalendarMeeting, frozenset(db.exec(known).all()))


def _held_in(db: Session, given: PersonalCalendar, table: _Entry) -> set[str]:
    return set(db.exec(select(table.refers_to).where(table.calendar_id == given.id)).all())


def _drop(db: Session, given: PersonalCalendar, table: _Entry, values: frozenset[str]) -> None:
    theirs = col(table.calendar_id) == given.id
    db.exec(delete(table).where(theirs, col(table.refers_to).in_(values)))


def _add(db: Session, given: PersonalCalendar, table: _Entry, values: frozenset[str]) -> None:
    held = _held_in(db, given, table)
    if len(held | values) > MOST_ENTRIES:
        raise FullCalendarError
    db.add_all(table(calendar_id=given.id or 0, refers_to=each) for each in sorted(values - held))
    db.flush()
