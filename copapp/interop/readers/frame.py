"""What a reader knows of the conference that a file is for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True)
class Frame:
    """The conference's zone and days, its known rooms as (room, site), its sites, and its place, all by name.

    A day's number alone gets month and year from the days, a time without a zone is the venue's.
    """

    zone: ZoneInfo
    starts: date
    ends: date
    rooms: tuple[tuple[str, str], ...] = ()
    sites: tuple[str, ...] = ()
    place: str = ""

    def instant(self, day: date, clock: time) -> datetime | None:
        """Give the UTC instant of a time at the venue; None if it is in no year of ours."""
        return self.in_utc(datetime.combine(day, clock))

    def in_utc(self, given: datetime) -> datetime | None:
        """Give the UTC instant; one without a zone is the venue's; None if it is in no year of ours."""
        if not _FIRST_YEAR <= given.year <= _LAST_YEAR:
            return None
        return (given if given.tzinfo else given.replace(tzinfo=self.zone)).astimezone(UTC)
