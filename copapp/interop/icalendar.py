"""A release as iCalendar (RFC 5545, 7986), from stored values only: written twice, it is the same bytes."""

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo, vText, vUri

from copapp.presenters.programme import where

_PRODID = "-//copapp//Conference companion//EN"
_NO_END = "End not announced."
_REFRESH = timedelta(hours=1)
_AROUND = timedelta(days=30)


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
    _add_zone(made, programme["conference"], chosen)
    written: bytes = made.to_ical()
    return written


def _add_zone(made: Calendar, conference: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Add the VTIMEZONE of the weeks around the conference and its events, not of a century."""
    days = [date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])]
    days += [datetime.fromisoformat(event["ends"] or event["starts"]).date() for event in events]
    days += [datetime.fromisoformat(event["starts"]).date() for event in events]
    made.add_missing_timezones(min(days) - _AROUND, max(days) + _AROUND)
    for observance in (part for zone in made.timezones for part in zone.subcomponents):
        # RFC 5545, 3.6.5: an onset is told in the offset before it. icalendar 7.3 tells one at which clocks
        # go forward in the offset after it, which moves the events of that hour.
        observance.DTSTART -= max(observance.TZOFFSETTO - observance.TZOFFSETFROM, timedelta())


def _head(programme: dict[str, Any], *, named: bool) -> Calendar:
    made = Calendar()
    made.add("prodid", _PRODID)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if named:
        name = _text(f"{programme['conference']['name']} · {programme['conference']['organisation']}")
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
    made.add("summary", _text(event["title"]))
    made.add("dtstart", datetime.fromisoformat(event["starts"]).astimezone(zone))
    if event["ends"]:
        made.add("dtend", datetime.fromisoformat(event["ends"]).astimezone(zone))
    made.add("status", event["status"].upper())
    made.add("location", _text(_location(programme, event)))
    _add_if(made, "description", _description(event))
    if public_url:
        made.add("url", vUri(f"{public_url.rstrip('/')}/event/{event['slug']}"))
    conference = programme["conference"]
    if conference["latitude"] is not None and conference["longitude"] is not None:
        made.add("geo", vGeo((conference["latitude"], conference["longitude"])))
    return made


def _add_if(made: Event, name: str, text: str) -> None:
    if text:
        made.add(name, _text(text))


def _text(text: str) -> vText:
    """Leave out what a content line may not hold (RFC 5545, 3.1): NUL and its like break some readers."""
    kept = (each for each in text if each in "\t\r\n" or unicodedata.category(each) != "Cc")
    return vText("".join(kept))


def _location(programme: dict[str, Any], event: dict[str, Any]) -> str:
    return f"{where(programme, event)}, {programme['conference']['place']}"


def _description(event: dict[str, Any]) -> str:
    parts = [event["descriptions"].get("en", ""), "" if event["ends"] else _NO_END]
    return "\n\n".join(part for part in parts if part)
