"""What is said of a conference itself, by its data folder or by a form: one reader, one set of rules."""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copapp.domain.event_form import FormProblem
from copapp.domain.source import SourceConference
from copapp.interop.toml_item import Item

LONGEST_RETENTION = 365
LONGEST_LINE, LONGEST_TEXT = 300, 5_000
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5][05]")
_SLOT = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_LINES = ("name", "long_name", "place", "address", "organisation", "contact_email", "funding_url")


class ConferenceFormError(ValueError):
    """A form that cannot be kept; `problems` name fields and codes, one for each field at most."""

    def __init__(self, found: list[FormProblem]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.code}" for each in found))
        self.problems = found


def read_form(given: dict[str, Any]) -> SourceConference:
    """Read what a form says, by the keys and types of `conference.toml`. Raises ConferenceFormError."""
    item = Item("the form", given, [])
    made, _ = read_conference(item)
    if item.problems:
        first = {each.field: each for each in reversed(item.blamed)}
        raise ConferenceFormError(list(reversed(first.values())))
    return made


def read_conference(item: Item) -> tuple[SourceConference, ZoneInfo]:
    """Read a conference and its zone; what is wrong is noted in the item."""
    zone_name, zone = _zone(item)
    starts, ends = item.take("starts", date), item.take("ends", date)
    if starts and ends and ends < starts:
        item.wrong(f"`ends` ({ends}) is before `starts` ({starts})", "ends", "order")
    made = SourceConference(
        slug=item.slug(),
        name=item.text("name"),
        long_name=item.text("long_name"),
        place=item.text("place"),
        address=item.text("address"),
        latitude=item.coordinate("latitude", 90),
        longitude=item.coordinate("longitude", 180),
        timezone=zone_name,
        starts=starts,
        ends=ends,
        organisation=item.text("organisation"),
        introduction=item.texts("introduction"),
        about=item.texts_by_language("about"),
        contact_email=item.text("contact_email", ""),
        funding_url=item.text("funding_url", ""),
        assumed_length_minutes=item.number("assumed_length_minutes", 60),
        meeting_day_starts=item.text("meeting_day_starts", "09:00"),
        meeting_day_ends=item.text("meeting_day_ends", "18:00"),
        meeting_minutes=item.number("meeting_minutes", 30),
        retention_days=item.number("retention_days", 30),
        usual_slots=item.texts("usual_slots"),
    )
    _check_texts(item, made)
    _check_times(item, made)
    if (made.latitude is None) != (made.longitude is None):
        item.wrong("`latitude` and `longitude` should be given both, or neither", "longitude", "both")
    item.done()
    return made, zone


def _check_texts(item: Item, made: SourceConference) -> None:
    if made.funding_url and not made.funding_url.startswith("https://"):
        item.wrong("`funding_url` should begin with https://", "funding_url", "web")
    if made.contact_email and not _ADDRESS.fullmatch(made.contact_email):
        item.wrong(
            f"`contact_email` is {made.contact_email!r}; it should be an address such as us@example.org",
            "contact_email",
            "email",
        )
    lengths = {name: (len(getattr(made, name)), LONGEST_LINE) for name in _LINES}
    lengths["introduction"] = (max(map(len, map(str, made.introduction)), default=0), LONGEST_TEXT)
    lengths["about"] = (max(map(len, map(str, made.about.values())), default=0), LONGEST_TEXT)
    for name, (length, most) in lengths.items():
        if length > most:
            item.wrong(f"`{name}` has {length} characters; {most} is the most", name, "too_long")


def _check_times(item: Item, made: SourceConference) -> None:
    hours = {"meeting_day_starts": made.meeting_day_starts, "meeting_day_ends": made.meeting_day_ends}
    unread = [name for name, hour in hours.items() if not _CLOCK.fullmatch(hour)]
    if unread:
        words = "`meeting_day_starts` and `meeting_day_ends` should be times of the day such as 09:00"
        item.wrong(words, unread[0], "clock")
    elif made.meeting_day_starts >= made.meeting_day_ends:
        item.wrong("`meeting_day_ends` is not after `meeting_day_starts`", "meeting_day_ends", "after")
    for slot in made.usual_slots:
        if not _SLOT.fullmatch(str(slot)):
            words = f"`usual_slots` holds {slot!r}; it should hold slots such as 12:45-13:30"
            item.wrong(words, "usual_slots", "slot")
    if made.meeting_minutes % 5:
        words = f"`meeting_minutes` is {made.meeting_minutes}; it should be a multiple of 5"
        item.wrong(words, "meeting_minutes", "grid")
    if made.retention_days > LONGEST_RETENTION:
        words = f"`retention_days` is {made.retention_days}; {LONGEST_RETENTION} is the most"
        item.wrong(words, "retention_days", "days")


def _zone(item: Item) -> tuple[str, ZoneInfo]:
    name = item.text("timezone")
    try:
        return name, ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        item.wrong(
            f"`timezone` is {name!r}; it should be an IANA name such as Europe/Lisbon", "timezone", "zone"
        )
        return name, ZoneInfo("UTC")
