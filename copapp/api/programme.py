"""`GET /api/v1/programme`, and what the files made of it have in common."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from copapp.api.stored import stored
from copapp.clock import clock
from copapp.negotiation import coding, is_known
from copapp.presenters.programme import ProgrammeShape, venue_instant

router = APIRouter(prefix="/api/v1")

Headers = list[tuple[bytes, bytes]]

_KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "If-None-Match names what would be sent."}}


class CalendarFile(Response):
    """A calendar file (RFC 5545, 8.1)."""

    media_type = "text/calendar; charset=utf-8"


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


def last_modified(programme: dict[str, Any], slug: str | None) -> str:
    """Write when the file's content last moved (RFC 9110, 8.8.2): the release's instant, or one event's."""
    stamps = {event["slug"]: event["updated_at"] for event in programme["events"]}
    moved = stamps[slug] if slug else programme["release"]["released_at"]
    return format_datetime(datetime.fromisoformat(moved).astimezone(UTC), usegmt=True)
