"""The shapes that `store/views.js` hands to the pages; an unknown name in a page fails the build."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """One event as a list shows it; every text is in the reader's language, `instant` is ISO 8601."""

    slug: str
    href: str
    title: str
    instant: str
    starts: str
    ends: str
    no_end: str
    phone_time: str
    day: str
    room: str
    site: str
    map_href: str
    saved: bool
    save_label: str
    cancelled: bool
    tag: str
    changes: list[str]


@dataclass(frozen=True)
class EventPage(Card):
    """One event on its own page."""

    when: str
    zone: str
    published: str
    description: str
    description_lang: str
    no_description: str
    source: str
    source_url: str
    calendar_href: str
    ends_at: str
    summary: str


@dataclass(frozen=True)
class Day:
    """The events that start on one date (YYYY-MM-DD) at the venue."""

    date: str
    label: str
    is_today: bool
    cards: list[Card]


@dataclass(frozen=True)
class DayTab:
    """One date of the conference to choose."""

    date: str
    weekday: str
    number: str
    label: str
    is_current: bool
    is_today: bool
    is_empty: bool


@dataclass(frozen=True)
class SiteChoice:
    """One site to choose."""

    slug: str
    name: str
    is_current: bool


@dataclass(frozen=True)
class Brief(Card):
    """An event among now and next; `lead` says when, with the day where it is not today."""

    lead: str


@dataclass(frozen=True)
class Carried:
    """What a link or a text carries, as a question, and what of it could not be read."""

    lines: list[str]
    can_add: bool


@dataclass(frozen=True)
class NowNext:
    """What runs, then what comes; `shown` only while the conference runs."""

    shown: bool
    has_now: bool
    briefs: list[Brief]


@dataclass(frozen=True)
class Freshness:
    """How old the programme is: `kind` is fresh, stale or offline."""

    kind: str
    text: str


@dataclass(frozen=True)
class Banner:
    """What stands above every page, "" where there is nothing to say."""

    preview: str
    over: str


@dataclass(frozen=True)
class Conference:
    """The conference and its release, as the pages name them."""

    slug: str
    name: str
    long_name: str
    place: str
    address: str
    organisation: str
    dates: str
    zone: str
    introduction: list[str]
    about: str
    about_lang: str
    contact_email: str
    funding_url: str
    release: str
