"""A conference's data folder (two TOML files, a plan) to domain values, or every problem it has at once."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copapp.domain.source import (
    SourceConference,
    SourceEvent,
    SourcePlan,
    SourceProgramme,
    SourceRoom,
    SourceSite,
    SourceWalk,
)
from copapp.domain.ways import walks as walks_of
from copapp.interop.conference_item import read_conference
from copapp.interop.toml_item import MISSING, Item
from copapp.interop.venue_file import Programme, VenueFileError, read_venue

PLAN = "venue.geojson"
_WEB = ("https://", "http://")
_EXAMPLE = "2030-06-30T12:45:00"


class DataFolderError(ValueError):
    """The folder cannot be used; `problems` names file, item, what is wrong and what would be right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_folder(folder: Path) -> SourceProgramme:
    """Read a conference. Raises DataFolderError with every problem found."""
    problems: list[str] = []
    about = _load(folder / "conference.toml", problems)
    listed = _load(folder / "programme.toml", problems)
    if problems:
        raise DataFolderError(problems)
    conference, zone = read_conference(Item("conference.toml", about, problems))
    programme = Item("programme.toml", listed, problems)
    sites = _each(programme, "site", _site)
    rooms = _each(programme, "room", lambda item: _room(item, {site.slug for site in sites}))
    walks = _each(programme, "walk", lambda item: _walk(item, {site.slug for site in sites}))
    events = _each(programme, "event", lambda item: _event(item, {room.slug for room in rooms}, zone))
    programme.done()
    if problems:
        raise DataFolderError(problems)
    plan = _plan(folder / PLAN, programme_of(sites, rooms, events))
    if plan:
        conference, walks = _with_plan(conference, walks, plan)
    return SourceProgramme(conference, sites, rooms, walks, events, plan)


def programme_of(sites: list[SourceSite], rooms: list[SourceRoom], events: list[SourceEvent]) -> Programme:
    """Give what a plan must agree with."""
    return Programme(
        sites={site.slug: site.name for site in sites},
        rooms={room.slug: room.name for room in rooms},
        site_of={room.slug: room.site for room in rooms},
        held_in=frozenset(event.room for event in events),
    )


def _plan(file: Path, programme: Programme) -> SourcePlan | None:
    if not file.exists():
        return None
    content = file.read_bytes()
    try:
        return SourcePlan(content.decode("utf-8-sig", "replace"), read_venue(content, programme))
    except VenueFileError as error:
        raise DataFolderError(error.problems) from error


def _with_plan(
    conference: SourceConference, walks: list[SourceWalk], plan: SourcePlan
) -> tuple[SourceConference, list[SourceWalk]]:
    """Take from the plan what it knows better: where the venue is, and how long one walks in it."""
    location = plan.venue.location
    twice = []
    if walks:
        twice.append(f"programme.toml: `walk` is for a venue without a plan; {PLAN} holds the paths")
    if location and conference.latitude is not None:
        twice.append(f"conference.toml: `latitude` and `longitude` are given by {PLAN} already")
    if twice:
        raise DataFolderError(twice)
    if location:
        conference = replace(conference, latitude=location.latitude, longitude=location.longitude)
    found = [SourceWalk(**vars(walk)) for walk in walks_of(plan.venue)]
    return conference, found


def _load(file: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{file}: there is no such file")
    except UnicodeDecodeError as error:
        problems.append(f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{file}: is not TOML: {error}")
    return {}


def _each(programme: Item, key: str, read: Callable[[Item], Any]) -> list[Any]:
    found: list[Any] = []
    known: set[Any] = set()
    for count, given in enumerate(programme.take(key, list, default=[]) or [], start=1):
        name = given.get("slug", count) if isinstance(given, dict) else count
        item = Item(f"programme.toml, {key} {name}", given, programme.problems)
        made = read(item)
        item.done()
        called, words = _identity(made)
        if called in known:
            item.wrong(words)
        known.add(called)
        found.append(made)
    return found


def _identity(made: Any) -> tuple[Any, str]:
    """Give what no two of a kind may share, and the words for two that do."""
    if isinstance(made, SourceWalk):
        ends = made.from_site and made.to_site and frozenset({made.from_site, made.to_site})
        return ends or object(), "these two sites have a walk already"
    return made.slug or object(), f"the slug {made.slug!r} is used twice"


def _site(item: Item) -> SourceSite:
    return SourceSite(item.slug(), item.text("name"), item.text("note", ""))


def _room(item: Item, sites: set[str]) -> SourceRoom:
    return SourceRoom(item.slug(), item.text("name"), item.one_of("site", sites), item.text("note", ""))


def _walk(item: Item, sites: set[str]) -> SourceWalk:
    made = SourceWalk(
        item.one_of("from", sites), item.one_of("to", sites), item.number("minutes"), item.text("basis")
    )
    if made.from_site and made.from_site == made.to_site:
        item.wrong(f"`from` and `to` are both {made.to_site!r}; a walk leads to another site")
    return made


def _event(item: Item, rooms: set[str], zone: ZoneInfo) -> SourceEvent:
    starts, ends = _instant(item, "starts", zone), _instant(item, "ends", zone, None)
    if starts and ends and ends <= starts:
        item.wrong("`ends` is not after `starts`")
    return SourceEvent(
        slug=item.slug(),
        title=item.text("title"),
        starts=starts,  # type: ignore[arg-type]  # None only beside a problem, which refuses the folder
        ends=ends,
        room=item.one_of("room", rooms),
        published=item.text("published", ""),
        descriptions=item.texts_by_language("descriptions"),
        source=_source(item),
        is_cancelled=item.take("cancelled", bool, default=False),
    )


def _source(item: Item) -> dict[str, str] | None:
    given = item.named_texts("source")
    if given and ("name" not in given or given.keys() > {"name", "url"}):
        item.wrong(f"`source` holds {', '.join(given)}; it should hold `name` and, if there is one, `url`")
    if "url" in given and not str(given["url"]).startswith(_WEB):
        item.wrong(f"the `url` of `source` is {given['url']!r}; it should begin with https://")
    return given or None


def _instant(item: Item, key: str, zone: ZoneInfo, default: Any = MISSING) -> datetime | None:
    value: datetime | None = item.take(key, datetime, default=default)
    if value is None:
        return None
    if value.tzinfo is not None:
        item.wrong(f"`{key}` carries an offset; it should be the venue's own time, such as {_EXAMPLE}")
    instant = value.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != value.replace(tzinfo=None):
        item.wrong(f"`{key}` ({value}) never comes: the clocks go forward over it")
    return instant
