"""Files that staff gave to an import, kept while they look at what it would change."""

from datetime import datetime

from sqlmodel import Field

from copapp.models.table import Table


class GivenFile(Table, table=True):
    """One file of one of us, named by the hash of what it holds; gone after a day."""

    member_id: int = Field(foreign_key="staffmember.id", primary_key=True)
    digest: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    content: bytes
