"""What may be wrong with a draft, for staff to look at before a release. A hint, never a wall."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from copapp.domain.clashes import Engagement, Verdict, judge


class HintKind(StrEnum):
    """What it is about."""

    ROOM_TWICE = "room_twice"
    PERSON_TWICE = "person_twice"
    NO_END = "no_end"
    OUTSIDE = "outside"
    NOT_ON_THE_PLAN = "not_on_the_plan"
    UNUSUAL_SLOT = "unusual_slot"


@dataclass(frozen=True)
class Hint:
    """One hint about an event (its slug); `other` is the event in its way, `person` who would be at both."""

    kind: HintKind
    event: str
    other: str = ""
    person: str = ""


@dataclass(frozen=True)
class Planned:
    """An event of the draft, as far as hints go; instants are aware, `ends` None where unknown."""

    slug: str
    starts: datetime
    ends: datetime | None
    room: str
    site: str
    is_cancelled: bool = False


@dataclass(frozen=True)
class Frame:
    """What a draft is held against: the conference's days, its usual slots ("12:45-13:30"), the rooms drawn.

    `walks` are minutes between two sites, `rooms` None where the venue has no plan.
    """

    zone: ZoneInfo
    starts: date
    ends: date
    assumed_minutes: int
    usual_slots: AbstractSet[str]
    rooms: AbstractSet[str] | None
    walks: Mapping[frozenset[str], int]


def hints(events: Iterable[Planned], covered: Mapping[str, AbstractSet[str]], frame: Frame) -> list[Hint]:
    """List what to look at, by event and kind; `covered` gives the events (slugs) that each person is at."""
    held = [each for each in events if not each.is_cancelled]
    held.sort(key=lambda each: (each.starts, each.slug))
    found = [hint for each in held for hint in _of_one(each, frame)]
    for room in {each.room for each in held}:
        clashing = _clashing([each for each in held if each.room == room], frame)
        found += [Hint(HintKind.ROOM_TWICE, *pair) for pair in clashing]
    for person, slugs in covered.items():
        clashing = _clashing([each for each in held if each.slug in slugs], frame)
        found += [Hint(HintKind.PERSON_TWICE, *pair, person) for pair in clashing]
    return sorted(found, key=lambda hint: (hint.event, hint.kind, hint.other, hint.person))


def _of_one(event: Planned, frame: Frame) -> list[Hint]:
    starts = event.starts.astimezone(frame.zone)
    ends = event.ends.astimezone(frame.zone) if event.ends else None
    slot = f"{starts:%H:%M}-{ends:%H:%M}" if ends else ""
    checks = {
        HintKind.NO_END: ends is None,
        HintKind.OUTSIDE: not frame.starts <= starts.date() <= frame.ends,
        HintKind.NOT_ON_THE_PLAN: frame.rooms is not None and event.room not in frame.rooms,
        HintKind.UNUSUAL_SLOT: bool(frame.usual_slots and slot) and slot not in frame.usual_slots,
    }
    return [Hint(kind, event.slug) for kind, is_so in checks.items() if is_so]


def _clashing(events: list[Planned], frame: Frame) -> list[tuple[str, str]]:
    """Give each two (`events` by time) that cannot, or perhaps cannot, both be held by one room or person."""
    planned = [Engagement(each.starts, each.ends, each.slug, each.site) for each in events]
    return [
        (one.name, other.name)
        for one, other in _near(planned, frame)
        if judge(one, other, frame.walks, frame.assumed_minutes).verdict is not Verdict.NONE
    ]


def _near(planned: list[Engagement], frame: Frame) -> Iterator[tuple[Engagement, Engagement]]:
    """Give the pairs that may stand in each other's way: no event and walk together reach further."""
    assumed = timedelta(minutes=frame.assumed_minutes)
    longest = max((each.ends - each.starts if each.ends else assumed for each in planned), default=assumed)
    reach = longest + timedelta(minutes=max(frame.walks.values(), default=0))
    for place, one in enumerate(planned):
        within = takewhile(lambda other: other.starts - one.starts <= reach, islice(planned, place + 1, None))  # noqa: B023 - used up at once
        yield from ((one, other) for other in within)
