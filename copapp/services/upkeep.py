"""What time alone brings: requests lapse, personal data and calendars go. Run by every worker.

Each duty is done in a transaction of its own: where one fails, the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from copapp.models import Conference
from copapp.services.abuse import forget_attempts, has_old_attempts
from copapp.services.calendars import end_due, expires_at, has_due_end
from copapp.services.erasure import erase_due, erases_at, has_due_erasure
from copapp.services.given_files import forget_files, has_old_files
from copapp.services.lapsing import has_due, lapse_due
from copapp.services.queries import conference


@dataclass(frozen=True)
class Duty:
    """One of them: whether there is anything to do, and the doing, which says of how many.

    `until` tells, of what the date erases, how long it was promised to be kept; None: nothing is erased.
    """

    name: str
    is_due: Callable[[Session, Conference, datetime], bool]
    do: Callable[[Session, Conference, datetime], int]
    until: Callable[[Conference], datetime] | None = None


@dataclass(frozen=True)
class Done:
    """Of how many something was done; `until` when they had to be kept, where the date erased them."""

    count: int
    until: datetime | None = None


def _of_any_conference(
    name: str, is_due: Callable[[Session, datetime], bool], do: Callable[[Session, datetime], int]
) -> Duty:
    return Duty(name, lambda db, _, now: is_due(db, now), lambda db, _, now: do(db, now))


DUTIES = (
    Duty("erasing", has_due_erasure, erase_due, erases_at),
    Duty("calendars", has_due_end, end_due, expires_at),
    _of_any_conference("lapsing", has_due, lapse_due),
    _of_any_conference("attempts", has_old_attempts, forget_attempts),
    _of_any_conference("files", has_old_files, forget_files),
)


def is_due(db: Session, duty: Duty, now: datetime) -> bool:
    """Whether there is anything to do: a look that keeps no writer waiting."""
    about = conference(db)
    return about is not None and duty.is_due(db, about, now)


def keep_up(db: Session, duty: Duty, now: datetime) -> Done:
    """Do what is due; nothing before a conference was loaded."""
    about = conference(db)
    if about is None:
        return Done(0)
    return Done(duty.do(db, about, now), duty.until(about) if duty.until else None)
