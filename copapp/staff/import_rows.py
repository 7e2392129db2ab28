"""What an import's page shows of each event and of what was left out, in plain text at the venue's time."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from copapp.domain.difference import FieldChange, Known, Pair
from copapp.domain.imported import ImportedEvent, Skipped
from copapp.presenters.imported import plain_place, plain_value, plain_when

# "day 2, Hall B, item 3", "Sheet 1, row 4", "line 5": what readers say of where something stands.
_WHERE = re.compile(r"(?:day (\d+)(?:, |$))?(?:(.*), )?(?:(line|entry|item|row|event) (.*))?")


@dataclass(frozen=True)
class FieldRow:
    """One field that would be another, in plain text; `language` of a description, else ""."""

    field: str
    language: str
    was: str
    now: str


@dataclass(frozen=True)
class ImportRow:
    """One event: its title, when and where in plain text; `slug` "" for a new one."""

    key: str
    slug: str
    title: str
    when: str
    place: str
    changes: list[FieldRow]
    is_picked: bool = False


@dataclass(frozen=True)
class SkippedRow:
    """What was left out: where it stands in the file, in parts, the key of why, and what is meant."""

    key: str
    day: str
    place: str
    kind: str
    number: str
    code: str
    about: str


def added_row(event: ImportedEvent, zone: ZoneInfo) -> ImportRow:
    """Write an event that is new to the draft."""
    return ImportRow(
        event.where,
        "",
        event.title,
        plain_when(event.starts, event.ends, zone),
        plain_place(event.room, event.site),
        [],
    )


def changed_row(pair: Pair, zone: ZoneInfo) -> ImportRow:
    """Write an event that is known, with what would be another."""
    known, lines = pair.known, [_line(each, zone) for each in pair.changes]
    return ImportRow(
        known.slug,
        known.slug,
        known.title,
        plain_when(known.starts, known.ends, zone),
        plain_place(known.room, known.site),
        lines,
    )


def known_row(event: Known, zone: ZoneInfo, is_picked: bool) -> ImportRow:  # noqa: FBT001 - a row's own field
    """Write an event that the file lacks."""
    when, place = plain_when(event.starts, event.ends, zone), plain_place(event.room, event.site)
    return ImportRow(event.slug, event.slug, event.title, when, place, [], is_picked)


def picked_row(row: ImportRow, is_picked: bool) -> ImportRow:  # noqa: FBT001 - see known_row
    """Write the same row, picked or not."""
    return ImportRow(row.key, row.slug, row.title, row.when, row.place, row.changes, is_picked)


def skipped_row(number: int, given: Skipped) -> SkippedRow:
    """Take apart where it stands, so that the page can say it in the reader's language."""
    found = _WHERE.fullmatch(given.where)
    day, place, kind, at = found.groups("") if found else ("", given.where, "", "")
    return SkippedRow(str(number), day, place, kind, at, str(given.code), given.about)


def _line(change: FieldChange, zone: ZoneInfo) -> FieldRow:
    field, _, language = change.field.partition(".")
    return FieldRow(field, language, plain_value(change.old, zone), plain_value(change.new, zone))
