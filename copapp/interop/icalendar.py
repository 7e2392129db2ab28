"""A release as iCalendar (RFC 5545, 7986), from stored values only: written twice, it is the same bytes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo, vText, vUri

_PRODID = "-//Altyn Dala Conservation Initiative//Conference companion//EN"
_NO_END = "End not announced."
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
        made.add_component(_event(programme, event, public_url))
    made.add_missing_timezones(*_years(programme["conference"]))
    written: bytes = made.to_ical()
    return written


def _years(conference: dict[str, Any]) -> tuple[date, date]:
    """Bound the VTIMEZONE: the rules of the conference's years, not of a century."""
    starts, ends = date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])
    return date(starts.year, 1, 1), date(ends.year + 1, 1, 1)


def _head(programme: dict[str, Any], *, named: bool) -> Calendar:
    made = Calendar()
    made.add("prodid", _PRODID)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if named:
        name = f"{programme['conference']['name']} · {programme['conference']['organisation']}"
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", programme["conference"]["timezone"])
        made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT1H")
    return made


def _event(programme: dict[str, Any], event: dict[str, Any], public_url: str) -> Event:
    zone = ZoneInfo(programme["conference"]["timezone"])
    updated = datetime.fromisoformat(event["updated_at"]).astimezone(ZoneInfo("UTC"))
    made = Event()
    made.add("uid", event["uid"])
    made.add("dtstamp", updated)
    made.add("last-modified", updated)
    made.add("sequence", event["sequence"])
    made.add("summary", event["title"])
    made.add("dtstart", datetime.fromisoformat(event["starts"]).astimezone(zone))
    if event["ends"]:
        made.add("dtend", datetime.fromisoformat(event["ends"]).astimezone(zone))
    made.add("status", event["status"].upper())
    made.add("location", _location(programme, event))
    _add_if(made, "description", _description(event))
    if public_url:
        made.add("url", vUri(f"{public_url.rstrip('/')}/event/{event['slug']}"))
    conference = programme["conference"]
    if conference["latitude"] is not None and conference["longitude"] is not None:
        made.add("geo", vGeo((conference["latitude"], conference["longitude"])))
    return made


def _add_if(made: Event, name: str, text: str) -> None:
    if text:
        made.add(name, vText(text))


def _location(programme: dict[str, Any], event: dict[str, Any]) -> str:
    room = _by_slug(programme["rooms"], event["room"])
    site = _by_slug(programme["sites"], room["site"])
    return f"{room['name']}, {site['name']}, {programme['conference']['place']}"


def _by_slug(items: Iterable[dict[str, Any]], slug: str) -> dict[str, Any]:
    return next(item for item in items if item["slug"] == slug)


def _description(event: dict[str, Any]) -> str:
    parts = [event["descriptions"].get("en", ""), "" if event["ends"] else _NO_END]
    return "\n\n".join(part for part in parts if part)
