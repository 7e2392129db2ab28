"""Keeps personal calendars: what somebody saved, behind a secret address that says nothing of them."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
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
    Event,
    MeetingRequest,
    PersonalCalendar,
    StaffCalendar,
)
from copapp.services import calendar_room
from copapp.services.released import slugs_released
from copapp.services.slots import midnight, the_conference
from copapp.services.timed_meetings import timed_meetings
from copapp.services.tokens import calendar_token, hash_of

KEPT_FOR = timedelta(days=30)
MOST_ENTRIES = 200

_Entry = type[CalendarBookmark] | type[CalendarMeeting]
_ENTRIES: tuple[_Entry, _Entry] = CalendarBookmark, CalendarMeeting


class UnknownCalendarError(LookupError):
    """No calendar has that address."""


class EndedCalendarError(LookupError):
    """The calendar was stopped or replaced, or its time is over."""


class FullCalendarError(ValueError):
    """A calendar holds at most MOST_ENTRIES events, and as many meetings."""


@dataclass(frozen=True)
class CalendarChange:
    """What is to change: slugs of events, tokens of requests. What is there already, or gone, is no error.

    What never was an event or a request is left out.
    """

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

    Raises what `find` raises about the one to be replaced, EndedCalendarError once the time is over,
    NoRoomError and FullCalendarError. Two at once with one key: IntegrityError, ask `made_before` again.
    """
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    calendar_room.check_disk()
    old = _held(db, replaces, now) if replaces is not None else None
    key_hash = hash_of(key)
    token = calendar_token(db, key_hash)
    made = PersonalCalendar(
        key_hash=key_hash, token_hash=hash_of(token), language=language, alarm=alarm, created_at=now
    )
    db.add(made)
    db.flush()
    if old is not None:
        for table in _ENTRIES:
            _write(db, made, table, _held_in(db, old, table))
        _end(db, old, now)
    calendar_room.keep_to_the_cap(db, made)
    _apply(db, made, _effect(db, made, change))
    return token


def find(db: Session, token: str, now: datetime) -> PersonalCalendar:
    """Give a calendar by its token. Raises UnknownCalendarError or EndedCalendarError."""
    return _live(db, db.exec(_by_token(token)).first(), now)


def change_calendar(
    db: Session, token: str, change: CalendarChange, now: datetime, check: Callable[[], None], **wishes: Any
) -> PersonalCalendar:
    """Change what a calendar holds, and its language or alarm where named; the same again writes nothing.

    `check` counts what does change something, or refuses it by raising. Raises as `find`, or
    FullCalendarError.
    """
    found = find(db, token, now)
    effect = _effect(db, found, change)
    if effect == CalendarChange() and all(getattr(found, name) == each for name, each in wishes.items()):
        return found
    check()  # before the calendar is held, as who makes one counts first: else each waits for the other
    found = _held(db, token, now)
    _apply(db, found, _effect(db, found, change))
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
    latest = _by_token(token).with_for_update().execution_options(populate_existing=True)
    return _live(db, db.exec(latest).first(), now)


def _live(db: Session, found: PersonalCalendar | None, now: datetime) -> PersonalCalendar:
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    if found is None:
        raise UnknownCalendarError
    if found.ended_at is not None:
        raise EndedCalendarError
    return found


def _end(db: Session, given: PersonalCalendar, now: datetime) -> None:
    for table in _ENTRIES:
        db.exec(delete(table).where(col(table.calendar_id) == given.id))
    given.ended_at = now
    db.add(given)
    db.flush()


def _effect(db: Session, given: PersonalCalendar, change: CalendarChange) -> CalendarChange:
    """Give what of a change has an effect, its requests by their hashes."""
    events, meetings = (_held_in(db, given, table) for table in _ENTRIES)
    asked, gone = (frozenset(map(hash_of, each)) for each in (change.add_meetings, change.remove_meetings))
    remove, remove_meetings = change.remove & events, gone & meetings
    return CalendarChange(
        add=_known_events(db, change.add - (events - remove)),
        remove=remove,
        add_meetings=_known_requests(db, asked - (meetings - remove_meetings)),
        remove_meetings=remove_meetings,
    )


def _apply(db: Session, given: PersonalCalendar, effect: CalendarChange) -> None:
    for table, added, removed in (
        (CalendarBookmark, effect.add, effect.remove),
        (CalendarMeeting, effect.add_meetings, effect.remove_meetings),
    ):
        theirs = col(table.calendar_id) == given.id
        db.exec(delete(table).where(theirs, col(table.refers_to).in_(removed)))
        if added and len(_held_in(db, given, table) | added) > MOST_ENTRIES:
            raise FullCalendarError
        _write(db, given, table, added)


def _known_requests(db: Session, hashes: frozenset[str]) -> frozenset[str]:
    known = select(MeetingRequest.token_hash).where(col(MeetingRequest.token_hash).in_(hashes))
    return frozenset(db.exec(known).all()) if hashes else hashes


def _known_events(db: Session, slugs: frozenset[str]) -> frozenset[str]:
    """Leave out what was in no release and no draft; an event that was withdrawn long ago stays."""
    drafted = db.exec(select(Event.slug).where(col(Event.slug).in_(slugs))).all() if slugs else ()
    left = slugs - set(drafted)
    for released in slugs_released(db) if left else ():
        left -= released
    return slugs - left


def _held_in(db: Session, given: PersonalCalendar, table: _Entry) -> set[str]:
    return set(db.exec(select(table.refers_to).where(table.calendar_id == given.id)).all())


def _write(db: Session, given: PersonalCalendar, table: _Entry, values: AbstractSet[str]) -> None:
    db.add_all(table(calendar_id=given.id or 0, refers_to=each) for each in sorted(values))
    db.flush()
