"""What changed from release to release, as `GET /api/v1/changes` and the feed tell it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from copapp.domain.changes import TEXTS, Change, EventChange, EventFate, programme_changes
from copapp.presenters.programme import plain_names, where


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


def changelog_shape(documents: Iterable[tuple[str, int | None]]) -> ChangelogShape:
    """Present releases, the oldest first: each document as stored, with the number that it restores."""
    given = [(json.loads(document), restores) for document, restores in documents]
    firsts = [_release(None, *given[0])] if given else []
    later = [_release(before, after, restores) for (before, _), (after, restores) in pairwise(given)]
    return ChangelogShape([*firsts, *later][::-1])


def _release(
    before: dict[str, Any] | None, after: dict[str, Any], restores: int | None
) -> ReleaseChangesShape:
    release = after["release"]
    found = programme_changes(before, after) if before else []
    events = [_event(each, before or after, after) for each in found]
    return ReleaseChangesShape(release["number"], release["released_at"], release["note"], restores, events)


def _event(given: EventChange, before: dict[str, Any], after: dict[str, Any]) -> EventChangeShape:
    changes = [_change(each, given.slug, before, after) for each in given.changes]
    return EventChangeShape(given.slug, given.title, given.fate, changes)


def _change(given: Change, slug: str, before: dict[str, Any], after: dict[str, Any]) -> ChangeShape:
    if given.field in TEXTS:
        return ChangeShape(given.field, None, None)
    if given.field == "room":
        return ChangeShape("room", _place(before, slug), _place(after, slug))
    return ChangeShape(given.field, given.was, given.is_)


def _place(programme: dict[str, Any], slug: str) -> str:
    return where(programme, next(each for each in programme["events"] if each["slug"] == slug))
