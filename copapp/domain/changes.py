"""What differs between two states of an event. Twin: `changes` in copapp/offline/store/rules.js."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from copapp.domain.programme import Conference, Event, Programme

FIELDS = ("title", "room", "starts", "ends", "status")
TEXTS = ("published", "descriptions", "source")

# RFC 5546, 2.1.4: SEQUENCE rises when one of these differs.
SEQUENCE_FIELDS = {"room", "starts", "ends", "status"}


@dataclass(frozen=True)
class Change:
    """One field, old to new, as the document has it."""

    field: str
    was: Any
    is_: Any


def changes(before: Event, after: Event) -> list[Change]:
    """List the differing fields of two events; instants compare as instants."""
    return _differing(before, after, FIELDS)


class EventFate(StrEnum):
    """What happened to an event between two states of a programme."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class EventChange:
    """One event that differs: what became of it, and which fields, old to new (none if added or removed)."""

    slug: str
    title: str
    fate: EventFate
    changes: list[Change]


def programme_changes(before: Programme | None, after: Programme) -> list[EventChange]:
    """List the events that differ between two programmes, by time, removed ones last."""
    old, new = before.events_by_slug if before else {}, after.events_by_slug
    found = []
    for slug, event in new.items():
        if slug not in old:
            found.append(EventChange(slug, event.title, EventFate.ADDED, []))
        elif differing := _differing(old[slug], event, (*FIELDS, *TEXTS)):
            found.append(EventChange(slug, event.title, EventFate.CHANGED, differing))
    gone = [EventChange(slug, old[slug].title, EventFate.REMOVED, []) for slug in old.keys() - new.keys()]
    return found + sorted(gone, key=lambda each: each.slug)


def conference_changes(before: Conference, after: Conference) -> list[Change]:
    """List what differs of the conference itself."""
    return _differing(before, after, [each.name for each in fields(Conference)])


def _differing(before: Any, after: Any, names: Iterable[str]) -> list[Change]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return [Change(name, _public(was), _public(is_)) for name, was, is_ in pairs if was != is_]


def _public(value: Any) -> Any:
    """Give a value as the document has it: instants and dates as ISO 8601, several as a list."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
