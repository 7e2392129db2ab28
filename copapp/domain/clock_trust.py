"""Whether the machine's clock may be acted on: a wrong one must not erase, lapse or mail anything.

The latest time acted on is kept. A clock that jumps from it by more than a day, either way, is believed once
it has run on for an hour, or an operator has said that it is right.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LARGEST_STEP = timedelta(days=1)
HELD_FOR = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Mark:
    """`seen` is the latest time believed; a clock that jumped from it ran on from `since` to `until`."""

    seen: datetime
    since: datetime | None = None
    until: datetime | None = None

    @property
    def believed_at(self) -> datetime | None:
        """Tell when a clock that jumped will be believed if it runs on; None where none jumped."""
        return self.since + HELD_FOR if self.since else None


def look(mark: Mark, now: datetime) -> Mark:
    """Give the mark after a look at the clock; it is believed where nothing is `since`."""
    if abs(now - mark.seen) <= LARGEST_STEP:
        return Mark(max(now, mark.seen))
    runs_on = mark.until is not None and mark.until <= now <= mark.until + _LONGEST_PAUSE
    since = mark.since if runs_on and mark.since else now
    return Mark(now) if now - since >= HELD_FOR else Mark(mark.seen, since, now)
