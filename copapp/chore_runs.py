"""When each chore of this process was last done, and since when one fails. Any room may use it."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class ChoreRun:
    """How a chore goes: `last_good` is when it was last done, `failing_since` when the failures began."""

    name: str
    last_good: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0


_runs: dict[str, ChoreRun] = {}


def chore_runs() -> list[ChoreRun]:
    """List the chores that this process has tried, by name."""
    return [_runs[name] for name in sorted(_runs)]


def note_done(name: str, at: datetime) -> bool:
    """Note that a chore was done; says whether it failed before."""
    before = _runs.get(name, ChoreRun(name))
    _runs[name] = ChoreRun(name, last_good=at)
    return before.failures > 0


def note_failed(name: str, at: datetime) -> int:
    """Note that a chore failed; says how often in a row."""
    before = _runs.get(name, ChoreRun(name))
    since = before.failing_since or at
    _runs[name] = replace(before, failing_since=since, failures=before.failures + 1)
    return _runs[name].failures


def forget_runs() -> None:
    """Begin with nothing noted."""
    _runs.clear()
