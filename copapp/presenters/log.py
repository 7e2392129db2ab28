"""What staff did, as the log shows it: keys for words, plain texts, the venue's clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copapp.models import AuditEntry
from copapp.models.audit import BY_NOBODY

LONGEST = 160
_NOTHING = "–"
_WORDS = ("confirmed", "cancelled", "member", "coordinator")


@dataclass(frozen=True)
class LogField:
    """One field, old and new; `detail` narrows the field (a language).

    `is_word`: both are keys of words; `is_setting`: the field is one of the conference's settings.
    """

    field: str
    detail: str
    was: str
    now: str
    is_word: bool = False
    is_setting: bool = False


@dataclass(frozen=True)
class LogRow:
    """One act; `subject` is a name as people know it, `by` "" for the command line, or for nobody."""

    id: int
    at: str
    by: str
    act: str
    subject: str
    fields: list[LogField]
    is_by_nobody: bool = False


@dataclass(frozen=True)
class LogNames:
    """Names by slug (`subjects`) and the rooms' by number."""

    subjects: dict[str, str]
    rooms: dict[int, str]
    zone: ZoneInfo


def log_row(given: AuditEntry, by: str, names: LogNames) -> LogRow:
    """Present one act."""
    at = given.at.astimezone(names.zone).isoformat(timespec="seconds")
    fields = [each for name, pair in given.changes.items() for each in _fields(name, pair, names)]
    if given.act == "settings":
        fields = [replace(each, is_setting=True) for each in fields]
    subject = names.subjects.get(given.subject, given.subject)
    return LogRow(given.id or 0, at, by, given.act, subject, fields, given.act in BY_NOBODY)


def _fields(name: str, pair: list[Any], names: LogNames) -> list[LogField]:
    """Give a field as lines: one, or of texts by language one for each that differs."""
    was, now = pair
    if isinstance(was, dict) and isinstance(now, dict):
        keys = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
        return [_field(name, key, was.get(key), now.get(key), names) for key in keys]
    return [_field(name, "", was, now, names)]


def _field(name: str, detail: str, was: Any, now: Any, names: LogNames) -> LogField:
    if isinstance(now, bool) or now in _WORDS:
        return LogField(name, detail, _word(was), _word(now), is_word=True)
    if name == "room_id":
        return LogField("room", detail, names.rooms.get(was, _NOTHING), names.rooms.get(now, _NOTHING))
    if name == "event":
        was, now = names.subjects.get(was, was), names.subjects.get(now, now)
    return LogField(name, detail, _plain(was, names), _plain(now, names))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "none"


def _plain(value: Any, names: LogNames) -> str:
    if value is None or value in ("", []):
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)[:LONGEST]
    text = _at_the_venue(str(value), names.zone)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _at_the_venue(text: str, zone: ZoneInfo) -> str:
    """Write an instant with its offset by the venue's clock; any other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant.tzinfo else text
