"""A release as iCalendar (RFC 5545, 7986), from stored values only: written twice, it is the same bytes."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo, vUri

from copapp.interop.assumed_end import NO_END
from copapp.presenters.calendar import add_zone, empty_calendar, plain
from copapp.presenters.programme import where

_REFRESH = timedelta(hours=1)


def calendar(programme: dict[str, Any], public_url: str = "", only: str | None = None) -> bytes | None:
    """Write all events of a release (the public shape), or the one with slug `only`; None if there is none.

    UTF-8 folded at 75 octets, CRLF, METHOD:PUBLISH, VTIMEZONE of the conference's zone. An event without a
    known end has no DTEND, and its DESCRIPTION says so. URL is the event's page under `public_url`, if any.
    """
    chosen = [event for event in programme["events"] if only in (None, event["slug"])]
    if only is not None and not chosen:
        return None
    made = _head(programme, named=only is None)
    for event in chosen:
        made.add_component(entry(programme, event, public_url))
    add_zone(made, days(programme["conference"], chosen))
    written: bytes = made.to_ical()
    return written


def days(conference: dict[str, Any], events: list[dict[str, Any]]) -> list[date]:
    """List the days of a conference and of its events, for VTIMEZONE."""
    found = [date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])]
    found += [datetime.fromisoformat(event["ends"] or event["starts"]).date() for event in events]
    return found + [datetime.fromisoformat(event["starts"]).date() for event in events]


def _head(programme: dict[str, Any], *, named: bool) -> Calendar:
    made = empty_calendar("PUBLISH")
    if named:
        name = f"{programme['conference']['name']} · {programme['conference']['organisation']}"
        name_calendar(made, name, programme["conference"]["timezone"])
    return made


def name_calendar(made: Calendar, name: str, zone: str) -> None:
    """Say what a subscribed calendar is called, and how often to look (RFC 7986, and what came before)."""
    made.add("name", plain(name))
    made.add("x-wr-calname", plain(name))
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")


def entry(
    programme: dict[str, Any],
    event: dict[str, Any],
    public_url: str,
    language: str = "en",
    no_end: str = NO_END,
) -> Event:
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
    _add_if(made, "description", _description(event, language, no_end))
    if public_url:
        made.add("url", vUri(f"{public_url.rstrip('/')}/event/{event['slug']}"))
    conference = programme["conference"]
    if conference["latitude"] is not None and conference["longitude"] is not None:
        made.add("geo", vGeo((conference["latitude"], conference["longitude"])))
    return made


def _add_if(made: Event, name: str, text: str) -> None:
    if text:
        made.add(name, plain(text))


def _location(programme: dict[str, Any], event: dict[str, Any]) -> str:
    return f"{where(programme, event)}, {programme['conference']['place']}"


def _description(event: dict[str, Any], language: str, no_end: str) -> str:
    told = event["descriptions"].get(language) or event["descriptions"].get("en", "")
    parts = [told, "" if event["ends"] else no_end]
    return "\n\n".join(part for part in parts if part)
