"""What time alone brings: requests lapse, personal data and calendars go. Run by every worker.

Each duty is done in a transaction of its own: where one fails, the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from copapp.models import Conference
from copapp.services.abuse import forget_attempts, has_old_attempts
from copapp.services.calendars import end_due, has_due_end
from copapp.services.erasure import erase_due, has_due_erasure
from copapp.services.given_files import forget_files, has_old_files
from copapp.services.lapsing import has_due, lapse_due
from copapp.services.queries import conference


@dataclass(frozen=True)
class Duty:
    """One of them: whether there is anything to do, and the doing."""

    name: str
    is_due: Callable[[Session, Conference, datetime], bool]
    do: Callable[[Session, Conference, datetime], object]


def _of_any_conference(
    name: str, is_due: Callable[[Session, datetime], bool], do: Callable[[Session, datetime], object]
) -> Duty:
    return Duty(name, lambda db, _, now: is_due(db, now), lambda db, _, now: do(db, now))


DUTIES = (
    Duty("erasing", has_due_erasure, erase_due),
    Duty("calendars", has_due_end, end_due),
    _of_any_conference("lapsing", has_due, lapse_due),
    _of_any_conference("attempts", has_old_attempts, forget_attempts),
    _of_any_conference("files", has_old_files, forget_files),
)


def is_due(db: Session, duty: Duty, now: datetime) -> bool:
    """Whether there is anything to do: a look that keeps no writer waiting."""
    about = conference(db)
    return about is not None and duty.is_due(db, about, now)


def keep_up(db: Session, duty: Duty, now: datetime) -> None:
    """Do what is due; no-op before a conference was loaded."""
    if about := conference(db):
        duty.do(db, about, now)
