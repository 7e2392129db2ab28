"""`GET /api/v1/programme.ics` and the calendar of one event, one room, one site or one day."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from copapp.api.paper import Language
from copapp.api.programme import CalendarFile, last_modified
from copapp.api.stored import stored
from copapp.negotiation import is_known

router = APIRouter(prefix="/api/v1")

# Not by Accept-Language: who looks is a program, often on a server far from its reader.
Asked = Annotated[Language, Query(description="Of descriptions and names; titles are as published.")]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    304: {"description": "If-None-Match names what would be sent."},
    404: {"description": "The programme holds no such thing."},
}


@router.head("/programme.ics", include_in_schema=False)
@router.get("/programme.ics", response_class=CalendarFile, responses={304: _ANSWERS[304]})
def get_programme_calendar(request: Request, language: Asked = "en") -> Response:
    """Give all events as iCalendar."""
    return _calendar(request, "programme", "", language)


@router.head("/events/{slug}.ics", include_in_schema=False)
@router.get("/events/{slug}.ics", response_class=CalendarFile, responses=_ANSWERS)
def get_event_calendar(slug: str, request: Request, language: Asked = "en") -> Response:
    """Give one event as iCalendar."""
    return _calendar(request, "events", slug, language)


@router.head("/rooms/{slug}.ics", include_in_schema=False)
@router.get("/rooms/{slug}.ics", response_class=CalendarFile, responses=_ANSWERS)
def get_room_calendar(slug: str, request: Request, language: Asked = "en") -> Response:
    """Give what is in a room; an event that moves elsewhere leaves it."""
    return _calendar(request, "rooms", slug, language)


@router.head("/sites/{slug}.ics", include_in_schema=False)
@router.get("/sites/{slug}.ics", response_class=CalendarFile, responses=_ANSWERS)
def get_site_calendar(slug: str, request: Request, language: Asked = "en") -> Response:
    """Give what is in any room of a site."""
    return _calendar(request, "sites", slug, language)


@router.head("/days/{day}.ics", include_in_schema=False)
@router.get("/days/{day}.ics", response_class=CalendarFile, responses=_ANSWERS)
def get_day_calendar(day: str, request: Request, language: Asked = "en") -> Response:
    """Give what starts on a day of the conference (YYYY-MM-DD, at the venue)."""
    return _calendar(request, "days", day, language)


def _calendar(request: Request, kind: str, which: str, language: str) -> Response:
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    body = found.calendar(kind, which, language)
    if body is None:
        told = f"The programme holds no such {kind.removesuffix('s')}; GET /api/v1/programme lists them all."
        raise HTTPException(404, told)
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {
        "etag": etag,
        "cache-control": "no-cache",
        "last-modified": last_modified(found.programme, which if kind == "events" else None),
        "content-disposition": f'attachment; filename="{which or kind}.ics"',
    }
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return CalendarFile(body, headers=headers)
