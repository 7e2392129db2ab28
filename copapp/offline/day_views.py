"""The shapes that `store/day_views.js` hands to the saved day; every text is in the reader's language."""

from dataclasses import dataclass

from copapp.offline.views import Card


@dataclass(frozen=True)
class Joint:
    """How an entry follows an earlier one; `kind` is gap, walk, possible or certain, "" where none does."""

    kind: str
    title: str
    text: str
    walk: str
    way_href: str


@dataclass(frozen=True)
class Line:
    """One clash of an entry; `verdict` is certain or possible, `reason` "" where a joint says it."""

    key: str
    verdict: str
    words: str
    name: str
    lang: str
    at: str
    reason: str


@dataclass(frozen=True)
class Stop(Card):
    """An event or an agreed meeting in the day; `status` is that of a meeting's request."""

    is_meeting: bool
    status: str
    lines: list[Line]
    joint: Joint


@dataclass(frozen=True)
class Stretch:
    """Stops that clash, held together, or one alone; `kind` is certain or possible, "" for one alone."""

    key: str
    kind: str
    lead: Joint
    stops: list[Stop]


@dataclass(frozen=True)
class SavedDay:
    """One date (YYYY-MM-DD) at the venue from top to bottom; its clashes counted in words, "" for none."""

    date: str
    label: str
    is_today: bool
    certain: str
    possible: str
    stretches: list[Stretch]


@dataclass(frozen=True)
class Vanished:
    """A saved event that the programme no longer holds."""

    slug: str
    title: str
