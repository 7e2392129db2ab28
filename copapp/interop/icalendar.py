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
        made.add_component(_event(programme, event, public_url))
    add_zone(made, _days(programme["conference"], chosen))
    written: bytes = made.to_ical()
    return written


def _days(conference: dict[str, Any], events: list[dict[str, Any]]) -> list[date]:
    days = [date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])]
    days += [datetime.fromisoformat(event["ends"] or event["starts"]).date() for event in events]
    return days + [datetime.fromisoformat(event["starts"]).date() for event in events]


def _head(programme: dict[str, Any], *, named: bool) -> Calendar:
    made = empty_calendar("PUBLISH")
    if named:
        name = plain(f"{programme['conference']['name']} · {programme['conference']['organisation']}")
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
    made.add("summary", plain(event["title"]))
    made.add("dtstart", datetime.fromisoformat(event["starts"]).astimezone(zone))
    if event["ends"]:
        made.add("dtend", datetime.fromisoformat(event["ends"]).astimezone(zone))
    made.add("status", event["status"].upper())
    made.add("location", plain(_location(programme, event)))
    _add_if(made, "description", _description(event))
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


def _description(event: dict[str, Any]) -> str:
    parts = [event["descriptions"].get("en", ""), "" if event["ends"] else NO_END]
    return "\n\n".join(part for part in parts if part)
