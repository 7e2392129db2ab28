"""When we can be met: the slots of the people who can be, merged into what a delegate chooses from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class SlotState(StrEnum):
    """Free, busy but worth asking, or not to be had."""

    FREE = "free"
    ASK = "ask"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Span:
    """From an instant to another, which is outside; both aware, in UTC."""

    starts: datetime
    ends: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share any time."""
        return self.starts < other.ends and other.starts < self.ends


def covers_whole(windows: Iterable[Span], span: Span) -> bool:
    """Whether a time lies within windows; where one ends as the next begins, they are one."""
    reached = span.starts
    for window in sorted(windows, key=lambda each: each.starts):
        if window.starts <= reached < window.ends:
            reached = window.ends
    return reached >= span.ends


@dataclass(frozen=True)
class Host:
    """One who can be met. `busy` are accepted meetings and covered events; `slug` is None where unnamed."""

    slug: str | None
    windows: Sequence[Span]
    busy: Sequence[Span]
    minutes: int
    buffer_minutes: int = 0

    def is_busy(self, slot: Span) -> bool:
        """Whether something, with the time kept free around it, lies in the way."""
        around = timedelta(minutes=self.buffer_minutes)
        return any(slot.overlaps(Span(each.starts - around, each.ends + around)) for each in self.busy)


@dataclass(frozen=True)
class Slot:
    """A time to choose; `whom` are the named hosts free then, `asks` those who are there but busy."""

    span: Span
    state: SlotState
    whom: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


def grid(window: Span, minutes: int) -> Iterator[Span]:
    """Cut a window into slots; a rest that is too short is left out."""
    starts, step = window.starts, timedelta(minutes=minutes)
    while starts + step <= window.ends:
        yield Span(starts, starts + step)
        starts += step


def daily_windows(days: Iterable[date], opens: str, closes: str, zone: ZoneInfo) -> list[Span]:
    """Give the same hours (HH:MM at the venue) on each date."""
    return [
        Span(
            datetime.combine(day, time.fromisoformat(opens), zone).astimezone(UTC),
            datetime.combine(day, time.fromisoformat(closes), zone).astimezone(UTC),
        )
        for day in days
    ]


def offered_slots(hosts: Sequence[Host], others: Iterable[Span], now: datetime) -> list[Slot]:
    """Merge the hosts' slots, by time. `others` are times to show although no host has them."""
    at: dict[Span, list[Host]] = {}
    for host in hosts:
        for window in host.windows:
            for span in grid(window, host.minutes):
                at.setdefault(span, []).append(host)
    taken = list(at)
    for span in others:
        if span not in at and not any(span.overlaps(each) for each in taken):
            at[span] = []
    spans = sorted(at, key=lambda span: (span.starts, span.ends))
    return [_slot(span, at[span] if span.starts > now else []) for span in spans]


def _slot(span: Span, hosts: list[Host]) -> Slot:
    free = [host for host in hosts if not host.is_busy(span)]
    busy = [host for host in hosts if host.is_busy(span)]
    state = SlotState.FREE if free else SlotState.ASK if busy else SlotState.UNAVAILABLE
    return Slot(span, state, _names(free), _names(busy))


def _names(hosts: list[Host]) -> tuple[str, ...]:
    return tuple(sorted({host.slug for host in hosts if host.slug}))


def find_slot(slots: Iterable[Slot], starts: datetime) -> Slot | None:
    """Give the slot that begins then; of two, the one that is free, then the shorter."""
    found = [slot for slot in slots if slot.span.starts == starts]
    order = list(SlotState)
    return min(found, key=lambda slot: (order.index(slot.state), slot.span.ends), default=None)
