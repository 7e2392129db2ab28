"""Which slots delegates are offered, and by whom."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.domain.slots import Host, Slot, Span, daily_windows, grid, offered_slots
from copapp.domain.timetable import conference_days
from copapp.models import (
    Availability,
    Conference,
    Coverage,
    MeetingRequest,
    Release,
    StaffMember,
)
from copapp.services.queries import conference, latest_release


@dataclass(frozen=True)
class Offer:
    """What a delegate chooses from; `covers` lists the events (slugs) of each shown member by id."""

    conference: Conference
    slots: list[Slot]
    shown: list[StaffMember]
    covers: dict[int, list[str]]
    is_open: bool


class NoConferenceError(RuntimeError):
    """The database holds no conference yet."""


def the_conference(db: Session) -> Conference:
    """Give the conference. Raises NoConferenceError before one was loaded."""
    found = conference(db)
    if found is None:
        raise NoConferenceError
    return found


def closes_at(given: Conference) -> datetime:
    """Give the instant at which the last day is over at the venue; requests close then."""
    return midnight(given.ends + timedelta(days=1), given)


def midnight(day: date, given: Conference) -> datetime:
    """Give the instant at which a date begins at the venue."""
    return datetime.combine(day, time(), ZoneInfo(given.timezone)).astimezone(UTC)


def event_spans(release: Release | None, assumed_minutes: int) -> dict[str, Span]:
    """Give the time of each event by slug as delegates see it; an unknown end is the stated assumption."""
    events: list[dict[str, Any]] = json.loads(release.document)["events"] if release else []
    spans = {}
    for event in events:
        starts = datetime.fromisoformat(event["starts"]).astimezone(UTC)
        ends = event["ends"] and datetime.fromisoformat(event["ends"]).astimezone(UTC)
        if event["status"] != "cancelled":
            spans[event["slug"]] = Span(starts, ends or starts + timedelta(minutes=assumed_minutes))
    return spans


def offer(db: Session, now: datetime) -> Offer:
    """Gather what a delegate may ask for. Until one of us has said when, the conference's hours count."""
    about = the_conference(db)
    members = list(
        db.exec(
            select(StaffMember).where(col(StaffMember.disabled_at).is_(None)).order_by(col(StaffMember.name))
        )
    )
    shown = [each for each in members if each.is_shown]
    covers = _covers(db)
    events = event_spans(latest_release(db), about.assumed_length_minutes)
    days = conference_days(about.starts, about.ends)
    hours = daily_windows(days, about.meeting_day_starts, about.meeting_day_ends, ZoneInfo(about.timezone))
    hosts = _hosts(db, members, covers, events) or _everyone(about, hours, events.values(), shown)
    usual = [span for window in hours for span in grid(window, about.meeting_minutes)]
    return Offer(about, offered_slots(hosts, usual, now), shown, covers, now < closes_at(about))


def _everyone(
    about: Conference, hours: list[Span], events: Iterable[Span], shown: list[StaffMember]
) -> list[Host]:
    busy = list(events)
    names: list[str | None] = [each.slug for each in shown] or [None]
    return [Host(name, hours, busy, about.meeting_minutes) for name in names]


def _hosts(
    db: Session, members: list[StaffMember], covers: dict[int, list[str]], events: dict[str, Span]
) -> list[Host]:
    windows, meetings = _windows(db), meetings_by_member(db)
    return [
        Host(
            member.slug if member.is_shown else None,
            windows[member.id or 0],
            [
                *meetings.get(member.id or 0, []),
                *(events[slug] for slug in covers.get(member.id or 0, []) if slug in events),
            ],
            member.slot_minutes,
            member.buffer_minutes,
        )
        for member in members
        if member.id in windows
    ]


def _covers(db: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for each in db.exec(select(Coverage).order_by(col(Coverage.event))):
        found.setdefault(each.member_id, []).append(each.event)
    return found


def _windows(db: Session) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for each in db.exec(select(Availability).order_by(col(Availability.starts))):
        found.setdefault(each.member_id, []).append(Span(each.starts, each.ends))
    return found


def meetings_by_member(db: Session) -> dict[int, list[Span]]:
    """Give the agreed meetings of each staff member, also those whose move is proposed."""
    found: dict[int, list[Span]] = {}
    for each in db.exec(select(MeetingRequest).where(MeetingRequest.is_held)):
        if each.member_id and each.starts and each.ends:
            found.setdefault(each.member_id, []).append(Span(each.starts, each.ends))
    return found
