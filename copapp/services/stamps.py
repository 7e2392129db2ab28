"""SEQUENCE and LAST-MODIFIED of events, moved at a release by what the public saw. For `release` only."""

import json
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from copapp.domain.changes import SEQUENCE_FIELDS, changes
from copapp.models import Event, Release
from copapp.services.queries import draft_events, latest_release

_STAMPS = {"sequence", "updated_at"}


def move_stamps(db: Session, draft: str, now: datetime) -> None:
    """Stamp the draft's events; `draft` is the document as it would be released with their old stamps.

    SEQUENCE rises for exactly the events whose time, place or state changed (RFC 5546, 2.1.4), and for one
    that had vanished and returns: it never falls (RFC 5545, 3.8.7.4).
    """
    latest = latest_release(db)
    before, after = _seen(latest.document) if latest else {}, _seen(draft)
    vanished = _vanished(db, after.keys() - before.keys())
    for event in draft_events(db):
        if event.slug in before:
            _stamp(event, before[event.slug], after[event.slug], now)
        else:
            event.sequence, event.updated_at = vanished.get(event.slug, -1) + 1, now


def _stamp(event: Event, before: dict[str, Any], after: dict[str, Any], now: datetime) -> None:
    differing = {change.field for change in changes(before, after)}
    has_moved = bool(SEQUENCE_FIELDS & differing) or before["site"] != after["site"]
    event.sequence = before["sequence"] + has_moved
    if _content(before) != _content(after):
        event.updated_at = now


def _seen(document: str) -> dict[str, dict[str, Any]]:
    """List a document's events by slug, each with its place spelt out as a calendar shows it."""
    programme = json.loads(document)
    rooms = {each["slug"]: each for each in programme["rooms"]}
    sites = {each["slug"]: each for each in programme["sites"]}
    return {
        event["slug"]: event
        | {
            "site": rooms[event["room"]]["site"],
            "place": [rooms[event["room"]]["name"], sites[rooms[event["room"]]["site"]]["name"]],
        }
        for event in programme["events"]
    }


def _vanished(db: Session, slugs: AbstractSet[str]) -> dict[str, int]:
    """Give the SEQUENCE that each of these events last went out with; one never released is absent."""
    found: dict[str, int] = {}
    if not slugs:
        return found
    for document in db.exec(select(Release.document).order_by(col(Release.number).desc())):
        for event in json.loads(document)["events"]:
            if event["slug"] in slugs:
                found.setdefault(event["slug"], event["sequence"])
    return found


def _content(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in _STAMPS}
