"""The shapes that `store/meeting_views.js` hands to the pages; every text is in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One value to choose."""

    slug: str
    label: str


@dataclass(frozen=True)
class Member:
    """One of us who agreed to be shown."""

    slug: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class SlotDay:
    """A day that has slots (YYYY-MM-DD)."""

    date: str
    short: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class SlotChoice:
    """A slot; `starts` is ISO 8601, `time` and `ends` the venue's clock, `own` the phone's."""

    starts: str
    time: str
    ends: str
    state: str
    label: str
    is_chosen: bool
    own: str


@dataclass(frozen=True)
class Fields:
    """What is written into the form, and what is wrong with it, "" where nothing is."""

    name: str
    organisation: str
    email: str
    reason: str
    event: str
    slot: str
    whom: str
    language: str
    website: str
    consent: bool
    wrong_name: str
    wrong_organisation: str
    wrong_email: str
    wrong_reason: str
    wrong_slot: str
    wrong_whom: str
    wrong_event: str
    wrong_consent: str
    wrong_count: int


@dataclass(frozen=True)
class Summary:
    """What would be sent."""

    when: str
    whom: str
    about: str


@dataclass(frozen=True)
class Terms:
    """Whether one can ask, and what consent means."""

    is_open: bool
    has_offer: bool
    consent: str


@dataclass(frozen=True)
class Line:
    """One line of a request's history."""

    at: str
    text: str
    words: str


@dataclass(frozen=True)
class Request:
    """One request; `status` is the server's word, or queued, refused, unseen."""

    key: str
    token: str
    href: str
    status: str
    label: str
    hint: str
    name: str
    organisation: str
    reason: str
    about: str
    wish: str
    with_whom: str
    meeting: str
    meeting_zone: str
    place: str
    proposal: str
    proposal_place: str
    proposal_day: str
    proposal_id: int
    proposal_words: str
    is_asked: bool
    is_open: bool
    is_kept_by_server: bool
    words: str
    calendar_href: str
    wrong: str
    as_of: str
    history: list[Line]
