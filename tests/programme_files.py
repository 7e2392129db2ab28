"""Programme files for tests: what a reader knows of a conference, and what a file was understood to say."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copapp.domain.difference import Known
from copapp.domain.imported import Imported
from copapp.interop.programme_file import Frame

PAGES = Path(__file__).parent / "data" / "pages"
# Files of other producers, and the formats' own schemas: no part of the project.
SHARED = Path(__file__).parents[2] / "shared" / "data"

# title, first and last minute at the venue, room, site
Told = tuple[str, str, str | None, str, str]


def shared_file(name: str) -> Path:
    """Give a file of another producer; skip where the folder is missing."""
    file = SHARED / name
    if not file.exists():
        pytest.skip(f"{name} is not beside the project")
    return file


def frame_of(programme: dict[str, Any]) -> Frame:
    """Give what a reader may know of a released programme."""
    conference = programme["conference"]
    sites = {site["slug"]: site["name"] for site in programme["sites"]}
    return Frame(
        zone=ZoneInfo(conference["timezone"]),
        starts=date.fromisoformat(conference["starts"]),
        ends=date.fromisoformat(conference["ends"]),
        rooms=tuple((room["name"], sites[room["site"]]) for room in programme["rooms"]),
        sites=tuple(sites.values()),
        place=conference["place"],
    )


def known_of(programme: dict[str, Any]) -> list[Known]:
    """Give a released programme's events as an import compares with them."""
    sites = {site["slug"]: site["name"] for site in programme["sites"]}
    rooms = {room["slug"]: room for room in programme["rooms"]}
    return [
        Known(
            slug=event["slug"],
            uid=event["uid"],
            title=event["title"],
            starts=_instant(event["starts"]),
            ends=_instant(event["ends"]) if event["ends"] else None,
            room=rooms[event["room"]]["name"],
            site=sites[rooms[event["room"]]["site"]],
            is_cancelled=event["status"] == "cancelled",
            descriptions=event["descriptions"],
        )
        for event in programme["events"]
    ]


def told(imported: Imported, zone: str = "Asia/Samarkand") -> list[Told]:
    """Give what a file was understood to say, in the venue's time."""
    return [
        (
            event.title,
            f"{event.starts.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
            f"{event.ends.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if event.ends else None,
            event.room,
            event.site,
        )
        for event in imported.events
    ]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
