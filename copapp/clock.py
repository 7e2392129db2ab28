"""The one clock: the real time, or a preview that starts at `COPAPP_NOW` and runs on from there."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from copapp.settings import settings


@dataclass(frozen=True)
class Clock:
    """Tells the app's time; `start` (aware) is what it showed at the real second `started_at`."""

    start: datetime | None = None
    started_at: float = 0.0

    @property
    def is_preview(self) -> bool:
        """Whether this is not the real time."""
        return self.start is not None

    def now(self) -> datetime:
        """Tell the instant, aware, in UTC."""
        if self.start is None:
            return datetime.now(UTC)
        return self.start.astimezone(UTC) + timedelta(seconds=time.time() - self.started_at)


def machine_time() -> datetime:
    """Tell the machine's own time, in a preview too: for what another device must agree with."""
    return datetime.now(UTC)


@cache
def clock() -> Clock:
    """Give the clock that the environment asks for, the same for every worker of one `copapp serve`."""
    given = settings()
    return Clock(given.now, given.clock_started if given.clock_started is not None else time.time())
