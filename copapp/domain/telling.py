"""Who is told of a move, and how: one table of rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from copapp.domain.meetings import CLOSED
from copapp.models import Actor, Channel, MeetingMove, MoveKind, Topic

REMINDED_BEFORE = timedelta(minutes=30)

ANSWERS = frozenset({MoveKind.PROPOSE, MoveKind.ACCEPT, MoveKind.DECLINE, MoveKind.CANCEL})
"""What staff do that answers a request; handing it to a colleague does not."""

_TO_MEMBER = frozenset({MoveKind.ASK, MoveKind.ACCEPT, MoveKind.CANCEL, MoveKind.REASSIGN})


@dataclass(frozen=True)
class Story:
    """What was before a move: did staff answer, who of us had the request, did a receipt go out.

    `is_withdrawn`: a proposal that stands in calendars is void with it.
    """

    is_answered: bool = False
    had: int | None = None
    has_receipt: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Notice:
    """One message: by mail to the staff member `member_id`, else to the requester; or to the webhook."""

    channel: Channel
    topic: Topic
    due_at: datetime
    member_id: int | None = None


def changes_calendar(move: MeetingMove) -> bool:
    """Whether the entry in calendars is another after this move, or gone."""
    return move.starts is not None and move.kind in {MoveKind.ACCEPT, MoveKind.REASSIGN, MoveKind.CANCEL}


def invites(move: MeetingMove, before: Sequence[MeetingMove]) -> bool:
    """Whether a proposal is an entry that can be answered: nothing agreed stands in its place."""
    return move.kind is MoveKind.PROPOSE and not any(map(changes_calendar, before))


def withdraws(move: MeetingMove, before: Sequence[MeetingMove]) -> bool:
    """Whether such an entry is void with this move: nothing came of what was proposed."""
    was_invited = any(line.kind is MoveKind.PROPOSE for line in before)
    return move.status in CLOSED and was_invited and not any(map(changes_calendar, (*before, move)))


def notices(move: MeetingMove, story: Story) -> Iterator[Notice]:
    """List who is told of a move, and reminded of the meeting that it agrees."""
    if topic := _requester_topic(move, story):
        yield Notice(Channel.MAIL, topic, move.at)
    for member in _members(move, story):
        yield Notice(Channel.MAIL, Topic.MOVE, move.at, member)
    if move.actor is not Actor.STAFF:
        yield Notice(Channel.WEBHOOK, Topic.MOVE, move.at)
    yield from _reminders(move)


def _requester_topic(move: MeetingMove, story: Story) -> Topic | None:
    """Until staff have answered, a stranger can cause one receipt to be mailed, and nothing else."""
    if move.kind is MoveKind.ASK:
        return None if story.has_receipt else Topic.RECEIPT
    if move.kind is MoveKind.LAPSE:
        return Topic.MOVE if story.is_answered else None
    is_answer = move.actor is Actor.STAFF and move.kind in ANSWERS
    return Topic.MOVE if is_answer or changes_calendar(move) or story.is_withdrawn else None


def _members(move: MeetingMove, story: Story) -> list[int]:
    """List who of us is told: who has it now, and who had it before."""
    if move.kind not in _TO_MEMBER:
        return []
    took_it = (
        move.kind is MoveKind.REASSIGN and not changes_calendar(move) and move.staff_id == move.member_id
    )
    now_has = move.member_id if move.member_id and not took_it else None
    had = story.had if story.had != move.member_id else None
    return [each for each in (had, now_has) if each is not None]


def _reminders(move: MeetingMove) -> Iterator[Notice]:
    if not changes_calendar(move) or move.kind is MoveKind.CANCEL or move.starts is None:
        return
    due_at = move.starts - REMINDED_BEFORE
    if due_at > move.at:
        yield Notice(Channel.MAIL, Topic.REMINDER, due_at)
        if move.member_id:
            yield Notice(Channel.MAIL, Topic.REMINDER, due_at, move.member_id)
