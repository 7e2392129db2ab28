"""What this version of the app can read: beside a newer one, rows may say what it has no word for.

Such a row is left to a worker that knows it. For what every worker does by itself.
"""

from typing import Any

from sqlalchemy import ColumnElement, Enum, inspect
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, and_, col, exists, not_, or_

from copapp.models import MeetingMove, MeetingRequest, OutboxMessage


def is_known(table: type[SQLModel]) -> ColumnElement[bool]:
    """Whether each word in a row is one of ours; an alias of the table serves as well."""
    columns = [getattr(table, each.key) for each in inspect(table).mapper.column_attrs]
    words = [each for each in columns if isinstance(each.type, Enum)]
    return and_(*(or_(each.is_(None), each.in_(list(each.type.enum_class))) for each in words))


def has_known_story(request_id: Any) -> ColumnElement[bool]:
    """Whether a request, and all that was done to it, is told in words of ours; true of none."""
    request, move = aliased(MeetingRequest), aliased(MeetingMove)
    return not_(
        or_(
            exists().where(col(request.id) == request_id, not_(is_known(request))),
            exists().where(col(move.request_id) == request_id, not_(is_known(move))),
        )
    )


def can_be_told(table: type[OutboxMessage]) -> ColumnElement[bool]:
    """Whether a message, and all that it tells of, is in words of ours."""
    return and_(is_known(table), has_known_story(table.request_id))
