"""Who of staff changed what, and who signed in; nothing about those who ask for meetings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from copapp.models.table import Table

BY_NOBODY = ("sign_in_failed", "sign_in_refused")
"""Acts of somebody who is not signed in; all others without a member are of the command line."""


class AuditEntry(Table, table=True):
    """One act: `subject` names what it touched, `changes` the fields, old and new."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    member_id: int | None = Field(default=None, foreign_key="staffmember.id", index=True)
    act: str
    subject: str = ""
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
