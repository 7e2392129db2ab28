"""A release as iCalendar (RFC 5545, 7986), from stored values only: written twice, it is the same bytes."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo, vUri

from copapp.i18n import catalogue
from copapp.interop.programme_part import ProgrammePart
from copapp.presenters.calendar import add_zone, empty_calendar, plain
from copapp.presenters.programme import where

_REFRESH = timedelta(hours=1)
# A name of CSS3 (RFC 7986, 5.9), near the blue of the app.
_COLOR = "steelblue"


def calendar(
    programme: dict[str, Any], public_url: str = "", only: str | None = None, language: str = "en"
) -> bytes | None:
    """Write all events of a release (the public shape), or the one with slug `only`; None if there is none.

    UTF-8 folded at 75 octets, CRLF, METHOD:PUBLISH, VTIMEZONE of the conference's zone. An event without a
    known end has no DTEND, and its DESCRIPTION says so. URL is the event's page under `public_url`, if any.
    """
    chosen = [event for event in programme["events"] if only in (None, event["slug"])]
    if only is not None and not chosen:
        return None
    about = programme["conference"]
    name = f"{about['name']} · {about['organisation']}" if only is None else ""
    return _written(programme, chosen, name, public_url, language)


def part_calendar(
    programme: dict[str, Any], part: ProgrammePart, public_url: str = "", language: str = "en"
) -> bytes:
    """Write what a room, a site or a day holds now, as `calendar` does.

    An event that went elsewhere is no longer in it; a cancelled one stays, as STATUS:CANCELLED.
    """
    name = f"{programme['conference']['name']} · {part.name}"
    return _written(programme, part.events, name, public_url, language)


def _written(
    programme: dict[str, Any], events: list[dict[str, Any]], name: str, public_url: str, language: str
) -> bytes:
    """Write a file; one without a name is for taking in once, not for following."""
    made = empty_calendar("PUBLISH")
    if name:
        name_calendar(made, name, programme["conference"]["timezone"], _COLOR)
    for event in events:
        made.add_component(entry(programme, event, public_url, language))
    add_zone(made, days(programme["conference"], events))
    body: bytes = made.to_ical()
    return body


def days(conference: dict[str, Any], events: list[dict[str, Any]]) -> list[date]:
    """List the days of a conference and of its events, for VTIMEZONE."""
    found = [date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])]
    found += [datetime.fromisoformat(event["ends"] or event["starts"]).date() for event in events]
    return found + [datetime.fromisoformat(event["starts"]).date() for event in events]


def name_calendar(made: Calendar, name: str, zone: str, color: str) -> None:
    """Say what a followed calendar is called, and how often to look (RFC 7986, and what came before)."""
    made.add("name", plain(name))
    made.add("color", color)
    made.add("x-wr-calname", plain(name))
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")


def entry(programme: dict[str, Any], event: dict[str, Any], public_url: str, language: str) -> Event:
    """Write one event; its description in that language, or in English where it has none."""
    zone = ZoneInfo(programme["conference"]["timezone"])
    updated = datetime.fromisoformat(event["updated_at"]).astimezone(ZoneInfo("UTC"))
    made = Event()
    made.add("uid", event["uid"])
    made.add("dtstamp", updated)
    made.add("last-modified", updated)
    made.add("sequence", event["sequence"])
    made.add("summary", plain(event["title"]))
    made.add("dtstart", datetime.fromisoformat(event["starts"]).astimezone(zone))
    if event["ends"]:
        made.add("dtend", datetime.fromisoformat(event["ends"]).astimezone(zone))
    made.add("status", event["status"].upper())
    made.add("location", plain(_location(programme, event)))
    _add_if(made, "description", _description(event, language))
    if public_url:
        made.add("url", vUri(f"{public_url.rstrip('/')}/event/{event['slug']}"))
    add_point(made, programme["conference"])
    return made


def add_point(made: Event, conference: dict[str, Any]) -> None:
    """Add where the whole complex is, if that is known (RFC 5545, 3.8.1.6): of a room nobody can say it."""
    if conference["latitude"] is not None and conference["longitude"] is not None:
        made.add("geo", vGeo((conference["latitude"], conference["longitude"])))


def _add_if(made: Event, name: str, text: str) -> None:
    if text:
        made.add(name, plain(text))


def _location(programme: dict[str, Any], event: dict[str, Any]) -> str:
    return f"{where(programme, event)}, {programme['conference']['place']}"


def _description(event: dict[str, Any], language: str) -> str:
    told = event["descriptions"].get(language) or event["descriptions"].get("en", "")
    parts = [told, "" if event["ends"] else str(catalogue(language, "calendar")["calendar.no_end"])]
    return "\n\n".join(part for part in parts if part)
