"""What staff see of requests: the shapes that go to their browsers, and nothing else of the tables.

Instants are ISO 8601 with the venue's offset, "" where there is none; pages write them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from copapp.domain.clashes import Clash, Verdict
from copapp.domain.meetings import MOVES
from copapp.models import (
    Actor,
    MeetingMove,
    MeetingNote,
    MeetingReply,
    MeetingRequest,
    MoveKind,
    RequestStatus,
    StaffMember,
)
from copapp.presenters.programme import venue_instant

_LINE_LENGTH = 120


@dataclass(frozen=True)
class RowView:
    """One request in the list; `line` is the first line of why, `wish` the time wished or agreed."""

    id: int
    name: str
    organisation: str
    line: str
    status: str
    at: str
    wish: str
    member: str


@dataclass(frozen=True)
class ReplyView:
    """An answer by mail that waits for staff; `why` is the key of what to do, `name` whose request it is."""

    id: int
    request: int
    name: str
    why: str
    at: str
    starts: str


@dataclass(frozen=True)
class LineView:
    """One line of history; `who` of us did it, or nobody of us, and `whom` of us it gave the request to.

    `kind` is the move's, but "withdraw" where staff declined what they had proposed themselves.
    """

    id: int = 0
    at: str = ""
    actor: str = ""
    kind: str = ""
    who: str = ""
    whom: str = ""
    starts: str = ""
    ends: str = ""
    words: str = ""


@dataclass(frozen=True)
class NoteView:
    """What one of us wrote for the others."""

    at: str
    who: str
    text: str


@dataclass(frozen=True)
class ClashView:
    """What an answer would run into; `gap`, `walk` and `assumed` are minutes, 0 where they say nothing.

    Its `kind` "hours" says that the time lies outside the own hours of the colleague of that `name`.
    """

    verdict: str
    kind: str
    name: str
    starts: str
    gap: int
    walk: int
    assumed: int
    is_meeting: bool
    has_end: bool


@dataclass(frozen=True)
class DetailView:
    """One request whole; `can` lists what staff may do with it now.

    `version` is that of `services.moves`; `mine` counts what the reader has done, by the kind of move, and
    the reader's notes but for those of hand-overs: what is half written belongs to the next of them.
    """

    id: int = 0
    version: int = 0
    status: str = ""
    name: str = ""
    organisation: str = ""
    email: str = ""
    reason: str = ""
    language: str = ""
    at: str = ""
    event: str = ""
    slot: str = ""
    whom: str = ""
    member: str = ""
    member_id: str = ""
    starts: str = ""
    ends: str = ""
    place: str = ""
    is_held: bool = False
    is_held_back: bool = False
    proposed_by: str = ""
    proposed_starts: str = ""
    proposed_ends: str = ""
    proposed_words: str = ""
    can: list[str] = field(default_factory=list)
    mine: dict[str, int] = field(default_factory=dict)
    history: list[LineView] = field(default_factory=list)
    notes: list[NoteView] = field(default_factory=list)


def row_view(given: MeetingRequest, names: Mapping[int | None, str], zone: ZoneInfo) -> RowView:
    """Present a request in the list; `names` are ours by number."""
    return RowView(
        id=given.id or 0,
        name=given.name,
        organisation=given.organisation,
        line=given.reason.split("\n", 1)[0][:_LINE_LENGTH],
        status=given.status,
        at=venue_instant(given.updated_at, zone),
        wish=_instant(given.starts if given.is_held else given.slot, zone),
        member=names.get(given.member_id, ""),
    )


def reply_view(given: MeetingReply, request: MeetingRequest | None, zone: ZoneInfo) -> ReplyView:
    """Present an answer by mail beside the request that it is about, if one is known."""
    return ReplyView(
        id=given.id or 0,
        request=request.id or 0 if request else 0,
        name=request.name if request else "",
        why=given.reason,
        at=venue_instant(given.at, zone),
        starts=_instant(given.starts, zone),
    )


def detail_view(
    given: MeetingRequest,
    lines: Sequence[MeetingMove],
    notes: Sequence[MeetingNote],
    names: Mapping[int | None, str],
    event: str,
    zone: ZoneInfo,
    me: int,
) -> DetailView:
    """Present a request whole to one of us; `event` is the title of the event it is about, or ""."""
    waiting = next((line for line in lines if line.id == given.proposal), None)
    return DetailView(
        id=given.id or 0,
        version=max((line.id or 0 for line in lines), default=0),
        mine=_mine(lines, notes, me),
        status=given.status,
        name=given.name,
        organisation=given.organisation,
        email=given.email,
        reason=given.reason,
        language=given.language,
        at=venue_instant(given.created_at, zone),
        event=event,
        slot=_instant(given.slot, zone),
        whom=names.get(given.whom_id, ""),
        member=names.get(given.member_id, ""),
        member_id=str(given.member_id or ""),
        starts=_instant(given.starts, zone) if given.is_held else "",
        ends=_instant(given.ends, zone) if given.is_held else "",
        place=given.place,
        is_held=given.is_held,
        is_held_back=given.is_held_back,
        proposed_by=waiting.actor if waiting else "",
        proposed_starts=_instant(waiting.starts if waiting else None, zone),
        proposed_ends=_instant(waiting.ends if waiting else None, zone),
        proposed_words=waiting.words if waiting else "",
        can=[kind for kind in MoveKind if (given.status, kind, Actor.STAFF) in MOVES],
        history=[
            _line_view(each, before, names, zone) for before, each in zip([None, *lines], lines, strict=False)
        ],
        notes=[
            NoteView(venue_instant(each.at, zone), names.get(each.staff_id, ""), each.text) for each in notes
        ],
    )


def clash_view(given: Clash, zone: ZoneInfo) -> ClashView:
    """Present what is in the way."""
    judged = given.judgement
    return ClashView(
        judged.verdict,
        judged.kind or "",
        given.other.name,
        venue_instant(given.other.starts, zone),
        judged.gap,
        judged.walk or 0,
        judged.assumed or 0,
        given.other.is_meeting,
        given.other.ends is not None,
    )


def names_of(members: Sequence[StaffMember]) -> dict[int | None, str]:
    """Give our names by number."""
    return {each.id: each.name for each in members}


def hours_view(name: str) -> ClashView:
    """Present that a time lies outside a colleague's own hours."""
    return ClashView(Verdict.CERTAIN, "hours", name, "", 0, 0, 0, is_meeting=False, has_end=True)


def _mine(lines: Sequence[MeetingMove], notes: Sequence[MeetingNote], me: int) -> dict[str, int]:
    moves = {kind: sum(each.kind is kind and each.staff_id == me for each in lines) for kind in MoveKind}
    written = [each.at for each in notes if each.staff_id == me]
    handed = {each.at for each in lines if each.kind is MoveKind.REASSIGN and each.staff_id == me}
    # A word for the colleague is written at its hand-over, in a form of its own.
    own = len(written) - len(handed.intersection(written))
    return {kind.value: count for kind, count in moves.items()} | {"note": own}


def _line_view(
    given: MeetingMove, before: MeetingMove | None, names: Mapping[int | None, str], zone: ZoneInfo
) -> LineView:
    is_own = given.actor is Actor.STAFF and before is not None and before.status is RequestStatus.PROPOSED
    return LineView(
        given.id or 0,
        venue_instant(given.at, zone),
        given.actor,
        "withdraw" if is_own and given.kind is MoveKind.DECLINE else given.kind,
        names.get(given.staff_id, ""),
        names.get(given.member_id, "") if given.kind is MoveKind.REASSIGN else "",
        _instant(given.starts, zone),
        _instant(given.ends, zone),
        given.words,
    )


def _instant(given: datetime | None, zone: ZoneInfo) -> str:
    return venue_instant(given, zone) if given else ""
