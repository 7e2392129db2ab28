"""What is done to many requests at once, above all to those that were held back.

Each says how many requests it was done to: another may have been answered, taken back or erased meanwhile.
What staff do raises NotAllowedError.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, true, update
from sqlmodel import Session, and_, col, or_, select

from copapp.database import disk_trouble
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind, RequestStatus, StaffMember
from copapp.services import audit
from copapp.services.erasure import erase_many, erase_which
from copapp.services.moves import require_active
from copapp.services.outbox import tell

MOST_HELD_BACK = 20_000
"""How many are kept off staff's list: of the longest they fill some 350 MB."""

MOST_MOVED = 200
"""How many are put on staff's list at once: each is told to people."""


class NoRoomError(RuntimeError):
    """MOST_HELD_BACK are held back, or too little is left of the disk: what is refused now may come later."""


@dataclass(frozen=True)
class Chosen:
    """Those of these numbers, and all up to the number `all_to`, the newest that was there, but for some."""

    numbers: frozenset[int] = frozenset()
    all_to: int = 0
    but: frozenset[int] = frozenset()


def is_held_back() -> ColumnElement[bool]:
    """Whether a request waits for its first answer, and not on staff's list."""
    return and_(col(MeetingRequest.is_held_back), col(MeetingRequest.status) == RequestStatus.PENDING)


def was_taken_back() -> ColumnElement[bool]:
    """Whether a request was held back until its delegate took it back: there is nothing to see of it."""
    return and_(col(MeetingRequest.is_held_back), col(MeetingRequest.status) == RequestStatus.CANCELLED)


def _has_lapsed() -> ColumnElement[bool]:
    """Whether a request was held back until its time began: somebody may have been in earnest."""
    return and_(col(MeetingRequest.is_held_back), col(MeetingRequest.status) == RequestStatus.LAPSED)


STATES: dict[str, ColumnElement[bool]] = {
    "held_back": is_held_back(),
    **{
        each.value: and_(col(MeetingRequest.status) == each, ~is_held_back())
        for each in RequestStatus
        if each is not RequestStatus.ERASED
    },
}
"""What a request can be, in a word."""


def make_room(db: Session) -> None:
    """See that one more can be held back: the oldest that was taken back makes room, else that lapsed.

    Raises NoRoomError.
    """
    if disk_trouble():
        raise NoRoomError
    is_over = or_(was_taken_back(), _has_lapsed())
    kept = select(func.count()).select_from(MeetingRequest).where(or_(is_held_back(), is_over))
    if db.exec(kept).one() < MOST_HELD_BACK:
        return
    oldest = select(MeetingRequest.id).where(is_over).order_by(_has_lapsed(), col(MeetingRequest.id))
    if not erase_which(db, col(MeetingRequest.id).in_(db.exec(oldest.limit(1)).all())):
        raise NoRoomError


def put_on_list(db: Session, by: StaffMember, chosen: Chosen, now: datetime) -> int:
    """Put requests on staff's list, the first MOST_MOVED: all is told of them that would have been told."""
    require_active(db, by.id)
    oldest = select(MeetingRequest).where(_are(chosen)).order_by(col(MeetingRequest.id)).limit(MOST_MOVED)
    found = db.exec(oldest.with_for_update()).all()
    for request in found:
        request.is_held_back = False
        db.add(request)
        asked = db.exec(select(MeetingMove).where(MeetingMove.request_id == request.id)).one()
        tell(db, request, asked, now)
    return _noted(db, by, "put_on_list", len(found), now)


def decline_unsaid(db: Session, by: StaffMember, chosen: Chosen, now: datetime) -> int:
    """Decline requests; their delegates are told nothing, and read it where they look."""
    require_active(db, by.id)
    number = col(MeetingRequest.id)  # locked by it as everywhere, so that no two acts wait for each other
    found = db.exec(select(number).where(_are(chosen)).order_by(number).with_for_update()).all()
    said = {
        "at": now,
        "actor": Actor.STAFF,
        "staff_id": by.id,
        "kind": MoveKind.DECLINE,
        "status": RequestStatus.DECLINED,
    }
    own: list[Any] = [MeetingRequest.id, MeetingRequest.member_id, MeetingRequest.sequence]
    values = [literal(value, getattr(MeetingMove, name).type) for name, value in said.items()]
    lines = select(*own, *values).where(_are(chosen))
    names = ("request_id", "member_id", "sequence", *said)
    db.exec(insert(MeetingMove).from_select(names, lines))
    closed = {"status": RequestStatus.DECLINED, "updated_at": now}
    db.exec(update(MeetingRequest).where(_are(chosen)).values(closed))
    return _noted(db, by, "decline_unsaid", len(found), now)


def erase_held_back(db: Session, by: StaffMember, chosen: Chosen, now: datetime) -> int:
    """Erase requests: rows, history, notes, messages. What the file keeps of them goes by `scrub`.

    It is done in several transactions, as `erase_many` says.
    """
    require_active(db, by.id)
    return erase_many(db, _are(chosen), lambda gone: audit.note(db, by, "erase_held_back", str(gone), now))


def erase_asked(
    db: Session, since: datetime | None, until: datetime | None, states: Iterable[str], now: datetime
) -> int:
    """Erase the requests that were asked from `since` on, before `until`, and are in one of STATES.

    For the command line, in several transactions, as `erase_many` says.
    """
    asked = col(MeetingRequest.created_at)
    first = asked >= since if since else true()
    last = asked < until if until else true()
    which = and_(first, last, or_(*(STATES[each] for each in states)))
    return erase_many(db, which, lambda gone: audit.note(db, None, "erase", "", now, requests=(None, gone)))


def count_chosen(db: Session, chosen: Chosen) -> int:
    """Count those of them that are still held back."""
    return db.exec(select(func.count()).select_from(MeetingRequest).where(_are(chosen))).one()


def _are(chosen: Chosen) -> ColumnElement[bool]:
    number = col(MeetingRequest.id)
    up_to = and_(number <= chosen.all_to, number.not_in(chosen.but))
    return and_(is_held_back(), or_(number.in_(chosen.numbers), up_to))


def _noted(db: Session, by: StaffMember, act: str, count: int, now: datetime) -> int:
    if count:
        audit.note(db, by, act, str(count), now)
    return count
