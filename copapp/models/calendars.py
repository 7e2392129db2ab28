"""Calendars behind secret addresses: what somebody saved, without a name, and what staff have to do."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from copapp.models.table import Table

_LIVE = text("ended_at IS NULL")


class PersonalCalendar(Table, table=True):
    """One address; `token_hash` alone is kept of it. `alarm` is minutes before an entry, None for no alarm.

    Once `ended_at` is set nothing of what it held is left, and its address answers 410.
    """

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    language: str
    alarm: int | None = None
    created_at: datetime
    ended_at: datetime | None = None


class CalendarBookmark(Table, table=True):
    """A saved event in a personal calendar, by its slug."""

    calendar_id: int = Field(foreign_key="personalcalendar.id", primary_key=True)
    refers_to: str = Field(primary_key=True, index=True)


class CalendarMeeting(Table, table=True):
    """A request in a personal calendar, by the hash of its own secret link."""

    calendar_id: int = Field(foreign_key="personalcalendar.id", primary_key=True)
    refers_to: str = Field(primary_key=True)


class StaffCalendar(Table, table=True):
    """An address of one of us: what one has to do oneself, or `of_team`, what all of us have.

    Of the address `token_hash` alone is kept; from `ended_at` on it answers 410. One of each kind is live.
    """

    __table_args__ = (
        Index(
            "ix_staffcalendar_live",
            "member_id",
            "of_team",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staffmember.id")
    of_team: bool
    token_hash: str = Field(unique=True)
    language: str
    alarm: int | None = None
    created_at: datetime
    ended_at: datetime | None = None
