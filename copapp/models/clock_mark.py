"""What the machine's clock has shown."""

from datetime import datetime

from sqlmodel import Field

from copapp.models.table import Table


class ClockMark(Table, table=True):
    """The one row of `domain.clock_trust.Mark`."""

    id: int = Field(default=1, primary_key=True)
    seen: datetime
    since: datetime | None = None
    until: datetime | None = None
