"""Requests as a table, in the reader's words: one row each, in the venue's time with its offset."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copapp.models import MeetingRequest

COLUMNS = (
    "status",
    "name",
    "organisation",
    "email",
    "reason",
    "event",
    "slot",
    "whom",
    "member",
    "starts",
    "ends",
    "place",
    "language",
    "asked",
    "updated",
)


def request_table(
    requests: Iterable[MeetingRequest],
    titles: Mapping[str, str],
    names: Mapping[int | None, str],
    words: Mapping[str, Any],
    zone: ZoneInfo,
) -> list[list[str]]:
    """Write headings and rows; `titles` are events' by slug, `names` ours by number, `words` the staff's."""
    headings = [words[f"requests.column.{each}"] for each in COLUMNS]
    return [headings, *(_row(each, titles, names, words, zone) for each in requests)]


def _row(
    given: MeetingRequest,
    titles: Mapping[str, str],
    names: Mapping[int | None, str],
    words: Mapping[str, Any],
    zone: ZoneInfo,
) -> list[str]:
    return [
        words[f"status.{given.status}"],
        given.name,
        given.organisation,
        given.email,
        given.reason,
        titles.get(given.event, given.event) if given.event else "",
        _instant(given.slot, zone) or words["inbox.any_time"],
        names.get(given.whom_id, ""),
        names.get(given.member_id, ""),
        _instant(given.starts, zone) if given.is_held else "",
        _instant(given.ends, zone) if given.is_held else "",
        given.place if given.is_held else "",
        words[f"language.{given.language}"],
        _instant(given.created_at, zone),
        _instant(given.updated_at, zone),
    ]


def _instant(given: datetime | None, zone: ZoneInfo) -> str:
    return given.astimezone(zone).isoformat(" ", "minutes") if given else ""
