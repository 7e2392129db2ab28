"""What time alone brings: requests lapse, personal data and calendars go. Run by every worker."""

from datetime import datetime

from sqlmodel import Session

from copapp.services.abuse import forget_attempts, has_old_attempts
from copapp.services.calendars import end_due, has_due_end
from copapp.services.erasure import erase_due, has_due_erasure
from copapp.services.given_files import forget_files, has_old_files
from copapp.services.lapsing import has_due, lapse_due
from copapp.services.queries import conference


def is_due(db: Session, now: datetime) -> bool:
    """Whether there is anything to do: a look that keeps no writer waiting."""
    about = conference(db)
    if about is None:
        return False
    is_over = has_due_erasure(db, about, now) or has_due_end(db, about, now)
    return is_over or has_due(db, now) or has_old_attempts(db, now) or has_old_files(db, now)


def keep_up(db: Session, now: datetime) -> int:
    """Do what is due; no-op before a conference was loaded. Says how many requests were erased."""
    about = conference(db)
    if about is None:
        return 0
    erased = erase_due(db, about, now)
    end_due(db, about, now)
    lapse_due(db, now)
    forget_attempts(db, now)
    forget_files(db, now)
    return erased
