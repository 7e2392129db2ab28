"""Who of us will be at which event, as one picture: what clashes, when each can be met, where nobody is."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from copapp.domain.clashes import Clash
from copapp.models import Availability, Coverage, Event, Room, StaffMember
from copapp.services.engagements import covered_clashes
from copapp.services.queries import draft_events, draft_rooms
from copapp.services.slots import active_members


@dataclass(frozen=True)
class Covering:
    """The draft's events by time, those of us who can sign in by name, and by event (slug) who is there."""

    events: list[Event]
    rooms: dict[int | None, Room]
    members: list[StaffMember]
    there: dict[str, set[int]]
    clashes: dict[int, dict[str, list[Clash]]]
    hours: dict[int, list[Availability]]


def covering(db: Session) -> Covering:
    """Gather who covers what."""
    members = active_members(db)
    numbers = [each.id or 0 for each in members]
    return Covering(
        draft_events(db),
        {each.id: each for each in draft_rooms(db)},
        members,
        _there(db, numbers),
        covered_clashes(db, numbers),
        _hours(db, numbers),
    )


def who_is_at(db: Session, event: str) -> tuple[list[StaffMember], set[int]]:
    """Give all of us who can sign in, and the numbers of those who will be at an event."""
    members = active_members(db)
    return members, _there(db, [each.id or 0 for each in members]).get(event, set())


def _there(db: Session, members: list[int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for each in db.exec(select(Coverage).where(col(Coverage.member_id).in_(members))):
        found.setdefault(each.event, set()).add(each.member_id)
    return found


def _hours(db: Session, members: list[int]) -> dict[int, list[Availability]]:
    found: dict[int, list[Availability]] = {}
    said = select(Availability).where(col(Availability.member_id).in_(members))
    for each in db.exec(said.order_by(col(Availability.starts))):
        found.setdefault(each.member_id, []).append(each)
    return found
