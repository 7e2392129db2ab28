"""Who of staff changed what in the programme and the settings; nothing about those who ask for meetings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from copapp.models.table import Table


class AuditEntry(Table, table=True):
    """One act: `subject` names what it touched, `changes` the fields, old and new.

    Without a member: the command line.
    """

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    member_id: int | None = Field(default=None, foreign_key="staffmember.id", index=True)
    act: str
    subject: str = ""
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
