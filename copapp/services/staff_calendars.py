"""Keeps the calendars of staff behind secret addresses: one's own, and for coordinators the whole team's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.interop.personal_calendar import Wishes
from copapp.interop.staff_calendar import CoveredEvent, StaffMeeting
from copapp.models import Coverage, MeetingRequest, StaffCalendar, StaffMember, StaffRole
from copapp.services import audit
from copapp.services.calendars import EndedCalendarError, UnknownCalendarError, expires_at
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.services.timed_meetings import timed_meetings
from copapp.services.tokens import hash_of, new_token


@dataclass(frozen=True)
class StaffKept:
    """What a calendar of staff holds, in a fixed order."""

    calendar: StaffCalendar
    covered: list[CoveredEvent]
    meetings: list[StaffMeeting]


def make_staff_calendar(db: Session, by: StaffMember, wishes: Wishes, now: datetime, *, of_team: bool) -> str:
    """Make one's calendar and give its token, which is kept nowhere; the one before it ends.

    Raises NotAllowedError, and EndedCalendarError once the time of all addresses is over.
    """
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    _require(db, by, of_team=of_team)
    end_staff_calendars(db, by, now, of_team=of_team)
    token = new_token()
    made = StaffCalendar(
        member_id=by.id or 0,
        of_team=of_team,
        token_hash=hash_of(token),
        language=wishes.language,
        alarm=wishes.alarm,
        created_at=now,
    )
    db.add(made)
    if of_team:
        audit.note(db, by, "team_calendar", by.slug, now)
    db.flush()
    return token


def replace_staff_calendar(db: Session, by: StaffMember, now: datetime, *, of_team: bool) -> str:
    """Give one's calendar another address; the old one ends.

    Raises as making one, and UnknownCalendarError if there is none.
    """
    old = live_staff_calendar(db, by, of_team=of_team)
    if old is None:
        raise UnknownCalendarError
    return make_staff_calendar(db, by, Wishes(old.language, old.alarm), now, of_team=of_team)


def set_wishes(db: Session, by: StaffMember, wishes: Wishes, *, of_team: bool) -> None:
    """Set the language and the alarm of one's calendar. Raises NotAllowedError, UnknownCalendarError."""
    _require(db, by, of_team=of_team)
    found = live_staff_calendar(db, by, of_team=of_team)
    if found is None:
        raise UnknownCalendarError
    found.language, found.alarm = wishes.language, wishes.alarm
    db.add(found)
    db.flush()


def stop_staff_calendar(db: Session, by: StaffMember, now: datetime, *, of_team: bool) -> None:
    """Stop one's calendar for good. No-op if there is none."""
    if live_staff_calendar(db, by, of_team=of_team) is None:
        return
    end_staff_calendars(db, by, now, of_team=of_team)
    if of_team:
        audit.note(db, by, "team_calendar_stop", by.slug, now)


def end_staff_calendars(db: Session, of: StaffMember, now: datetime, *, of_team: bool | None = None) -> None:
    """Stop the calendars of one of us for ever, or only those of one kind. No-op if there is none."""
    live = update(StaffCalendar).where(
        col(StaffCalendar.member_id) == of.id, col(StaffCalendar.ended_at).is_(None)
    )
    if of_team is not None:
        live = live.where(col(StaffCalendar.of_team).is_(of_team))
    db.exec(live.values(ended_at=now))


def live_staff_calendar(db: Session, of: StaffMember, *, of_team: bool) -> StaffCalendar | None:
    """Give the calendar of one of us that can be followed, None if there is none."""
    own = select(StaffCalendar).where(
        StaffCalendar.member_id == of.id, col(StaffCalendar.of_team).is_(of_team)
    )
    return db.exec(own.where(col(StaffCalendar.ended_at).is_(None))).first()


def find_staff_calendar(db: Session, token: str, now: datetime) -> StaffCalendar:
    """Give a calendar by its token, if its owner may still see what is in it.

    Raises UnknownCalendarError or EndedCalendarError.
    """
    if now >= expires_at(the_conference(db)):
        raise EndedCalendarError
    found = db.exec(select(StaffCalendar).where(StaffCalendar.token_hash == hash_of(token))).first()
    if found is None:
        raise UnknownCalendarError
    owner = db.get_one(StaffMember, found.member_id)
    if found.ended_at is not None or not _may(owner, of_team=found.of_team):
        raise EndedCalendarError
    return found


def kept_for_staff(db: Session, given: StaffCalendar) -> StaffKept:
    """Read what a calendar of staff holds: agreed, proposed and wished meetings, and covered events."""
    members = select(StaffMember.id)
    if not given.of_team:
        members = members.where(StaffMember.id == given.member_id)
    names = dict(db.exec(select(StaffMember.id, StaffMember.name)).all())
    return StaffKept(
        given,
        _covered(db, members),
        [
            StaffMeeting(request.id or 0, names[request.member_id], replace(meeting, uid=_uid(request)))
            for request, meeting in timed_meetings(db, col(MeetingRequest.member_id).in_(members))
        ],
    )


def staff_calendars_touched(db: Session, slugs: Iterable[str]) -> int:
    """Count the calendars of staff that hold any of these events."""
    covered = (
        select(Coverage.member_id)
        .join(StaffMember)
        .where(col(Coverage.event).in_(list(slugs)), col(StaffMember.disabled_at).is_(None))
    )
    live = select(func.count()).select_from(StaffCalendar).where(col(StaffCalendar.ended_at).is_(None))
    holds = or_(
        col(StaffCalendar.member_id).in_(covered), col(StaffCalendar.of_team).is_(True) & covered.exists()
    )
    return db.exec(live.where(holds)).one()


def _require(db: Session, by: StaffMember, *, of_team: bool) -> None:
    """Hold one of us until the end of the transaction: who is disabled meanwhile keeps no new address."""
    owner = db.exec(select(StaffMember).where(StaffMember.id == by.id).with_for_update()).first()
    if owner is None or not _may(owner, of_team=of_team):
        raise NotAllowedError


def _may(owner: StaffMember, *, of_team: bool) -> bool:
    return owner.disabled_at is None and (not of_team or owner.role is StaffRole.COORDINATOR)


def _covered(db: Session, members: SelectOfScalar[Any]) -> list[CoveredEvent]:
    found = select(Coverage.event, StaffMember.slug, StaffMember.name).join(StaffMember)
    active = found.where(col(StaffMember.id).in_(members), col(StaffMember.disabled_at).is_(None))
    return [
        CoveredEvent(*each) for each in db.exec(active.order_by(col(Coverage.event), col(StaffMember.slug)))
    ]


def _uid(request: MeetingRequest) -> str:
    """Make a UID for ever that is not the invitation's: who knows that one could answer for a delegate."""
    return f"staff-{hash_of(request.uid)[:32]}@{request.uid.rpartition('@')[2]}"
