"""`GET /api/v1/changes` and `/changes.atom`: what changed from release to release."""

from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response

from copapp.api.stored import Stored, stored
from copapp.database import reading
from copapp.i18n import LANGUAGES, catalogue
from copapp.interop.atom import feed
from copapp.negotiation import is_known, language_of
from copapp.presenters.changelog import ChangelogShape
from copapp.services.changelog import changelog
from copapp.settings import settings

router = APIRouter()

Language = Literal["en", "fr", "es", "ru"]
_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "If-None-Match names what would be sent."}
}


@router.head("/api/v1/changes", include_in_schema=False)
@router.get("/api/v1/changes", response_model=ChangelogShape, responses=_RESPONSES)
def get_changes(request: Request) -> Response:
    """Give every release beside the one before it, the newest first, by ETag."""
    body = _changelog(_released()).document().encode()
    return _answer(request, body, "application/json", {})


@router.head("/changes.atom", include_in_schema=False)
@router.get("/changes.atom", response_class=Response, responses=_RESPONSES)
def get_feed(
    request: Request,
    language: Annotated[Language | None, Query(description="Without it, by Accept-Language.")] = None,
) -> Response:
    """Give the same as a feed (Atom, RFC 4287)."""
    found = _released()
    tongue = language or language_of(request.headers.get("accept-language", ""), tuple(LANGUAGES))
    words = catalogue(tongue) | catalogue(tongue, "changes")
    body = feed(_changelog(found), found.programme["conference"], settings().public_url, words)
    return _answer(request, body, "application/atom+xml; charset=utf-8", {"vary": "accept-language"})


def _released() -> Stored:
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    return found


_held: tuple[bytes, ChangelogShape] | None = None


def _changelog(found: Stored) -> ChangelogShape:
    """Give the changelog up to that release; read once for each."""
    global _held  # noqa: PLW0603 - one changelog a process, held between requests
    if _held is None or _held[0] != found.etag:
        with reading() as db:
            _held = found.etag, changelog(db)
    return _held[1]


def _answer(request: Request, body: bytes, kind: str, given: dict[str, str]) -> Response:
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": "no-cache"} | given
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)
