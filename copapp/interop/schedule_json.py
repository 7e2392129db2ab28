"""A release as schedule.json (c3voc's schema.json), from stored values only: twice the same bytes."""

import json
import re
from datetime import timedelta
from typing import Any

from copapp.interop.schedule import Entry, Schedule, ScheduleDay, schedule

# What the schema takes for a zone's name.
_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+|.*UTC$")


def schedule_json(programme: dict[str, Any], public_url: str = "") -> bytes:
    """Write a release (the public shape); `url` of an event is its page under `public_url`, if any."""
    made = schedule(programme, public_url)
    document = {
        "schedule": {
            "version": made.version,
            **({"base_url": f"{made.url}/"} if made.url else {}),
            "conference": _conference(made),
        },
        "generator": {"name": "copapp"},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _conference(made: Schedule) -> dict[str, Any]:
    return {
        "acronym": made.acronym,
        "title": made.title,
        "start": made.days[0].date.isoformat(),
        "end": made.days[-1].date.isoformat(),
        "daysCount": len(made.days),
        "timeslot_duration": "00:05",
        **({"time_zone_name": made.zone.key} if _ZONE.match(made.zone.key) else {}),
        **({"url": f"{made.url}/"} if made.url else {}),
        "rooms": [
            {"name": room.name, "slug": room.slug, "guid": room.guid, "description": room.site}
            for room in made.rooms.values()
        ],
        "days": [_day(day) for day in made.days],
    }


def _day(day: ScheduleDay) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.starts.isoformat(),
        "day_end": day.ends.isoformat(),
        "rooms": {name: [_event(entry) for entry in entries] for name, entries in day.rooms.items()},
    }


def _event(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "guid": entry.guid,
        "date": entry.starts.isoformat(),
        "start": f"{entry.starts:%H:%M}",
        "end": entry.ends.isoformat(),
        "duration": _duration(entry.length),
        "room": entry.room,
        "slug": entry.slug,
        "url": entry.url,
        "title": entry.title,
        "subtitle": entry.subtitle,
        "track": None,
        "type": "other",
        "language": entry.language,
        "abstract": entry.abstract,
        "description": None,
        "persons": [],
        "links": [],
    }


def _duration(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
