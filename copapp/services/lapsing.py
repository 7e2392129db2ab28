"""Lets unanswered requests lapse, by the one clock."""

from datetime import datetime

from sqlmodel import Session, col, select

from copapp.domain.meetings import OPEN, lapses_at
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind
from copapp.services.moves import agreed, close, write
from copapp.services.slots import closes_at, the_conference


def lapse_due(db: Session, now: datetime) -> int:
    """Let unanswered requests lapse whose time begins; an agreed meeting behind one stands. Says how many."""
    closes = closes_at(the_conference(db))
    asked = select(MeetingRequest).where(col(MeetingRequest.status).in_(OPEN))
    due = [
        each for each in db.exec(asked.with_for_update(skip_locked=True)) if _is_due(db, each, closes, now)
    ]
    for request in due:
        close(request, MoveKind.LAPSE, Actor.CLOCK)
        write(db, request, MoveKind.LAPSE, Actor.CLOCK, now, **agreed(request))
    return len(due)


def _is_due(db: Session, request: MeetingRequest, closes: datetime, now: datetime) -> bool:
    line = db.get(MeetingMove, request.proposal) if request.proposal else None
    held = request.starts if request.is_held else None
    return lapses_at(request.slot, line.starts if line else None, held, closes) <= now
