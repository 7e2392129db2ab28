"""How long something waits or lasts, and what counts as recent, when the clock may have been ahead.

What was written then lies in the future once the clock is right again: nothing may wait for it. A clock that
is put back a little, and those of two machines, make no difference: what lies ahead by less than the longest
that it may take is as good as ever.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_
from sqlmodel import col


def is_live(until: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Whether what lasts or waits until then still does; not if it is more than twice `longest` ahead."""
    return and_(col(until) > now, col(until) <= now + 2 * longest)


def is_over(until: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Say the opposite."""
    return not_(is_live(until, now, longest))


def is_recent(at: Any, now: datetime, window: timedelta) -> ColumnElement[bool]:
    """Whether something happened within this time of now, on either side."""
    return and_(col(at) > now - window, col(at) <= now + window)
