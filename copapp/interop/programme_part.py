"""Which part of a programme somebody follows: what one room, one site or one day holds, with a name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from copapp.interop.paper.words import Words


@dataclass(frozen=True)
class ProgrammePart:
    """Events of a release, in the public shape and in its order."""

    name: str
    events: list[dict[str, Any]]


def room_part(programme: dict[str, Any], slug: str, _: str) -> ProgrammePart | None:
    """Give what is in a room; None where the programme holds no such room."""
    found = [room["name"] for room in programme["rooms"] if room["slug"] == slug]
    events = [event for event in programme["events"] if event["room"] == slug]
    return ProgrammePart(found[0], events) if found else None


def site_part(programme: dict[str, Any], slug: str, _: str) -> ProgrammePart | None:
    """Give what is in any room of a site; None where the programme holds no such site."""
    found = [site["name"] for site in programme["sites"] if site["slug"] == slug]
    rooms = {room["slug"] for room in programme["rooms"] if room["site"] == slug}
    events = [event for event in programme["events"] if event["room"] in rooms]
    return ProgrammePart(found[0], events) if found else None


def day_part(programme: dict[str, Any], day: str, language: str) -> ProgrammePart | None:
    """Give what starts on a day (YYYY-MM-DD, the venue's); None for a day outside that has no event."""
    events = [event for event in programme["events"] if _day_of(event) == day]
    if not events and day not in _days(programme["conference"]):
        return None
    return ProgrammePart(Words(language).day(date.fromisoformat(day)), events)


# By the kind of what is followed, as its address names it; from a release, which one, and a language.
PARTS: dict[str, Callable[[dict[str, Any], str, str], ProgrammePart | None]] = {
    "rooms": room_part,
    "sites": site_part,
    "days": day_part,
}


def _day_of(event: dict[str, Any]) -> str:
    return datetime.fromisoformat(event["starts"]).date().isoformat()


def _days(conference: dict[str, Any]) -> list[str]:
    first, last = (date.fromisoformat(conference[each]) for each in ("starts", "ends"))
    return [(first + timedelta(days=each)).isoformat() for each in range((last - first).days + 1)]
