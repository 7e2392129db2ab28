"""The venue's clocks, also in the night when they change: people write a time on them, not a length."""

from datetime import UTC, datetime, time, timedelta, tzinfo

_DAY, _AN_EVENING = timedelta(days=1), timedelta(hours=12)


def wall_time(instant: datetime, zone: tzinfo) -> datetime:
    """Give what the venue's clocks show at an instant, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def wall_instant(wall: datetime, zone: tzinfo, known: datetime | None = None) -> datetime:
    """Give the instant (UTC) at which the venue's clocks show this.

    Of two such instants it is the `known` one if that is one of them, else the first. A time that the clocks
    leap over is as much later as they leap.
    """
    if known is not None and wall_time(known, zone).replace(second=0, microsecond=0) == wall:
        return known.astimezone(UTC)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def wall_end(starts: datetime, clock: time, zone: tzinfo) -> datetime:
    """Give when the clocks show `clock` after a start: the same day, or past midnight within an evening.

    Where neither is, it is that time of the same day, before the start.
    """
    begun = wall_time(starts, zone)
    same_day = datetime.combine(begun.date(), clock)
    days = [same_day, same_day + _DAY] if same_day + _DAY - begun <= _AN_EVENING else [same_day]
    instants = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall in days for fold in (0, 1)]
    return next((each for each in instants if each > starts.astimezone(UTC)), instants[0])


def wall_shift(instant: datetime, by: timedelta, zone: tzinfo) -> datetime:
    """Move an instant by so much on the venue's clocks: by a day is to the same time of the next day."""
    local = instant.astimezone(zone)
    moved = (local.replace(tzinfo=None) + by).replace(tzinfo=zone, fold=local.fold)
    return moved.astimezone(UTC)
