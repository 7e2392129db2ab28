"""A release as schedule.xml (c3voc's XSD), from stored values only: written twice, it is the same bytes."""

import re
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from copapp.interop.schedule import Entry, Schedule, ScheduleDay, schedule

# XML 1.0, 2.2: what no document may hold, however it is escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = timedelta(hours=99, minutes=59)


def schedule_xml(programme: dict[str, Any], public_url: str = "") -> bytes:
    """Write a release (the public shape); `url` of an event is its page under `public_url`, if any."""
    made = schedule(programme, public_url)
    root = Element("schedule")
    SubElement(root, "generator", name="copapp")
    if made.url:
        _text(root, "url", f"{made.url}/api/v1/programme/schedule.xml")
    _text(root, "version", made.version)
    _conference(SubElement(root, "conference"), made)
    for day in made.days:
        _day(root, day, made)
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _conference(parent: Element, made: Schedule) -> None:
    _text(parent, "title", made.title)
    _text(parent, "acronym", made.acronym)
    _text(parent, "start", made.days[0].date.isoformat())
    _text(parent, "end", made.days[-1].date.isoformat())
    _text(parent, "days", str(len(made.days)))
    _text(parent, "timeslot_duration", "00:05")
    if made.url:
        _text(parent, "base_url", f"{made.url}/")
    _text(parent, "time_zone_name", made.zone.key)


def _day(root: Element, day: ScheduleDay, made: Schedule) -> None:
    parent = SubElement(
        root,
        "day",
        index=str(day.index),
        date=day.date.isoformat(),
        start=day.starts.isoformat(),
        end=day.ends.isoformat(),
    )
    guids = {room.name: room.guid for room in made.rooms.values()}
    for name, entries in day.rooms.items():
        room = SubElement(parent, "room", name=_legal(name), guid=guids[name])
        for entry in entries:
            _event(room, entry)


def _event(room: Element, entry: Entry) -> None:
    parent = SubElement(room, "event", id=str(entry.id), guid=entry.guid)
    _text(parent, "date", entry.starts.isoformat())
    _text(parent, "start", f"{entry.starts:%H:%M}")
    _text(parent, "duration", _duration(entry.length))
    _text(parent, "room", entry.room)
    _text(parent, "slug", entry.slug)
    if entry.url.startswith("http"):
        _text(parent, "url", entry.url)
    _text(parent, "title", entry.title)
    _text(parent, "subtitle", entry.subtitle)
    _text(parent, "track", "")
    _text(parent, "type", "other")
    _text(parent, "language", entry.language)
    _text(parent, "abstract", entry.abstract)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _legal(text)


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _duration(length: timedelta) -> str:
    """Write hours, minutes and, where there are any, seconds; the format ends before the hundredth hour."""
    seconds = int(min(length, _LONGEST).total_seconds())
    minutes = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{minutes}:{seconds % 60:02}" if seconds % 60 else minutes
