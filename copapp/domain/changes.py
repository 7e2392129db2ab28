"""What differs between two states of an event. Twin: `changes` in copapp/offline/store/rules.js."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

FIELDS = ("title", "room", "starts", "ends", "status")
TEXTS = ("published", "descriptions", "source")
_INSTANTS = {"starts", "ends"}

# RFC 5546, 2.1.4: SEQUENCE rises when one of these differs.
SEQUENCE_FIELDS = {"room", "starts", "ends", "status"}


@dataclass(frozen=True)
class Change:
    """One field, old to new."""

    field: str
    was: Any
    is_: Any


def _comparable(field: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if field in _INSTANTS and value is not None else value


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """List the differing fields of two events in the public shape; instants compare as instants."""
    return [
        Change(field, before[field], after[field])
        for field in FIELDS
        if _comparable(field, before[field]) != _comparable(field, after[field])
    ]


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


def programme_changes(before: dict[str, Any], after: dict[str, Any]) -> list[EventChange]:
    """List what differs between two programmes in the public shape, by time, removed ones last."""
    old = {each["slug"]: each for each in before["events"]}
    new = {each["slug"]: each for each in after["events"]}
    found = []
    for slug, event in new.items():
        if slug not in old:
            found.append(EventChange(slug, event["title"], EventFate.ADDED, []))
        elif differing := _all_changes(old[slug], event):
            found.append(EventChange(slug, event["title"], EventFate.CHANGED, differing))
    gone = [EventChange(slug, old[slug]["title"], EventFate.REMOVED, []) for slug in old.keys() - new.keys()]
    return found + sorted(gone, key=lambda each: each.slug)


def conference_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """List what differs of the conference itself between two programmes in the public shape."""
    old, new = before.get("conference", {}), after["conference"]
    return [Change(field, old.get(field), value) for field, value in new.items() if old.get(field) != value]


def _all_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    texts = [Change(field, before[field], after[field]) for field in TEXTS if before[field] != after[field]]
    return changes(before, after) + texts
