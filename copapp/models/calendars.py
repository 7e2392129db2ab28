"""Personal calendars: secret addresses for what somebody saved. Nothing in them says whose they are."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class PersonalCalendar(SQLModel, table=True):
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


class CalendarBookmark(SQLModel, table=True):
    """A saved event in a personal calendar, by its slug."""

    calendar_id: int = Field(foreign_key="personalcalendar.id", primary_key=True)
    refers_to: str = Field(primary_key=True, index=True)


class CalendarMeeting(SQLModel, table=True):
    """A request in a personal calendar, by the hash of its own secret link."""

    calendar_id: int = Field(foreign_key="personalcalendar.id", primary_key=True)
    refers_to: str = Field(primary_key=True)
