"""Which slots delegates are offered, and by whom."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.domain.programme import Programme
from copapp.domain.slots import Host, Slot, Span, covers_whole, daily_windows, grid, offered_slots
from copapp.domain.timetable import conference_days
from copapp.models import (
    Availability,
    Conference,
    Coverage,
    MeetingRequest,
    StaffMember,
)
from copapp.services.queries import conference
from copapp.services.released import latest_programme


@dataclass(frozen=True)
class Offer:
    """What a delegate chooses from; `covers` lists the released events (slugs) of each of us, by id."""

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


def event_spans(programme: Programme | None, assumed_minutes: int) -> dict[str, Span]:
    """Give the time of each event by slug as delegates see it; an unknown end is the stated assumption."""
    spans = {}
    for event in programme.events if programme else ():
        if not event.is_cancelled:
            ends = event.ends or event.starts + timedelta(minutes=assumed_minutes)
            spans[event.slug] = Span(event.starts.astimezone(UTC), ends.astimezone(UTC))
    return spans


def offer(db: Session, now: datetime) -> Offer:
    """Gather what a delegate may ask for."""
    about, members, covers = the_conference(db), active_members(db), _covers(db)
    shown = [each for each in members if each.is_shown]
    held = event_spans(latest_programme(db), about.assumed_length_minutes).keys()
    hours = _hours(about)
    hosts = _hosts(db, about, members, covers)
    named = [_named(each, hosts[each.id or 0]) for each in members if each.id in hosts]
    if not hosts:
        everyone = _everyone(db, about, hours)
        named = [_named(each, everyone) for each in shown] or [everyone]
    usual = [span for window in hours for span in grid(window, about.meeting_minutes)]
    slots = offered_slots(named, usual, now)
    return Offer(about, slots, shown, _seen(covers, held), now < closes_at(about))


def _seen(covers: dict[int, list[str]], held: AbstractSet[str]) -> dict[int, list[str]]:
    """Give of what each of us covers what delegates see: nothing of the draft, nothing cancelled."""
    return {number: [slug for slug in slugs if slug in held] for number, slugs in covers.items()}


def member_slots(db: Session, member_id: int, now: datetime) -> list[tuple[Span, bool]]:
    """List the slots to come of one of us, each with whether something lies in the way."""
    about = the_conference(db)
    hosts = _hosts(db, about, active_members(db), _covers(db))
    host = hosts.get(member_id) or _everyone(db, about, _hours(about))
    spans = sorted({span for window in host.windows for span in grid(window, host.minutes)}, key=_start)
    return [(span, host.is_busy(span)) for span in spans if span.starts > now]


def free_members(db: Session, span: Span, but: int | None = None) -> list[StaffMember]:
    """List who of us is free at a time within their own hours; the request numbered `but` is in nobody's way.

    Until one of us has said when, the conference's hours are everybody's.
    """
    return [each for each, is_busy in _there(db, span, but) if not is_busy]


def members_there(db: Session, span: Span, but: int | None = None) -> list[StaffMember]:
    """List who of us has hours at a time, free or not: whom a slot that delegates chose came from."""
    return [each for each, _ in _there(db, span, but)]


def is_within_hours(db: Session, member_id: int, span: Span) -> bool:
    """Whether a time lies within that colleague's own hours; who has not said when is never outside them."""
    windows = _windows(db).get(member_id)
    return windows is None or covers_whole(windows, span)


def _there(db: Session, span: Span, but: int | None) -> list[tuple[StaffMember, bool]]:
    about, members, covers = the_conference(db), active_members(db), _covers(db)
    hosts = _hosts(db, about, members, covers, but)
    if not hosts:
        hosts = _hosts(db, about, members, covers, but, {each.id or 0: _hours(about) for each in members})
    return [
        (member, host.is_busy(span))
        for member in members
        if (host := hosts.get(member.id or 0)) and covers_whole(host.windows, span)
    ]


def _start(span: Span) -> datetime:
    return span.starts


def active_members(db: Session) -> list[StaffMember]:
    """List those of us who can be met."""
    active = select(StaffMember).where(col(StaffMember.disabled_at).is_(None))
    return list(db.exec(active.order_by(col(StaffMember.name))))


def _hours(about: Conference) -> list[Span]:
    days = conference_days(about.starts, about.ends)
    return daily_windows(days, about.meeting_day_starts, about.meeting_day_ends, ZoneInfo(about.timezone))


def _everyone(db: Session, about: Conference, hours: list[Span]) -> Host:
    """Until one of us has said when, the conference's hours count, and we are busy at our own events."""
    busy = event_spans(latest_programme(db), about.assumed_length_minutes).values()
    return Host(None, hours, list(busy), about.meeting_minutes)


def _named(member: StaffMember, host: Host) -> Host:
    return replace(host, slug=member.slug if member.is_shown else None)


def _hosts(
    db: Session,
    about: Conference,
    members: list[StaffMember],
    covers: dict[int, list[str]],
    but: int | None = None,
    windows: dict[int, list[Span]] | None = None,
) -> dict[int, Host]:
    """Give everyone who has said when, by number, or everyone with these hours."""
    windows, meetings = windows or _windows(db), meetings_by_member(db, but)
    events = event_spans(latest_programme(db), about.assumed_length_minutes)
    return {
        number: Host(
            None,
            windows[number],
            [
                *meetings.get(number, []),
                *(events[slug] for slug in covers.get(number, []) if slug in events),
            ],
            member.slot_minutes,
            member.buffer_minutes,
        )
        for member in members
        if (number := member.id or 0) in windows
    }


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


def meetings_by_member(db: Session, but: int | None = None) -> dict[int, list[Span]]:
    """Give the agreed meetings of each staff member but one, also those whose move is proposed."""
    found: dict[int, list[Span]] = {}
    held = select(MeetingRequest).where(MeetingRequest.is_held, col(MeetingRequest.id).is_distinct_from(but))
    for each in db.exec(held):
        if each.member_id and each.starts and each.ends:
            found.setdefault(each.member_id, []).append(Span(each.starts, each.ends))
    return found
