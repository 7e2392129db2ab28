"""What was counted, as staff's page shows and prints it; what nobody can know has no number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from copapp.domain.timetable import conference_days
from copapp.models import Conference, EventStatus, RequestStatus

BEFORE, AFTER = "before", "after"
_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
_WAITING = (RequestStatus.PENDING, RequestStatus.COUNTERED)


@dataclass(frozen=True)
class Figures:
    """What was counted. Of an erased request nothing is left but that there was one.

    `asked` is when each request came, `agreed` when each agreed meeting starts, `answered_after` how long
    each took to its first answer; `programme` counts the draft's events.
    """

    states: Counter[RequestStatus]
    asked: list[datetime]
    agreed: list[datetime]
    answered_after: list[timedelta]
    programme: Counter[EventStatus]
    releases: int
    calendars: int
    staff_calendars: int


@dataclass(frozen=True)
class StateCount:
    """How many requests stand so."""

    status: str
    count: int


@dataclass(frozen=True)
class DayCount:
    """What came and what is agreed on a date (YYYY-MM-DD), BEFORE the conference or AFTER it."""

    day: str
    asked: int
    agreed: int


@dataclass(frozen=True)
class FiguresView:
    """The one screen. `answer_unit` is "" where nothing was answered: how long it takes is unknown then."""

    as_of: str = ""
    requests: int = 0
    waiting: int = 0
    agreed: int = 0
    answered: int = 0
    answer_unit: str = ""
    answer_count: int = 0
    states: list[StateCount] = field(default_factory=list)
    days: list[DayCount] = field(default_factory=list)
    erased: int = 0
    events: int = 0
    cancelled: int = 0
    releases: int = 0
    calendars: int = 0
    staff_calendars: int = 0


def figures_view(found: Figures, about: Conference, as_of: str) -> FiguresView:
    """Present what was counted."""
    unit, count = length(found.answered_after)
    return FiguresView(
        as_of,
        found.states.total(),
        sum(found.states[each] for each in _WAITING),
        len(found.agreed),
        len(found.answered_after),
        unit,
        count,
        [StateCount(each, found.states[each]) for each in RequestStatus if found.states[each]],
        _days(found, about),
        found.states[RequestStatus.ERASED],
        found.programme.total(),
        found.programme[EventStatus.CANCELLED],
        found.releases,
        found.calendars,
        found.staff_calendars,
    )


def length(spans: Iterable[timedelta]) -> tuple[str, int]:
    """Give the median in the unit that reads best, from two of it on; ("", 0) of nothing."""
    known = [each.total_seconds() for each in spans]
    if not known:
        return "", 0
    middle = timedelta(seconds=median(known))
    unit = next((name for name, one in _UNITS.items() if middle >= 2 * one), "minutes")
    return unit, round(middle / _UNITS[unit])


def _days(found: Figures, about: Conference) -> list[DayCount]:
    days = conference_days(about.starts, about.ends)
    asked, agreed = (_by_day(each, days, about) for each in (found.asked, found.agreed))
    shown = [each.isoformat() for each in days]
    return [
        DayCount(each, asked[each], agreed[each])
        for each in (BEFORE, *shown, AFTER)
        if each in shown or asked[each] or agreed[each]
    ]


def _by_day(instants: Iterable[datetime], days: list[date], about: Conference) -> Counter[str]:
    zone = ZoneInfo(about.timezone)
    return Counter(_day_of(each.astimezone(zone).date(), days) for each in instants)


def _day_of(day: date, days: list[date]) -> str:
    if day < days[0]:
        return BEFORE
    return AFTER if day > days[-1] else day.isoformat()
