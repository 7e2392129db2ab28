"""Days, now and next, the age of data. Each rule has a JavaScript twin in copapp/offline/store/rules.js."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

FRESH_SECONDS = 300


class Timed(Protocol):
    """What these rules ask of an event; instants are aware."""

    @property
    def slug(self) -> str: ...
    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime | None: ...
    @property
    def is_cancelled(self) -> bool: ...


E = TypeVar("E", bound=Timed)


@dataclass(frozen=True)
class Running:
    """An event that is on; `is_assumed` where its end is unknown and the assumed length was used."""

    slug: str
    is_assumed: bool


@dataclass(frozen=True)
class Offset:
    """How far the venue's clock is east of UTC from the noon of a day on."""

    date: date
    minutes: int


def offsets(first: date, last: date, zone: ZoneInfo) -> list[Offset]:
    """Give the venue's offset on the first of these days, and on each day from which it is another."""
    found: list[Offset] = []
    for day in conference_days(first, last):
        offset = datetime.combine(day, time(12), zone).utcoffset() or timedelta()
        minutes = int(offset.total_seconds()) // 60
        if not found or found[-1].minutes != minutes:
            found.append(Offset(day, minutes))
    return found


def conference_days(starts: date, ends: date) -> list[date]:
    """List every date from the first to the last day."""
    return [starts + timedelta(days=count) for count in range((ends - starts).days + 1)]


def event_day(event: Timed, zone: ZoneInfo) -> date:
    """Give the date on which an event starts at the venue; one past midnight belongs to it whole."""
    return event.starts.astimezone(zone).date()


def in_order(events: Iterable[E]) -> list[E]:
    """Order events by start, then by slug."""
    return sorted(events, key=lambda event: (event.starts, event.slug))


def days(events: Iterable[E], zone: ZoneInfo) -> dict[date, list[E]]:
    """Group events by their day, in order; a date without events is absent."""
    grouped: dict[date, list[E]] = {}
    for event in in_order(events):
        grouped.setdefault(event_day(event, zone), []).append(event)
    return grouped


def assumed_end(event: Timed, assumed_minutes: int) -> datetime:
    """Give the end, or the stated assumption where it is unknown."""
    # In UTC: added in a zone of its own, an hour across a change of clocks would be none, or two.
    return event.ends or event.starts.astimezone(UTC) + timedelta(minutes=assumed_minutes)


def now_and_next(
    events: Iterable[Timed], now: datetime, assumed_minutes: int
) -> tuple[list[Running], list[str]]:
    """Give what runs at `now` (its end excluded) and all slugs that start next; never a cancelled event."""
    held = [event for event in in_order(events) if not event.is_cancelled]
    running = [event for event in held if event.starts <= now < assumed_end(event, assumed_minutes)]
    coming = [event for event in held if event.starts > now]
    following = [event.slug for event in coming if event.starts == coming[0].starts]
    return [Running(event.slug, event.ends is None) for event in running], following


def freshness(age: float | None, *, has_failed: bool) -> Literal["fresh", "stale", "offline"]:
    """Name the state of data whose last confirmed fetch was `age` seconds ago (None: never)."""
    if has_failed:
        return "offline"
    return "fresh" if age is not None and age <= FRESH_SECONDS else "stale"


def phase(now: datetime, starts: date, ends: date, zone: ZoneInfo) -> Literal["before", "during", "after"]:
    """Say where `now` stands to the days of the conference at the venue."""
    today = now.astimezone(zone).date()
    if today < starts:
        return "before"
    return "after" if today > ends else "during"
