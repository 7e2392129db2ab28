"""What time alone brings: requests lapse, personal data go, counts are forgotten. Run by every worker."""

from datetime import datetime

from sqlmodel import Session

from copapp.services.abuse import forget_attempts
from copapp.services.erasure import erase_due
from copapp.services.lapsing import lapse_due
from copapp.services.queries import conference


def keep_up(db: Session, now: datetime) -> int:
    """Do what is due; no-op before a conference was loaded. Says how many requests were erased."""
    about = conference(db)
    if about is None:
        return 0
    erased = erase_due(db, about, now)
    lapse_due(db, now)
    forget_attempts(db, now)
    return erased
