"""`GET /api/v1/programme` and its calendar files; bodies and their twins are made once a release."""

import gzip
import json
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import brotli
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from copapp.clock import clock
from copapp.database import reading
from copapp.interop.icalendar import calendar
from copapp.models import Release
from copapp.presenters.programme import ProgrammeShape, venue_instant
from copapp.services.queries import latest_release, latest_release_number
from copapp.settings import settings

router = APIRouter(prefix="/api/v1")
logger = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]

_LOOK_EVERY_SECONDS = 1.0
_KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "If-None-Match names what would be sent."}}


class CalendarFile(Response):
    """A calendar file (RFC 5545, 8.1)."""

    media_type = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Stored:
    """A release ready to be sent: the programme by content coding, calendar files once asked for."""

    number: int
    etag: bytes
    bodies: dict[bytes, bytes]
    programme: dict[str, Any]
    calendars: dict[str | None, bytes] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Give the venue's zone."""
        return ZoneInfo(self.programme["conference"]["timezone"])

    def calendar(self, slug: str | None) -> bytes | None:
        """Give the calendar file of one event, or of all; None where there is no such event."""
        if slug not in self.calendars:
            body = calendar(self.programme, settings().public_url, slug)
            if body is None:
                return None
            self.calendars[slug] = body
        return self.calendars[slug]


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
        logger.warning("The database does not answer; the release that is held stays: %s", error)
    _looked_at = time.monotonic()
    return _held


def _look(held: Stored | None) -> Stored | None:
    with reading() as db:
        if held is not None and latest_release_number(db) == held.number:
            return held
        return _store(latest_release(db))


def forget() -> None:
    """Look at the database again at the next request, as a new process would."""
    global _held, _looked_at
    _held, _looked_at = None, float("-inf")


def _store(release: Release | None) -> Stored | None:
    if release is None:
        return None
    body = release.document.encode()
    twins = {b"br": brotli.compress(body), b"gzip": gzip.compress(body, 9, mtime=0)}
    return Stored(release.number, release.etag.encode(), {b"identity": body} | twins, json.loads(body))


def is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Whether If-None-Match names this ETag, weakly compared (RFC 9110, 13.1.2)."""
    named = [each.strip().removeprefix(b"W/") for each in if_none_match.split(b",")]
    return etag in named or b"*" in named


def coding(accept_encoding: bytes) -> bytes:
    """Choose the content coding (RFC 9110, 12.5.3); a coding with q=0 is refused."""
    wanted: dict[bytes, bool] = {}
    for each in accept_encoding.lower().split(b","):
        name, _, parameter = each.strip().partition(b";")
        wanted[name.strip()] = parameter.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return next((name for name in (b"br", b"gzip") if wanted.get(name)), b"identity")


def programme_response(accept_encoding: bytes, if_none_match: bytes) -> tuple[int, Headers, bytes]:
    """Give status, headers and body. `Copapp-Now`, the server's instant, is outside what the ETag names."""
    found = stored()
    if found is None:
        return 503, [(b"content-type", b"application/problem+json")], _NOTHING_YET
    given = clock()
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept-encoding"),
        (b"etag", found.etag),
        (b"copapp-now", venue_instant(given.now(), found.zone).encode()),
        (b"copapp-clock", b"preview" if given.is_preview else b"real"),
    ]
    if is_known(found.etag, if_none_match):
        return 304, headers, b""
    chosen = coding(accept_encoding)
    encoded = [(b"content-encoding", chosen)] if chosen != b"identity" else []
    return 200, headers + encoded, found.bodies[chosen]


_NOTHING_YET = json.dumps(
    {"type": "about:blank", "title": "No release exists yet", "status": 503, "detail": "Run `copapp seed`."}
).encode()


@router.head("/programme", include_in_schema=False)
@router.get("/programme", response_model=ProgrammeShape, responses=_KNOWN)
def get_programme(request: Request) -> Response:
    """Give the latest release, by ETag. The front door answers it by the same function, before FastAPI."""
    wanted = request.headers
    status, headers, body = programme_response(
        wanted.get("accept-encoding", "").encode(), wanted.get("if-none-match", "").encode()
    )
    return Response(body, status, {name.decode(): value.decode() for name, value in headers})


def _calendar_response(request: Request, slug: str | None, file: str) -> Response:
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    body = found.calendar(slug)
    if body is None:
        raise HTTPException(404, "The programme holds no such event; GET /api/v1/programme lists them all.")
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {
        "etag": etag,
        "cache-control": "no-cache",
        "last-modified": _last_modified(found.programme, slug),
        "content-disposition": f'attachment; filename="{file}.ics"',
    }
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return CalendarFile(body, headers=headers)


def _last_modified(programme: dict[str, Any], slug: str | None) -> str:
    """Write when the file's content last moved (RFC 9110, 8.8.2): the release's instant, or one event's."""
    stamps = {event["slug"]: event["updated_at"] for event in programme["events"]}
    moved = stamps[slug] if slug else programme["release"]["released_at"]
    return format_datetime(datetime.fromisoformat(moved).astimezone(UTC), usegmt=True)


@router.head("/programme.ics", include_in_schema=False)
@router.get("/programme.ics", response_class=CalendarFile, responses=_KNOWN)
def get_programme_calendar(request: Request) -> Response:
    """Give all events as iCalendar."""
    return _calendar_response(request, None, "programme")


@router.head("/events/{slug}.ics", include_in_schema=False)
@router.get("/events/{slug}.ics", response_class=CalendarFile, responses=_KNOWN)
def get_event_calendar(slug: str, request: Request) -> Response:
    """Give one event as iCalendar."""
    return _calendar_response(request, slug, slug)
