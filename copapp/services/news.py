"""New requests, of which staff are told together where many come at once: "37 new requests"."""

from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import and_, col

from copapp.domain.telling import Notice
from copapp.models import Channel, MoveKind, OutboxMessage, Topic

NEWS_WAITS = timedelta(minutes=1)
"""How long what came later waits for what may come still."""


def is_news(notice: Notice, kind: MoveKind) -> bool:
    """Whether a message tells staff of a new request."""
    is_to_staff = notice.member_id is not None or notice.channel is Channel.WEBHOOK
    return kind is MoveKind.ASK and is_to_staff


def is_same_news(table: type[OutboxMessage], channel: Channel, member_id: int | None) -> ColumnElement[bool]:
    """Whether a row tells the same addressee of a new request, in the same way."""
    return and_(
        col(table.kind) == MoveKind.ASK,
        col(table.topic) == Topic.MOVE,
        col(table.channel) == channel,
        col(table.member_id).is_not_distinct_from(member_id),
    )
