"""The draft as staff's pages show it: plain texts, the venue's clock, and keys for words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copapp.domain.changes import TEXTS, Change, EventChange
from copapp.domain.folding import folded, words_of
from copapp.domain.hints import Hint
from copapp.domain.wall_clock import wall_end, wall_time
from copapp.models import Event, Release, Room, Site


@dataclass(frozen=True)
class DraftRow:
    """One event in the list: `day` is YYYY-MM-DD, `fate` "" where it is as released, `hints` are keys.

    `room` and `site` are names, `room_slug` is the room's key.
    """

    slug: str = ""
    version: int = 0
    title: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    room: str = ""
    room_slug: str = ""
    site: str = ""
    is_cancelled: bool = False
    fate: str = ""
    hints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DraftDay:
    """The events of one date that are shown; as a tab, `count` is how many there are."""

    day: str
    rows: list[DraftRow]
    count: int


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to: a date, a room's slug, words; "" for all of them."""

    day: str = ""
    room: str = ""
    words: str = ""

    def has(self, row: DraftRow) -> bool:
        """Whether an event is wanted, whatever its day."""
        text = folded(row.title, row.room, row.site)
        return self.room in {"", row.room_slug} and all(word in text for word in words_of(self.words))


@dataclass(frozen=True)
class EventFields:
    """An event as the form holds it: `ends` is "" where unknown, `ends_day` where the times tell it."""

    slug: str = ""
    version: int = 0
    title: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    ends_day: str = ""
    room: str = ""
    published: str = ""
    en: str = ""
    fr: str = ""
    es: str = ""
    ru: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class FieldChange:
    """One field, old and new in plain text; of long texts only that they differ is told, both are ""."""

    field: str
    was: str
    now: str


@dataclass(frozen=True)
class ChangeRow:
    """One event that a release would change."""

    slug: str
    title: str
    fate: str
    changes: list[FieldChange]


@dataclass(frozen=True)
class HintRow:
    """One hint: its kind is a key, `title` the event's, `other` what stands in its way."""

    kind: str
    slug: str
    title: str
    other: str
    person: str


@dataclass(frozen=True)
class ReleaseRow:
    """One release of the past; `by` is "" for the command line."""

    number: int
    released_at: str
    note: str
    by: str
    is_latest: bool


def event_fields(event: Event, room: str, zone: ZoneInfo) -> EventFields:
    """Fill the form with an event."""
    starts, ends = event.starts.astimezone(zone), event.ends.astimezone(zone) if event.ends else None
    texts = {language: event.descriptions.get(language, "") for language in ("en", "fr", "es", "ru")}
    return EventFields(
        event.slug,
        event.version,
        event.title,
        f"{starts:%Y-%m-%d}",
        f"{starts:%H:%M}",
        f"{ends:%H:%M}" if ends else "",
        _ends_day(event, zone),
        room,
        event.published,
        **texts,
        is_cancelled=event.status == "cancelled",
    )


def _ends_day(event: Event, zone: ZoneInfo) -> str:
    """Give the day of an end that its time alone does not tell."""
    if event.ends is None:
        return ""
    ends = wall_time(event.ends, zone)
    follows = wall_time(wall_end(event.starts, ends.time(), zone), zone)
    return "" if follows == ends else f"{ends:%Y-%m-%d}"


def differing_fields(
    screen: Mapping[str, Any], now: EventFields, rooms: Mapping[str, str]
) -> list[FieldChange]:
    """List what an event's form on a screen says otherwise than what is kept; `rooms` are names by slug."""
    kept = vars(now)
    return [
        FieldChange(name, _named(name, str(screen[name]), rooms), _named(name, str(kept[name]), rooms))
        for name in kept
        if name in screen and name not in {"slug", "version"} and str(screen[name]) != str(kept[name])
    ]


def _named(name: str, value: str, rooms: Mapping[str, str]) -> str:
    return rooms.get(value, value) if name == "room" else value


def draft_rows(
    events: list[Event],
    rooms: dict[int | None, tuple[Room, Site]],
    zone: ZoneInfo,
    changes: list[EventChange],
    hints: list[Hint],
) -> list[DraftRow]:
    """List the draft, each event with what is new and what to look at."""
    fates = {each.slug: str(each.fate) for each in changes}
    kinds: dict[str, set[str]] = {}
    for hint in hints:
        for slug in (hint.event, hint.other):
            kinds.setdefault(slug, set()).add(str(hint.kind))
    return [
        _draft_row(each, *rooms[each.room_id], zone, fates.get(each.slug, ""), kinds.get(each.slug, set()))
        for each in events
    ]


def _draft_row(event: Event, room: Room, site: Site, zone: ZoneInfo, fate: str, kinds: set[str]) -> DraftRow:
    fields = event_fields(event, room.slug, zone)
    return DraftRow(
        fields.slug,
        fields.version,
        fields.title,
        fields.day,
        fields.starts,
        fields.ends,
        room.name,
        room.slug,
        site.name,
        fields.is_cancelled,
        fate,
        sorted(kinds),
    )


def draft_days(rows: list[DraftRow], wanted: Wanted, most: int) -> list[DraftDay]:
    """List each day with the rows that are wanted of it, `most` in all; `count` leaves none out."""
    days: dict[str, list[DraftRow]] = {row.day: [] for row in rows}
    for row in filter(wanted.has, rows):
        days[row.day].append(row)
    made = []
    for day, found in sorted(days.items()):
        shown = found[:most] if wanted.day in {"", day} else []
        most -= len(shown)
        made.append(DraftDay(day, shown, len(found)))
    return made


def conference_change(given: Change) -> FieldChange:
    """Present one setting that a release would change."""
    if isinstance(given.is_, list | dict):
        return FieldChange(given.field, "", "")
    return FieldChange(given.field, str(given.was or "–"), str(given.is_ or "–"))


def change_row(given: EventChange, rooms: dict[str, str]) -> ChangeRow:
    """Present one change of a release to come; `rooms` are names by slug."""
    return ChangeRow(
        given.slug, given.title, str(given.fate), [_field_change(each, rooms) for each in given.changes]
    )


def _field_change(given: Change, rooms: dict[str, str]) -> FieldChange:
    if given.field in TEXTS:
        return FieldChange(given.field, "", "")
    return FieldChange(
        given.field, _plain(given.field, given.was, rooms), _plain(given.field, given.is_, rooms)
    )


def _plain(name: str, value: Any, rooms: dict[str, str]) -> str:
    if value is None:
        return "–"
    if name in {"starts", "ends"}:
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    return rooms.get(value, value) if name == "room" else str(value)


def hint_row(given: Hint, titles: dict[str, str]) -> HintRow:
    """Present one hint; `titles` are the draft's, by slug."""
    return HintRow(
        str(given.kind), given.event, titles[given.event], titles.get(given.other, ""), given.person
    )


def release_row(given: Release, by: str, zone: ZoneInfo, *, is_latest: bool) -> ReleaseRow:
    """Present one release."""
    at = given.released_at.astimezone(zone).isoformat(timespec="seconds")
    return ReleaseRow(given.number, at, given.note, by, is_latest)
