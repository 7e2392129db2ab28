"""A release as the c3voc family of formats needs it: what schedule.xml and schedule.json have in common.

Both demand an end, an integer id and a GUID of each event. An unknown end is the conference's assumed length
later, and the subtitle says so; our own readers know it again. A cancelled event says so in its subtitle.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from copapp.domain.imported import guid
from copapp.interop.assumed_end import CANCELLED, assumed

_ACRONYM = 4
_IDS = 2**31 - 1
_SOURCE = "en"


@dataclass(frozen=True)
class Entry:
    """One event; instants carry the venue's offset, `ends` is the assumed one where it is unknown."""

    id: int
    guid: str
    slug: str
    title: str
    subtitle: str
    starts: datetime
    ends: datetime
    room: str
    language: str
    abstract: str
    url: str

    @property
    def length(self) -> timedelta:
        return self.ends.astimezone(UTC) - self.starts.astimezone(UTC)


@dataclass(frozen=True)
class ScheduleRoom:
    """A room; where two share a name, with the site behind it."""

    name: str
    slug: str
    guid: str
    site: str


@dataclass(frozen=True)
class ScheduleDay:
    """A calendar day at the venue, with the events that begin on it by room."""

    index: int
    date: date
    starts: datetime
    ends: datetime
    rooms: dict[str, list[Entry]]


@dataclass(frozen=True)
class Schedule:
    """A whole release; `url` is empty where the app's own address is not known."""

    acronym: str
    title: str
    version: str
    url: str
    zone: ZoneInfo
    rooms: dict[str, ScheduleRoom]
    days: list[ScheduleDay]


def schedule(programme: dict[str, Any], public_url: str = "") -> Schedule:
    """Arrange a release (the public shape) by days and rooms."""
    conference = programme["conference"]
    release = programme["release"]
    acronym = _acronym(conference["slug"])
    rooms = _rooms(programme)
    url = public_url.rstrip("/")
    ids = stable_ids([event["uid"] for event in programme["events"]])
    entries = [_entry(programme, event, ids[event["uid"]], rooms, url) for event in programme["events"]]
    zone = ZoneInfo(conference["timezone"])
    return Schedule(
        acronym=acronym,
        title=conference["name"],
        version=f"Release {release['number']}, {release['released_at']}",
        url=url,
        zone=zone,
        rooms=rooms,
        days=_days(conference, entries, rooms, zone),
    )


def stable_ids(uids: list[str]) -> dict[str, int]:
    """Give each event a positive integer that follows from its UID; no two of one file share one."""
    ids: dict[str, int] = {}
    used: set[int] = set()
    for uid in sorted(uids):
        number = int.from_bytes(hashlib.sha256(uid.encode()).digest()[:8]) % _IDS + 1
        while number in used:
            number = number % _IDS + 1
        used.add(number)
        ids[uid] = number
    return ids


def _acronym(slug: str) -> str:
    """Give a conference's short name: a-z, 0-9 and _ only, four or more."""
    found = re.sub(r"[^a-z0-9]+", "_", slug)
    return found if len(found) >= _ACRONYM else f"conference_{found}"


def _rooms(programme: dict[str, Any]) -> dict[str, ScheduleRoom]:
    sites = {site["slug"]: site["name"] for site in programme["sites"]}
    names = Counter(room["name"] for room in programme["rooms"])
    conference = programme["conference"]["slug"]
    return {
        room["slug"]: ScheduleRoom(
            name=room["name"] if names[room["name"]] == 1 else f"{room['name']}, {sites[room['site']]}",
            slug=f"room-{room['slug']}",
            guid=str(uuid5(NAMESPACE_URL, f"copapp:room:{conference}:{room['slug']}")),
            site=sites[room["site"]],
        )
        for room in programme["rooms"]
    }


def _entry(
    programme: dict[str, Any], event: dict[str, Any], number: int, rooms: dict[str, ScheduleRoom], url: str
) -> Entry:
    conference = programme["conference"]
    minutes = conference["assumed_length_minutes"]
    starts = datetime.fromisoformat(event["starts"])
    ends = datetime.fromisoformat(event["ends"]) if event["ends"] else starts + timedelta(minutes=minutes)
    notes = [CANCELLED] if event["status"] == "cancelled" else []
    notes += [] if event["ends"] else [assumed(minutes)]
    texts = event["descriptions"]
    language = _SOURCE if _SOURCE in texts or not texts else min(texts)
    its_guid = guid(event["uid"])
    return Entry(
        id=number,
        guid=its_guid,
        slug=f"{_acronym(conference['slug'])}-{number}-{event['slug']}",
        title=event["title"],
        subtitle=" ".join(notes),
        starts=starts,
        ends=ends,
        room=rooms[event["room"]].name,
        language=language,
        abstract=texts.get(language, ""),
        url=f"{url}/event/{event['slug']}" if url else f"urn:uuid:{its_guid}",
    )


def _days(
    conference: dict[str, Any], entries: list[Entry], rooms: dict[str, ScheduleRoom], zone: ZoneInfo
) -> list[ScheduleDay]:
    first, last = date.fromisoformat(conference["starts"]), date.fromisoformat(conference["ends"])
    dates = {first + timedelta(days=count) for count in range((last - first).days + 1)}
    by_day: dict[date, list[Entry]] = {
        day: [] for day in sorted(dates | {each.starts.date() for each in entries})
    }
    for entry in sorted(entries, key=lambda each: (each.starts, each.title, each.id)):
        by_day[entry.starts.date()].append(entry)
    return [
        ScheduleDay(
            index=index,
            date=day,
            starts=datetime.combine(day, time(), zone),
            ends=datetime.combine(day, time(23, 59, 59), zone),
            rooms=_by_room(of_day, rooms),
        )
        for index, (day, of_day) in enumerate(by_day.items(), start=1)
    ]


def _by_room(entries: list[Entry], rooms: dict[str, ScheduleRoom]) -> dict[str, list[Entry]]:
    found = {room.name: [each for each in entries if each.room == room.name] for room in rooms.values()}
    return {name: held for name, held in found.items() if held}
