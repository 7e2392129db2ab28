"""A programme as a file of any format gives it, and what was left out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5


class Reason(StrEnum):
    """Why something of a file was left out; each has words in every catalogue."""

    NO_TITLE = "no-title"
    NO_START = "no-start"
    NO_DAY = "no-day"
    DAY_UNKNOWN = "day-unknown"
    WEEKDAY = "weekday"
    ALL_DAY = "all-day"
    END_BEFORE_START = "end-before-start"
    END_NOT_READ = "end-not-read"
    ZONE_UNKNOWN = "zone-unknown"
    RECURRENCE = "recurrence"
    REPEATED = "repeated"
    OLDER_REVISION = "older-revision"
    NOT_CONFIRMED = "not-confirmed"
    NOT_AN_EVENT = "not-an-event"
    NOT_READABLE = "not-readable"
    TEXT_CUT = "text-cut"
    MORE = "more"


class Fault(StrEnum):
    """Why a whole file was refused; each has words in every catalogue."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOO_DEEP = "too-deep"
    BROKEN = "broken"
    ENTITIES = "entities"
    LOCKED = "locked"
    OLD_EXCEL = "old-excel"
    UNKNOWN_FORMAT = "unknown-format"
    NO_EVENTS = "no-events"


class ProgrammeFileError(ValueError):
    """A file cannot be used as a programme: `code` to translate, `words` English."""

    def __init__(self, code: Fault, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class ImportedEvent:
    """One event of a file; instants are aware and in UTC, `ends` None where the file gives none.

    `key` is the format's own stable key (UID, guid, id), None where it has none that is used once; `where`
    says where it stands in the file. An empty `room` or `site`, and a language that `descriptions` does not
    hold, say nothing.
    """

    key: str | None
    where: str
    title: str
    starts: datetime
    ends: datetime | None
    room: str = ""
    site: str = ""
    descriptions: dict[str, str] = field(default_factory=dict)
    is_cancelled: bool = False
    published: str = ""


@dataclass(frozen=True)
class Skipped:
    """Something of a file that was left out, and why: `code` to translate, `words` English.

    `about` is what of the file is meant, as it stands there, where that says more than `code` alone.
    """

    where: str
    code: Reason
    words: str
    about: str = ""


@dataclass(frozen=True)
class Imported:
    """A file, read: its format (page, html, table, excel, icalendar, schedule.json, schedule.xml)."""

    format: str
    events: list[ImportedEvent]
    skipped: list[Skipped]


def guid(uid: str) -> str:
    """Give an event's GUID where a format demands one: the same for ever, as its UID is."""
    return str(uuid5(NAMESPACE_URL, f"copapp:event:{uid}"))
