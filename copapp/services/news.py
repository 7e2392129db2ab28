"""What strangers cause by themselves, of which staff are told together where much comes at once.

"37 new requests", "12 were taken back": else who asks and takes back over and over would have a message made
of each.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, exists, or_

from copapp.domain.telling import ANSWERS, Notice
from copapp.models import Actor, Channel, MeetingMove, MoveKind, OutboxMessage, Topic

NEWS_WAITS = timedelta(minutes=1)
"""How long what came later waits for what may come still."""

_COMES_OR_IS_GONE = frozenset({MoveKind.ASK, MoveKind.ERASE})
ENDS_UNANSWERED = frozenset({MoveKind.CANCEL, MoveKind.LAPSE})


def is_news(notice: Notice, kind: MoveKind, *, is_answered: bool) -> bool:
    """Whether a message tells staff what no answer of theirs went before."""
    is_to_staff = notice.member_id is not None or notice.channel is Channel.WEBHOOK
    is_one = kind in _COMES_OR_IS_GONE or (kind in ENDS_UNANSWERED and not is_answered)
    return is_one and is_to_staff and notice.topic is Topic.MOVE


def are_news(table: type[OutboxMessage]) -> ColumnElement[bool]:
    """Say the same of a row."""
    ends = and_(col(table.kind).in_(ENDS_UNANSWERED), ~is_answered(table.request_id))
    return and_(
        or_(col(table.kind).in_(_COMES_OR_IS_GONE), ends),
        or_(col(table.member_id).is_not(None), col(table.channel) == Channel.WEBHOOK),
        col(table.topic) == Topic.MOVE,
    )


def are_same_news(table: type[OutboxMessage], row: OutboxMessage) -> ColumnElement[bool]:
    """Whether a row tells the same addressee of the same kind of news, in the same way."""
    return and_(
        are_news(table),
        col(table.kind) == row.kind,
        col(table.channel) == row.channel,
        col(table.member_id).is_not_distinct_from(row.member_id),
    )


def is_answered(request_id: Any) -> ColumnElement[bool]:
    """Whether staff have ever answered a request."""
    return exists().where(
        col(MeetingMove.request_id) == request_id,
        col(MeetingMove.actor) == Actor.STAFF,
        col(MeetingMove.kind).in_(ANSWERS),
    )
