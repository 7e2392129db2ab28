"""The shapes that `store/calendar_views.js` hands to the pages; every text is in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ways:
    """An address to follow, and how each program takes it in; `is_public`: servers elsewhere can fetch it."""

    address: str
    webcal: str
    google: str
    outlook: str
    outlook_home: str
    is_public: bool


@dataclass(frozen=True)
class Mine(Ways):
    """This phone's calendar: `status` is none, offered, joining, making, replacing, live or over.

    `waits`: something is not with the server yet; `others`, `lost`: how many events only the calendar, or
    only this phone has, because of another phone.
    """

    status: str
    alarm: str
    state: str
    waits: bool
    others: int
    lost: int
    problem: str
    expires: str


@dataclass(frozen=True)
class Choice:
    """One value to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Choices:
    """What of the programme can be followed."""

    days: list[Choice]
    sites: list[Choice]
    rooms: list[Choice]


@dataclass(frozen=True)
class Chosen(Ways):
    """What was chosen to be followed, "" for all; `href` is the file's own address here."""

    value: str
    name: str
    href: str
