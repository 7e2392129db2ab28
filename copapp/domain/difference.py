"""What an import would change: events of a file beside those that are known. Nothing is applied here."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from copapp.domain.alike import likeness, place_form, title_form, written_form
from copapp.domain.imported import ImportedEvent, guid

# Titles that share this much of their words are one event that was renamed.
_ALIKE = 0.5
# Beyond so many pairs in one room on one day, titles are no longer compared word by word.
_PAIRS = 40_000


@dataclass(frozen=True)
class Known:
    """An event of the draft; `key` is what an earlier import called it, rooms and sites are names."""

    slug: str
    uid: str
    title: str
    starts: datetime
    ends: datetime | None
    room: str
    site: str = ""
    key: str | None = None
    is_cancelled: bool = False
    descriptions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldChange:
    """One field: title, starts, ends, room as (room, site), status, or `descriptions.<language>`."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Pair:
    """A known event and what the file says of it."""

    known: Known
    imported: ImportedEvent
    changes: list[FieldChange]


@dataclass(frozen=True)
class Difference:
    """All of it: an event of the file is added, changed or the same; `removed` ones are known and not in it.

    A cancelled event that the file does not name is not `removed`: that it is off is known already.
    """

    added: list[ImportedEvent]
    changed: list[Pair]
    removed: list[Known]
    same: list[Pair]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def difference(known: list[Known], imported: list[ImportedEvent], zone: tzinfo) -> Difference:
    """Compare; the order of either list changes nothing but the order within the answer.

    Days are those of `zone`, the venue's.
    """
    matched = _Matching(known, imported, zone).pairs()
    pairs = [Pair(old, new, _changes(old, new)) for old, new in matched]
    paired = {id(pair.known) for pair in pairs}, {id(pair.imported) for pair in pairs}
    return Difference(
        added=[event for event in imported if id(event) not in paired[1]],
        changed=[pair for pair in pairs if pair.changes],
        removed=[event for event in known if id(event) not in paired[0] and not event.is_cancelled],
        same=[pair for pair in pairs if not pair.changes],
    )


class _Matching:
    """Pairs events from the surest ground to the weakest, each at most once."""

    def __init__(self, known: list[Known], imported: list[ImportedEvent], zone: tzinfo) -> None:
        self.zone = zone
        self.known = sorted(known, key=lambda event: (event.starts, event.slug))
        self.imported = sorted(imported, key=_order)
        self.found: dict[int, tuple[Known, ImportedEvent]] = {}
        self.taken: set[int] = set()

    def pairs(self) -> list[tuple[Known, ImportedEvent]]:
        self._by_key()
        self._by(lambda event: (title_form(event.title), event.starts, place_form(event.room)))
        self._by(lambda event: (title_form(event.title), event.starts))
        self._by(lambda event: title_form(event.title))
        self._by(lambda event: (event.starts, place_form(event.room)), may=_may_be_renamed)
        self._by_likeness()
        return [self.found[id(event)] for event in self.known if id(event) in self.found]

    def _by_key(self) -> None:
        keys = {event.key: event for event in self.imported if event.key}
        # What an import called an event is surer than the names that it has here.
        for old in self.known:
            self._take((old, keys[name]) for name in [old.key] if name in keys)
        for old in self.known:
            self._take((old, keys[name]) for name in (old.uid, guid(old.uid), old.slug) if name in keys)

    def _by(
        self,
        ground: Callable[[Known | ImportedEvent], Hashable],
        may: Callable[[Known, ImportedEvent], bool] = lambda _old, _new: True,
    ) -> None:
        """Pair those that share this ground; of several the nearest in time."""
        for olds, news in self._groups(ground):
            if len(olds) * len(news) > _PAIRS:
                continue
            near = sorted(
                ((abs(old.starts - new.starts), place_form(old.room) != place_form(new.room)), i, j)
                for i, old in enumerate(olds)
                for j, new in enumerate(news)
                if may(old, new)
            )
            self._take((olds[i], news[j]) for _, i, j in near)

    def _by_likeness(self) -> None:
        for olds, news in self._groups(
            lambda event: (event.starts.astimezone(self.zone).date(), place_form(event.room))
        ):
            if len(olds) * len(news) > _PAIRS:
                continue
            alike = sorted(
                (-likeness(old.title, new.title), abs(old.starts - new.starts), i, j)
                for i, old in enumerate(olds)
                for j, new in enumerate(news)
            )
            self._take((olds[i], news[j]) for score, _, i, j in alike if -score >= _ALIKE)

    def _groups(
        self, ground: Callable[[Known | ImportedEvent], Hashable]
    ) -> Iterator[tuple[list[Known], list[ImportedEvent]]]:
        olds: dict[Hashable, list[Known]] = {}
        for old in self.known:
            if id(old) not in self.found:
                olds.setdefault(ground(old), []).append(old)
        news: dict[Hashable, list[ImportedEvent]] = {}
        for new in self.imported:
            if id(new) not in self.taken:
                news.setdefault(ground(new), []).append(new)
        for shared, group in olds.items():
            if shared in news:
                yield group, news[shared]

    def _take(self, candidates: Iterable[tuple[Known, ImportedEvent]]) -> None:
        for old, new in candidates:
            if id(old) not in self.found and id(new) not in self.taken:
                self._pair(old, new)

    def _pair(self, old: Known, new: ImportedEvent) -> None:
        self.found[id(old)] = old, new
        self.taken.add(id(new))


def _order(event: ImportedEvent) -> tuple[Any, ...]:
    ends = event.ends.isoformat() if event.ends else ""
    return event.starts, event.title, event.room, event.site, ends, event.key or "", event.where


def _may_be_renamed(old: Known, new: ImportedEvent) -> bool:
    """Say whether an event in the same room at the same time is the same one under another title."""
    if not place_form(new.room):
        return False
    its_key_changed = old.key is not None and new.key is not None
    return not its_key_changed or likeness(old.title, new.title) >= _ALIKE


def _changes(old: Known, new: ImportedEvent) -> list[FieldChange]:
    found = []
    if written_form(old.title) != written_form(new.title):
        found.append(FieldChange("title", old.title, new.title))
    if old.starts != new.starts:
        found.append(FieldChange("starts", old.starts, new.starts))
    if old.ends != new.ends:
        found.append(FieldChange("ends", old.ends, new.ends))
    if _is_elsewhere(old, new):
        found.append(FieldChange("room", (old.room, old.site), (new.room, new.site)))
    if old.is_cancelled != new.is_cancelled:
        found.append(FieldChange("status", _status(old), _status(new)))
    for language, text in sorted(new.descriptions.items()):
        before = old.descriptions.get(language, "")
        if written_form(before) != written_form(text):
            found.append(FieldChange(f"descriptions.{language}", before, text))
    return found


def _is_elsewhere(old: Known, new: ImportedEvent) -> bool:
    if not place_form(new.room):
        return False
    if place_form(old.room) != place_form(new.room):
        return True
    return bool(old.site and new.site) and place_form(old.site) != place_form(new.site)


def _status(event: Known | ImportedEvent) -> str:
    return "cancelled" if event.is_cancelled else "confirmed"
