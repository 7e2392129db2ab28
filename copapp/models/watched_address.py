"""Addresses on the web that are looked at again and again."""

from datetime import datetime

from sqlmodel import Field

from copapp.models.table import Table


class WatchedAddress(Table, table=True):
    """One address: the marks its server gave, what its page `says` (a hash), `content` that waits for review.

    Whoever looks has it for itself until `free_at`; `problem` is the key of why the last look failed.
    """

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    created_at: datetime
    looked_at: datetime
    free_at: datetime
    etag: str = ""
    last_modified: str = ""
    problem: str = ""
    says: str
    content: bytes | None = None
