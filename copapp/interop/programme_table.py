"""A release as a table, CSV and Excel, in the columns that an import reads; and the empty template of one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copapp.interop.table_file import csv_table, xlsx_table

_LANGUAGES = ("en", "fr", "es", "ru")
_HEADINGS = ["ID", "Title", "Date", "Start", "End", "Room", "Site", "Status", "Published"]
_NOTES = [
    ["Column", "What it holds", "Example"],
    ["ID", "Leave it as it is; empty for a new event", "opening"],
    ["Title", "Needed", "Opening of the exhibition"],
    ["Date", "Needed; the day at the venue", "2030-06-30"],
    ["Start", "Needed; the time at the venue", "12:45"],
    ["End", "Empty where it is not known", "13:30"],
    ["Room", "As it is called at the venue", "Room 1"],
    ["Site", "The building", "North wing"],
    ["Status", "confirmed or cancelled", "confirmed"],
    ["Published", "Place and time as they were published, word for word", "Room 1, 12:45"],
    ["Description (EN)", "One column for each language", "What it is about"],
]


def programme_csv(programme: dict[str, Any]) -> bytes:
    """Write a release (the public shape) as CSV."""
    return csv_table(_rows(programme))


def programme_xlsx(programme: dict[str, Any]) -> bytes:
    """Write a release (the public shape) as an Excel workbook."""
    return xlsx_table("Programme", _rows(programme))


def template_csv() -> bytes:
    """Write the headings alone, to be filled in."""
    return csv_table([_headings(list(_LANGUAGES))])


def template_xlsx() -> bytes:
    """Write the headings, and a second sheet that says what belongs under them."""
    return xlsx_table("Programme", [_headings(list(_LANGUAGES))], _NOTES)


def _headings(languages: list[str]) -> list[str]:
    return [*_HEADINGS, *(f"Description ({language.upper()})" for language in languages)]


def _rows(programme: dict[str, Any]) -> list[list[str]]:
    zone = ZoneInfo(programme["conference"]["timezone"])
    sites = {site["slug"]: site["name"] for site in programme["sites"]}
    rooms = {room["slug"]: (room["name"], sites[room["site"]]) for room in programme["rooms"]}
    spoken = {language for event in programme["events"] for language in event["descriptions"]}
    languages = [*_LANGUAGES, *sorted(spoken - {*_LANGUAGES})]
    events = (_row(event, zone, rooms[event["room"]], languages) for event in programme["events"])
    return [_headings(languages), *events]


def _row(event: dict[str, Any], zone: ZoneInfo, place: tuple[str, str], languages: list[str]) -> list[str]:
    starts = datetime.fromisoformat(event["starts"]).astimezone(zone)
    ends = datetime.fromisoformat(event["ends"]).astimezone(zone) if event["ends"] else None
    return [
        event["slug"],
        event["title"],
        f"{starts:%Y-%m-%d}",
        _clock(starts, starts),
        _clock(ends, starts) if ends else "",
        *place,
        event["status"],
        event["published"],
        *(event["descriptions"].get(language, "") for language in languages),
    ]


def _clock(when: datetime, starts: datetime) -> str:
    """Write a time as people do; with its date where that is another, its offset where it comes twice."""
    is_twice = when.replace(fold=0).utcoffset() != when.replace(fold=1).utcoffset()
    if is_twice or when.second:
        return when.isoformat()
    return f"{when:%H:%M}" if when.date() == starts.date() else f"{when:%Y-%m-%d %H:%M}"
