"""Lets unanswered requests lapse, by the one clock."""

from datetime import datetime

from sqlmodel import Session, and_, col, func, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from copapp.domain.meetings import OPEN, lapses_at
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind, RequestStatus
from copapp.services.abuse import count_lapsed
from copapp.services.known import has_known_story
from copapp.services.moves import agreed, close, write
from copapp.services.slots import closes_at, the_conference

_AT_ONCE = 500  # nobody else can write meanwhile


def lapse_due(db: Session, now: datetime) -> int:
    """Let unanswered requests lapse whose time begins; an agreed meeting behind one stands.

    Says how many; of very many the rest follows in the next turn.
    """
    closes = closes_at(the_conference(db))
    first = _begun(closes, now).order_by(col(MeetingRequest.id)).limit(_AT_ONCE)
    found = db.exec(first.with_for_update(of=MeetingRequest, skip_locked=True)).all()
    due = [each for each in found if _is_due(db, each, closes, now)]
    for request in due:
        if request.status is RequestStatus.PENDING:
            count_lapsed(db, now)
        close(request, MoveKind.LAPSE, Actor.CLOCK)
        write(db, request, MoveKind.LAPSE, Actor.CLOCK, now, **agreed(request))
    return len(due)


def has_due(db: Session, now: datetime) -> bool:
    """Whether a time begins that nobody has answered."""
    return db.exec(_begun(closes_at(the_conference(db)), now).limit(1)).first() is not None


def _begun(closes: datetime, now: datetime) -> SelectOfScalar[MeetingRequest]:
    """Find the open requests of which a time has begun; the rule looks at each again."""
    talked_of = func.coalesce(MeetingMove.starts, MeetingRequest.slot)
    begun = or_(
        talked_of <= now,
        and_(MeetingRequest.is_held, col(MeetingRequest.starts) <= now),
        true() if closes <= now else ~true(),
    )
    return (
        select(MeetingRequest)
        .outerjoin(MeetingMove, col(MeetingMove.id) == MeetingRequest.proposal)
        .where(col(MeetingRequest.status).in_(OPEN), begun, has_known_story(MeetingRequest.id))
    )


def _is_due(db: Session, request: MeetingRequest, closes: datetime, now: datetime) -> bool:
    line = db.get(MeetingMove, request.proposal) if request.proposal else None
    held = request.starts if request.is_held else None
    return lapses_at(request.slot, line.starts if line else None, held, closes) <= now
