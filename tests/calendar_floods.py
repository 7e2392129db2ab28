"""One client that makes calendars for an hour of the app's clock, doing whatever work it is asked for."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import func, select

from copapp.database import engine, reading
from copapp.models import CalendarBookmark, PersonalCalendar
from tests.askers import PROOF_WANTED, Line, solve

DOOR = "/api/v1/calendars"
WINDOWS = 6
INVENTED = [f"invented-{number:03}-{'x' * 100}" for number in range(200)]


@dataclass
class Flood:
    """What came of it: the answers by status, and what is kept."""

    answers: Counter[int] = field(default_factory=Counter)
    calendars: int = 0
    entries: int = 0
    grown: int = 0


def flood_with_calendars(
    line: Line, slugs: list[str], each_window: int, begin: Callable[[int], None]
) -> Flood:
    """Make so many in each ten minutes, which `begin` brings; each holds real events and invented ones."""
    found, numbers, before = Flood(), count(), size_of_database()
    for window in range(WINDOWS):
        begin(window)
        for _ in range(each_window):
            found.answers[_make(line, f"script-{next(numbers):06}", [*slugs, *INVENTED]).status_code] += 1
    with reading() as db:
        found.calendars, found.entries = (
            db.exec(select(func.count()).select_from(table)).one()
            for table in (PersonalCalendar, CalendarBookmark)
        )
    found.grown = size_of_database() - before
    return found


def size_of_database() -> int:
    """Count the bytes of the file and of what lies beside it."""
    file = Path(engine().url.database or "")
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*"))


def _make(line: Line, key: str, bookmarks: list[str]) -> Any:
    body, headers = {"bookmarks": bookmarks}, {"idempotency-key": key}
    answer = line.post(DOOR, json=body, headers=headers)
    if answer.status_code != PROOF_WANTED:
        return answer
    challenge, bits = answer.json()["challenge"], answer.json()["bits"]
    proof = f"{challenge}.{solve(challenge, bits, key)}"
    return line.post(DOOR, json=body, headers={**headers, "copapp-proof": proof})
