"""Keeps what the clock has shown, and says whether the app may act on it (`domain.clock_trust`)."""

import logging
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, func, select

from copapp.database import reading, writing
from copapp.domain.clock_trust import Mark, look
from copapp.models import AuditEntry, ClockMark, MeetingMove, Release

logger = logging.getLogger(__name__)

_WRITTEN_EVERY = timedelta(minutes=1)


def may_act(now: datetime) -> bool:
    """Whether what becomes due by the clock may be done now. Opens its own short transactions."""
    with reading() as db:
        before = clock_mark(db)
    if before and not _is_news(before, look(before, now)):
        return before.since is None
    with writing() as db:
        before = _begun(db, now)
        after = look(before, now)
        _keep(db, after)
    _tell(before, after, now)
    return after.since is None


def after_a_look(db: Session, now: datetime) -> Mark:
    """Give what the mark would be after a look now; keeps nothing."""
    return look(_begun(db, now), now)


def believe(db: Session, now: datetime) -> None:
    """Take the clock as right: an operator has looked at it."""
    _keep(db, Mark(now))


def _is_news(before: Mark, after: Mark) -> bool:
    """Whether there is something to write: not each second of a clock that simply goes on."""
    if before.since != after.since:
        return True
    last, next_ = before.until or before.seen, after.until or after.seen
    return next_ - last >= _WRITTEN_EVERY


def clock_mark(db: Session) -> Mark | None:
    """Give what the clock has shown; None before the app has run."""
    kept = db.get(ClockMark, 1)
    return Mark(kept.seen, kept.since, kept.until) if kept else None


def _begun(db: Session, now: datetime) -> Mark:
    return clock_mark(db) or Mark(_latest_known(db) or now)


def _keep(db: Session, mark: Mark) -> None:
    db.merge(ClockMark(seen=mark.seen, since=mark.since, until=mark.until))
    db.flush()


def _latest_known(db: Session) -> datetime | None:
    """Give the latest time that this database tells of: it may be older than this watch."""
    stamps = (Release.released_at, MeetingMove.at, AuditEntry.at)
    found = [db.exec(select(func.max(col(each)))).one() for each in stamps]
    return max((each for each in found if each), default=None)


def _tell(before: Mark, after: Mark, now: datetime) -> None:
    if after.since and after.since != before.since:
        logger.error("%s If it is right: `copapp clock --confirm`.", said_of_jump(after, now))
    elif before.since and not after.since:
        logger.warning("The clock is believed: it is %s.", said(now))


def said_of_jump(mark: Mark, now: datetime) -> str:
    """Tell whoever runs the machine what a jump of the clock holds up; "" where there is none."""
    if mark.believed_at is None:
        return ""
    return (
        f"The clock has jumped from {said(mark.seen)} to {said(now)}. Nothing is erased, lapses or is mailed "
        f"until it has run on for an hour, at {said(mark.believed_at)}."
    )


def said(instant: datetime) -> str:
    """Write an instant for logs and the command line."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
