"""How long something waits, and what counts as recent, when the clock may have been ahead for a while.

What was written then lies in the future once the clock is right again: no wait may follow from it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col


def is_over(until: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Whether a wait is over: its time has come, or lies further ahead than any wait can."""
    return or_(col(until) <= now, col(until) > now + longest)


def is_recent(at: Any, now: datetime, window: timedelta) -> ColumnElement[bool]:
    """Whether something happened within this time of now, on either side."""
    return and_(col(at) > now - window, col(at) <= now + window)


def is_live(until: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Whether what lasts until then is good: not over, and not longer than it ever lasts."""
    return and_(col(until) > now, col(until) <= now + longest)
