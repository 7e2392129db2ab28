"""What changed from release to release, as `GET /api/v1/changes` and the feed tell it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from copapp.domain.changes import TEXTS, Change, EventChange, EventFate, programme_changes
from copapp.domain.programme import Programme
from copapp.presenters.programme import plain_names


@dataclass(frozen=True)
class ChangeShape:
    """One field, old to new: instants as ISO 8601, a room as "room, site"; long texts are left out."""

    field: str
    was: str | None
    is_: Annotated[str | None, Field(alias="is")]


@dataclass(frozen=True)
class EventChangeShape:
    """What became of one event; `changes` is empty where it was added or removed."""

    slug: str
    title: str
    fate: EventFate
    changes: list[ChangeShape]


@dataclass(frozen=True)
class ReleaseChangesShape:
    """One release beside the one before it; `restores` is the number of the one that it brings back."""

    number: int
    released_at: str
    note: str
    restores: int | None
    events: list[EventChangeShape]


@dataclass(frozen=True)
class ChangelogShape:
    """Every release, the newest first."""

    releases: list[ReleaseChangesShape]

    def document(self) -> str:
        """Write the JSON that is served as it is."""
        return json.dumps(asdict(self, dict_factory=plain_names), ensure_ascii=False, separators=(",", ":"))


def changelog_shape(releases: Iterable[tuple[Programme, int | None]]) -> ChangelogShape:
    """Present releases, the oldest first, each with the number that it restores."""
    given = list(releases)
    firsts = [_release(None, *given[0])] if given else []
    later = [_release(before, after, restores) for (before, _), (after, restores) in pairwise(given)]
    return ChangelogShape([*firsts, *later][::-1])


def _release(before: Programme | None, after: Programme, restores: int | None) -> ReleaseChangesShape:
    release = after.release
    released_at = release.released_at.isoformat(timespec="seconds") if release.released_at else ""
    found = programme_changes(before, after) if before else []
    events = [_event(each, before or after, after) for each in found]
    return ReleaseChangesShape(release.number, released_at, release.note, restores, events)


def _event(given: EventChange, before: Programme, after: Programme) -> EventChangeShape:
    changes = [_change(each, given.slug, before, after) for each in given.changes]
    return EventChangeShape(given.slug, given.title, given.fate, changes)


def _change(given: Change, slug: str, before: Programme, after: Programme) -> ChangeShape:
    if given.field in TEXTS:
        return ChangeShape(given.field, None, None)
    if given.field == "room":
        return ChangeShape("room", _place(before, slug), _place(after, slug))
    return ChangeShape(given.field, given.was, given.is_)


def _place(programme: Programme, slug: str) -> str:
    return programme.where(programme.events_by_slug[slug].room)
