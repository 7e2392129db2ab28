"""What other rooms read, named for what it returns."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from copapp.models import (
    AuditEntry,
    Conference,
    Event,
    MeetingMove,
    MeetingNote,
    MeetingReply,
    Release,
    Room,
    Site,
    Tombstone,
    VenuePlan,
    Walk,
    WatchedAddress,
)


def conference(db: Session) -> Conference | None:
    """Give the conference; None before anything was loaded."""
    return db.exec(select(Conference)).first()


def known_names(db: Session) -> list[str]:
    """Name what everybody at the conference would think of: itself, its place, who holds it, the rooms."""
    about = conference(db)
    its = ("name", "long_name", "slug", "place", "address", "organisation")
    rooms = [*db.exec(select(Site.name)), *db.exec(select(Room.name))]
    return [*(getattr(about, each) for each in its if about), *rooms]


def latest_release(db: Session) -> Release | None:
    """Give what delegates see; None before the first release."""
    return db.exec(select(Release).order_by(col(Release.number).desc())).first()


def latest_release_number(db: Session) -> int:
    """Give the number of the latest release, 0 before the first: one cheap look."""
    return db.exec(select(func.max(Release.number))).one() or 0


def latest_plan(db: Session) -> VenuePlan | None:
    """Give the venue's plan that counts; None where there is none."""
    return db.exec(select(VenuePlan).order_by(col(VenuePlan.id).desc())).first()


def latest_plan_number(db: Session) -> int:
    """Give the number of that plan, 0 where there is none: one cheap look."""
    return db.exec(select(func.max(VenuePlan.id))).one() or 0


def draft_sites(db: Session) -> list[Site]:
    """List the sites in the order of the source."""
    return list(db.exec(select(Site).order_by(col(Site.position))))


def draft_rooms(db: Session) -> list[Room]:
    """List the rooms in the order of the source."""
    return list(db.exec(select(Room).order_by(col(Room.position))))


def draft_walks(db: Session) -> list[Walk]:
    """List the walks."""
    return list(db.exec(select(Walk).order_by(col(Walk.id))))


def draft_events(db: Session) -> list[Event]:
    """List the draft's events by time."""
    return list(db.exec(select(Event).order_by(col(Event.starts), col(Event.slug))))


def inbox_version(db: Session) -> str:
    """Give a text that changes with whatever staff's pages show of requests and the draft: a cheap look.

    That is every move, note, reply, erasure, act on the draft, and look at what is watched. The slots that
    delegates are offered change only with it, a release, or the minute.
    """
    moves = select(func.max(MeetingMove.id)).scalar_subquery()
    notes = select(func.max(MeetingNote.id)).scalar_subquery()
    erased = select(func.count()).select_from(Tombstone).scalar_subquery()
    acts = select(func.max(AuditEntry.id)).scalar_subquery()
    replies = select(func.max(MeetingReply.id), func.count(col(MeetingReply.seen_at)))
    looked = db.exec(select(func.max(WatchedAddress.looked_at))).one()
    counted = (*db.exec(select(moves, notes, erased, acts)).one(), *db.exec(replies).one(), looked)
    return "-".join(str(each or 0) for each in counted)
