"""The latest release, held in memory in the forms in which it is sent. For this room only."""

import gzip
import json
import time
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import brotli
from sqlalchemy.exc import SQLAlchemyError

from copapp.api.shared import forget_shared
from copapp.database import reading
from copapp.database_trouble import note_trouble
from copapp.interop.icalendar import calendar, part_calendar
from copapp.interop.programme_exports import WRITERS
from copapp.interop.programme_part import PARTS
from copapp.models import Release, VenuePlan
from copapp.services.queries import latest_plan, latest_plan_number, latest_release, latest_release_number
from copapp.settings import settings

_LOOK_EVERY_SECONDS = 1.0
# The best brotli would take a second for a larger programme, and no page is answered meanwhile.
_LARGE = 200_000
# Of calendars that are followed: their ETags are under 2 MB.
_MOST_ETAGS = 10_000
_MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class Stored:
    """A release ready to be sent, by content coding, with other files once asked for; and the plan."""

    number: int
    etag: bytes
    bodies: dict[bytes, bytes]
    programme: dict[str, Any]
    plan: VenuePlan | None = None
    calendars: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    files: dict[tuple[str, bytes], tuple[str, bytes]] = field(default_factory=dict)
    calendar_etags: dict[bytes, str] = field(default_factory=dict)
    followed: dict[bytes, bytes] = field(default_factory=dict)

    def keep_calendar(self, holds: bytes, etag: str, body: bytes) -> None:
        """Remember a followed calendar by a hash of what it holds: the same again needs no writing."""
        if len(self.calendar_etags) >= _MOST_ETAGS:
            self.calendar_etags.clear()
        if sum(map(len, list(self.followed.values()))) + len(body) > _MOST_BYTES:
            self.followed.clear()
        self.calendar_etags[holds], self.followed[holds] = etag, body

    @property
    def zone(self) -> ZoneInfo:
        """Give the venue's zone."""
        return ZoneInfo(self.programme["conference"]["timezone"])

    def calendar(self, kind: str, which: str, language: str) -> bytes | None:
        """Give the file of one of "events", "rooms", "sites" or "days", of "programme" all; None for none."""
        known = (kind, which, language)
        if known not in self.calendars:
            body = self._written(kind, which, language)
            if body is None:
                return None
            self.calendars[known] = body
        return self.calendars[known]

    def _written(self, kind: str, which: str, language: str) -> bytes | None:
        public_url = settings().public_url
        if kind not in PARTS:
            return calendar(self.programme, public_url, which or None, language)
        part = PARTS[kind](self.programme, which, language)
        return part_calendar(self.programme, part, public_url, language) if part else None

    def file(self, name: str, chosen: bytes) -> tuple[str, bytes]:
        """Give a file's ETag and its body in a content coding: made when it is first asked for, then held."""
        if (name, chosen) not in self.files:
            body = WRITERS[name](self.programme, settings().public_url)
            self.files[name, chosen] = f'"{sha256(body).hexdigest()[:24]}"', coded(body, chosen)
        return self.files[name, chosen]


_held: Stored | None = None
_looked_at = float("-inf")


def stored() -> Stored | None:
    """Give the latest release; the database is asked for its number once a second at most."""
    global _held, _looked_at  # noqa: PLW0603 - one release a process, held between requests
    if time.monotonic() - _looked_at < _LOOK_EVERY_SECONDS:
        return _held
    try:
        _held = _look(_held)
    except SQLAlchemyError as error:
        note_trouble("phones, and the release that is held stays", error)
    _looked_at = time.monotonic()
    return _held


def _look(held: Stored | None) -> Stored | None:
    with reading() as db:
        plan_number = latest_plan_number(db)
        if held is None or latest_release_number(db) != held.number:
            held = _store(latest_release(db))
        if held is None or plan_number == (held.plan.id if held.plan else 0):
            return held
        return replace(held, plan=latest_plan(db))


def forget() -> None:
    """Look at the database again at the next request, as a new process would."""
    global _held, _looked_at
    _held, _looked_at = None, float("-inf")
    forget_shared()


def _store(release: Release | None) -> Stored | None:
    if release is None:
        return None
    body = release.document.encode()
    bodies = {each: coded(body, each) for each in (b"identity", b"br", b"gzip")}
    return Stored(release.number, release.etag.encode(), bodies, json.loads(body))


def coded(body: bytes, chosen: bytes) -> bytes:
    """Compress a body once for all who ask; "identity" leaves it as it is."""
    if chosen == b"br":
        made: bytes = brotli.compress(body, quality=11 if len(body) < _LARGE else 9)
        return made
    return gzip.compress(body, 9, mtime=0) if chosen == b"gzip" else body
