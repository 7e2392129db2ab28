"""What the holder of a request's secret link is shown, and the slots: the API's shapes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from copapp.domain.slots import Slot, SlotState
from copapp.models import Actor, MeetingMove, MeetingRequest, MoveKind, RequestStatus, StaffMember
from copapp.presenters.programme import venue_instant


@dataclass(frozen=True)
class SlotShape:
    """A time to choose; `whom` are members free then, `asks` members who are there but busy (slugs)."""

    starts: str
    ends: str
    state: SlotState
    whom: list[str]
    asks: list[str]


@dataclass(frozen=True)
class MemberShape:
    """One of us who agreed to be shown; `role` is a job title, `events` are slugs."""

    slug: str
    name: str
    role: str
    languages: list[str]
    events: list[str]


@dataclass(frozen=True)
class SlotsShape:
    """What a delegate chooses from; requests close at `closes`, and are erased on `erased_on`."""

    slots: list[SlotShape]
    members: list[MemberShape]
    open: bool
    closes: str
    retention_days: int
    erased_on: str


@dataclass(frozen=True)
class WithShape:
    """Who of us; the slug only of one who agreed to be shown."""

    slug: str | None
    name: str
    role: str


@dataclass(frozen=True)
class MeetingShape:
    """An agreed meeting; `room` is a slug."""

    starts: str
    ends: str
    place: str
    room: str | None


@dataclass(frozen=True)
class ProposalShape:
    """The proposal that waits for an answer."""

    id: int
    by: Actor
    starts: str
    ends: str
    place: str
    room: str | None
    words: str


@dataclass(frozen=True)
class LineShape:
    """One line of the history."""

    at: str
    actor: Actor
    kind: MoveKind
    starts: str | None
    ends: str | None
    words: str


@dataclass(frozen=True)
class RequestShape:
    """One request as its own delegate sees it: no address, no note, nobody else."""

    status: RequestStatus
    created_at: str
    updated_at: str
    name: str
    organisation: str
    reason: str
    event: str | None
    slot: str | None
    whom: str | None
    language: str
    with_: Annotated[WithShape | None, Field(alias="with")]
    meeting: MeetingShape | None
    proposal: ProposalShape | None
    words: str
    calendar: str | None
    sequence: int
    history: list[LineShape]


def slot_shape(given: Slot, zone: ZoneInfo) -> SlotShape:
    """Present a slot."""
    starts, ends = venue_instant(given.span.starts, zone), venue_instant(given.span.ends, zone)
    return SlotShape(starts, ends, given.state, list(given.whom), list(given.asks))


def member_shape(given: StaffMember, events: list[str]) -> MemberShape:
    """Present one of us who agreed to be shown."""
    return MemberShape(given.slug, given.name, given.job_title, given.languages, events)


def request_shape(
    given: MeetingRequest,
    history: list[MeetingMove],
    member: StaffMember | None,
    whom: StaffMember | None,
    zone: ZoneInfo,
    calendar: str,
) -> RequestShape:
    """Present a request with its history; `member` is who of us has it, `calendar` the file's address."""
    waiting = next((line for line in history if line.id == given.proposal), None)
    written = [line.words for line in history if line.actor is Actor.STAFF and line.words]
    return RequestShape(
        status=given.status,
        created_at=venue_instant(given.created_at, zone),
        updated_at=venue_instant(given.updated_at, zone),
        name=given.name,
        organisation=given.organisation,
        reason=given.reason,
        event=given.event,
        slot=_instant(given.slot, zone),
        whom=whom.slug if whom else None,
        language=given.language,
        with_=_with(member) if given.is_held or waiting else None,
        meeting=_meeting(given, zone),
        proposal=_proposal(waiting, zone),
        words=written[-1] if written else "",
        calendar=calendar if given.starts else None,
        sequence=given.sequence,
        history=[_line(each, zone) for each in history],
    )


def _instant(given: datetime | None, zone: ZoneInfo) -> str | None:
    return venue_instant(given, zone) if given else None


def _with(member: StaffMember | None) -> WithShape | None:
    return (
        WithShape(member.slug if member.is_shown else None, member.name, member.job_title) if member else None
    )


def _meeting(given: MeetingRequest, zone: ZoneInfo) -> MeetingShape | None:
    if not given.is_held or given.starts is None or given.ends is None:
        return None
    return MeetingShape(
        venue_instant(given.starts, zone), venue_instant(given.ends, zone), given.place, given.room
    )


def _proposal(line: MeetingMove | None, zone: ZoneInfo) -> ProposalShape | None:
    if line is None or line.id is None or line.starts is None or line.ends is None:
        return None
    starts, ends = venue_instant(line.starts, zone), venue_instant(line.ends, zone)
    return ProposalShape(line.id, line.actor, starts, ends, line.place, line.room, line.words)


def _line(given: MeetingMove, zone: ZoneInfo) -> LineShape:
    return LineShape(
        venue_instant(given.at, zone),
        given.actor,
        given.kind,
        _instant(given.starts, zone),
        _instant(given.ends, zone),
        given.words,
    )
