"""People with a sign-in, their sessions and links, and when they can be met; instants are stored in UTC."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from copapp.models.table import Table


class StaffRole(StrEnum):
    """What a person with a sign-in may do; a coordinator may also edit team and settings."""

    MEMBER = "member"
    COORDINATOR = "coordinator"


class StaffMember(Table, table=True):
    """One of us. Delegates see name, job title, languages and covered events, and only if `is_shown`."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    email: str = Field(unique=True)
    role: StaffRole = StaffRole.MEMBER
    job_title: str = ""
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    is_shown: bool = False
    password_hash: str = ""
    disabled_at: datetime | None = None
    slot_minutes: int = 30
    buffer_minutes: int = 0
    created_at: datetime


class StaffSession(Table, table=True):
    """One signed-in browser, in two words; the cookie's token is stored as its SHA-256 only."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staffmember.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    browser: str = ""


class StaffLink(Table, table=True):
    """A one-time link to choose a password; without a member it sets up the first coordinator."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int | None = Field(default=None, foreign_key="staffmember.id", index=True)
    token_hash: str = Field(unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class SecondFactor(Table, table=True):
    """What an authenticator app of a member makes codes of, and the last half minute whose code was used."""

    member_id: int | None = Field(default=None, primary_key=True, foreign_key="staffmember.id")
    secret: str
    last_step: int
    created_at: datetime


class RecoveryCode(Table, table=True):
    """A code that stands in for the app's once, as a keyed hash; used ones are gone."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staffmember.id", index=True)
    code_hash: str


class Availability(Table, table=True):
    """A stretch of time in which a staff member can be met."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staffmember.id", index=True)
    starts: datetime
    ends: datetime


class Coverage(Table, table=True):
    """A staff member will be at an event (its slug)."""

    __table_args__ = (UniqueConstraint("member_id", "event"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staffmember.id", index=True)
    event: str


class Attempt(Table, table=True):
    """Something counted against abuse, for a day; a `key` that names somebody is a keyed hash."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    key: str = Field(index=True)
    at: datetime = Field(index=True)
