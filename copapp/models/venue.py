"""The venue's plans: the latest counts, the earlier ones are kept."""

from datetime import datetime

from sqlmodel import Field

from copapp.models.table import Table


class VenuePlan(Table, table=True):
    """One plan: the file as it was given, and the document that phones get, both never changed."""

    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(foreign_key="conference.id", index=True)
    kept_at: datetime
    content: str
    document: str
    etag: str
