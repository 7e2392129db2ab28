"""SEQUENCE and LAST-MODIFIED of events, moved at a release by what the public saw. For `release` only."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from copapp.domain.changes import SEQUENCE_FIELDS, changes
from copapp.domain.programme import Event as Released
from copapp.domain.programme import Programme
from copapp.models import Event, Release
from copapp.services.queries import draft_events
from copapp.services.released import latest_programme


def move_stamps(db: Session, draft: Programme, now: datetime) -> None:
    """Stamp the draft's events; `draft` is the programme as it would be released with their old stamps.

    SEQUENCE rises for exactly the events whose time, place or state changed (RFC 5546, 2.1.4), and for one
    that had vanished and returns: it never falls (RFC 5545, 3.8.7.4).
    """
    latest = latest_programme(db)
    before, after = _seen(latest) if latest else {}, _seen(draft)
    vanished = _vanished(db, after.keys() - before.keys())
    for event in draft_events(db):
        if event.slug in before:
            _stamp(event, before[event.slug], after[event.slug], now)
        else:
            event.sequence, event.updated_at = vanished.get(event.slug, -1) + 1, now


@dataclass(frozen=True)
class _Seen:
    """An event with its place as a calendar shows it; `site` is a slug."""

    event: Released
    site: str
    place: str

    @property
    def content(self) -> tuple[object, ...]:
        """Give all that is shown of it but the stamps: instants as they are written."""
        plain = replace(self.event, sequence=0, updated_at=self.event.starts)
        ends = plain.ends.isoformat() if plain.ends else ""
        return plain, plain.starts.isoformat(), ends, self.site, self.place


def _stamp(event: Event, before: _Seen, after: _Seen, now: datetime) -> None:
    differing = {change.field for change in changes(before.event, after.event)}
    has_moved = bool(SEQUENCE_FIELDS & differing) or before.site != after.site
    event.sequence = before.event.sequence + has_moved
    if before.content != after.content:
        event.updated_at = now


def _seen(programme: Programme) -> dict[str, _Seen]:
    return {
        slug: _Seen(event, programme.site_of(event.room), programme.where(event.room))
        for slug, event in programme.events_by_slug.items()
    }


def _vanished(db: Session, slugs: AbstractSet[str]) -> dict[str, int]:
    """Give the SEQUENCE that each of these events last went out with; one never released is absent."""
    found: dict[str, int] = {}
    if not slugs:
        return found
    for document in db.exec(select(Release.document).order_by(col(Release.number).desc())):
        for event in Programme.parse(document).events:
            if event.slug in slugs:
                found.setdefault(event.slug, event.sequence)
    return found
