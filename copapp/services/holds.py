"""What agreed meetings hold: the database's own key keeps one person from being promised twice."""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from copapp.domain.meetings import Terms, after, blocks, check_times
from copapp.models import Actor, Hold, MeetingRequest, MoveKind, RequestStatus, StaffMember


class SlotTakenError(RuntimeError):
    """The time is taken; `holder` is the meeting that holds it, None where that is gone already."""

    def __init__(self, holder: MeetingRequest | None) -> None:
        super().__init__(f"Taken by meeting {holder.id if holder else 'that was'}")
        self.holder = holder


def agree(db: Session, request: MeetingRequest, terms: Terms, actor: Actor, now: datetime) -> None:
    """Accept these terms: what was held before is let go. Nothing has changed where this raises."""
    status = after(request.status, MoveKind.ACCEPT, actor, is_held=request.is_held)
    is_invited = request.status is not RequestStatus.PENDING
    check_times(terms.starts, terms.ends, now)
    hold(db, request, terms)
    request.status = status
    request.sequence += is_invited
    request.starts, request.ends = terms.starts, terms.ends
    request.place, request.room = terms.place, terms.room
    request.member_id, request.is_held, request.proposal = terms.member_id, True, None


def hold(db: Session, request: MeetingRequest, terms: Terms) -> None:
    """Hold this time instead of what the request held. Raises SlotTakenError, and then holds what it held."""
    wanted = blocks(terms.starts, terms.ends)
    rows = [{"member_id": terms.member_id, "block": each, "request_id": request.id} for each in wanted]
    _wait_for_others(db, {terms.member_id, request.member_id or terms.member_id})
    try:
        with db.begin_nested():
            let_go(db, request)
            # One statement: of several, refused in a pipeline, psycopg complains in the log.
            db.exec(insert(Hold).values(rows))
    except IntegrityError as error:
        raise SlotTakenError(_holder(db, terms.member_id, wanted, request)) from error


def _wait_for_others(db: Session, members: set[int]) -> None:
    """Change what these people hold one after the other (PostgreSQL): no two wait for each other."""
    ordered = select(StaffMember.id).where(col(StaffMember.id).in_(members)).order_by(col(StaffMember.id))
    db.exec(ordered.with_for_update(key_share=True)).all()


def let_go(db: Session, request: MeetingRequest) -> None:
    """Free what a request holds."""
    db.exec(delete(Hold).where(col(Hold.request_id) == request.id))


def _holder(db: Session, member: int, wanted: range, request: MeetingRequest) -> MeetingRequest | None:
    return db.exec(
        select(MeetingRequest)
        .join(Hold, col(Hold.request_id) == col(MeetingRequest.id))
        .where(
            Hold.member_id == member,
            Hold.block >= wanted.start,
            Hold.block < wanted.stop,
            Hold.request_id != request.id,
        )
        .order_by(col(Hold.block))
    ).first()
