"""What staff do to the draft. Each act names the version it saw: nobody overwrites what he has not seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from copapp.domain.event_form import EventForm, FormProblem, problems, slug_of, tidy
from copapp.domain.wall_clock import wall_shift
from copapp.models import AuditEntry, Event, EventStatus, Room, StaffMember
from copapp.services import audit
from copapp.services.moves import require_active
from copapp.services.programme import event_uid
from copapp.services.release import hold_draft
from copapp.services.released import slugs_released
from copapp.services.slots import the_conference


class EventFormError(ValueError):
    """A form that cannot be kept; `problems` name fields and codes."""

    def __init__(self, found: list[FormProblem]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.code}" for each in found))
        self.problems = found


class ChangedMeanwhileError(RuntimeError):
    """Somebody else changed or removed events meanwhile; `slugs` names them. Nothing was written."""

    def __init__(self, slugs: list[str]) -> None:
        super().__init__(", ".join(slugs))
        self.slugs = slugs


Seen = Mapping[str, int]
"""Events by slug, each with the version that was on the screen."""


@dataclass(frozen=True)
class Batch:
    """What is done to several events at once: moved (on the clock), to a room, cancelled, restored."""

    minutes: int = 0
    room: str = ""
    status: EventStatus | None = None


def add_event(db: Session, by: StaffMember, form: EventForm, now: datetime) -> Event:
    """Add an event. Raises NotAllowedError, EventFormError."""
    _begin(db, by)
    values = _values(db, form)
    conference = the_conference(db)
    slug = slug_of(form.title, slugs_ever(db))
    uid = event_uid(conference.slug, slug)
    born: dict[str, Any] = {"uid": uid, "updated_at": now, "version": first_version(db)}
    made = Event(conference_id=conference.id or 0, slug=slug, **born, **values)
    db.add(made)
    db.flush()
    audit.note(db, by, "add", slug, now, title=("", made.title))
    return made


def change_event(
    db: Session, by: StaffMember, slug: str, version: int, form: EventForm, now: datetime
) -> Event:
    """Write a form over an event. No-op if it says the same. Raises as `add_event`, ChangedMeanwhileError."""
    _begin(db, by)
    values = _values(db, form)
    [event] = seen_events(db, {slug: version})
    _write(db, by, event, values, now, "change")
    return event


def change_several(db: Session, by: StaffMember, seen: Seen, batch: Batch, now: datetime) -> list[Event]:
    """Do one thing to several events, all or none. Raises as `change_event`."""
    _begin(db, by)
    events = seen_events(db, seen)
    for event in events:
        form = _form_of(db, event, batch)
        values = _values(db, form) | ({"status": batch.status} if batch.status else {})
        _write(db, by, event, values, now, _act(batch))
    return events


def remove_events(db: Session, by: StaffMember, seen: Seen, now: datetime) -> None:
    """Take events out of the draft; with the next release they vanish. Raises as `change_several`."""
    _begin(db, by)
    for event in seen_events(db, seen):
        audit.note(db, by, "remove", event.slug, now, title=(event.title, ""))
        db.delete(event)
    db.flush()


def duplicate_event(db: Session, by: StaffMember, slug: str, version: int, now: datetime) -> Event:
    """Add the same event once more, to be changed. Raises as `change_event`."""
    _begin(db, by)
    [event] = seen_events(db, {slug: version})
    return add_event(db, by, _form_of(db, event, Batch()), now)


def seen_events(db: Session, seen: Seen) -> list[Event]:
    """Give the events as they were seen. Raises ChangedMeanwhileError."""
    wanted = select(Event).where(col(Event.slug).in_(seen)).order_by(col(Event.id))
    found = {event.slug: event for event in db.exec(wanted)}
    changed = [slug for slug, version in seen.items() if slug not in found or found[slug].version != version]
    if changed:
        raise ChangedMeanwhileError(changed)
    return list(found.values())


def last_changed_by(db: Session, slug: str) -> str:
    """Name who of us changed an event of the draft last; "" for the command line, or nobody."""
    last = select(StaffMember.name).join(AuditEntry)
    last = last.where(AuditEntry.subject == slug, col(AuditEntry.act).in_(audit.KINDS["programme"]))
    return db.exec(last.order_by(col(AuditEntry.id).desc())).first() or ""


def _begin(db: Session, by: StaffMember) -> None:
    require_active(db, by.id)
    hold_draft(db, the_conference(db))


def _values(db: Session, form: EventForm) -> dict[str, Any]:
    form = tidy(form)
    rooms = {room.slug: room.id for room in db.exec(select(Room))}
    if found := problems(form, rooms):
        raise EventFormError(found)
    return {
        "room_id": rooms[form.room],
        "title": form.title,
        "starts": form.starts.astimezone(UTC),
        "ends": form.ends.astimezone(UTC) if form.ends else None,
        "published": form.published,
        "descriptions": form.descriptions,
    }


def _form_of(db: Session, event: Event, batch: Batch) -> EventForm:
    by, zone = timedelta(minutes=batch.minutes), ZoneInfo(the_conference(db).timezone)
    room = batch.room or db.exec(select(Room.slug).where(Room.id == event.room_id)).one()
    starts = wall_shift(event.starts, by, zone)
    ends = wall_shift(event.ends, by, zone) if event.ends else None
    return EventForm(event.title, starts, ends, room, event.published, event.descriptions)


def _write(
    db: Session, by: StaffMember, event: Event, values: dict[str, Any], now: datetime, act: str
) -> None:
    before = {name: getattr(event, name) for name in values}
    differing = {name: (before[name], value) for name, value in values.items() if before[name] != value}
    if not differing:
        return
    for name, (_, value) in differing.items():
        setattr(event, name, value)
    event.version += 1
    db.add(event)
    db.flush()
    audit.note(db, by, act, event.slug, now, **{name: _plain(*pair) for name, pair in differing.items()})


def _plain(was: Any, is_: Any) -> tuple[Any, Any]:
    """Give two values as JSON holds them."""
    return json.loads(json.dumps(was, default=str)), json.loads(json.dumps(is_, default=str))


def _act(batch: Batch) -> str:
    acts = {EventStatus.CANCELLED: "cancel", EventStatus.CONFIRMED: "restore", None: "change"}
    return acts[batch.status]


def first_version(db: Session) -> int:
    """Give a version that no event had before: a form of one that went never fits one that comes."""
    return (db.exec(select(func.max(AuditEntry.id))).one() or 0) + 1


def slugs_ever(db: Session) -> set[str]:
    """Name every slug that is or was: a link is for ever, and never leads to another event."""
    return set(db.exec(select(Event.slug))).union(*slugs_released(db))
