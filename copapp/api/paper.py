"""`GET /api/v1/programme.pdf` and `posters.pdf`: the release on paper."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response

from copapp.api.stored import stored
from copapp.i18n import LANGUAGES
from copapp.interop.paper import PAPERS, NoAddressError
from copapp.negotiation import is_known, language_of
from copapp.settings import settings

router = APIRouter(prefix="/api/v1")

Language = Literal["en", "fr", "es", "ru"]
Asked = Annotated[
    Language | None, Query(description="Without it, what Accept-Language prefers, then English.")
]

# One at a time, beside the event loop: whoever comes meanwhile finds it made.
_PRESS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")


class PdfFile(Response):
    """A PDF (RFC 8118)."""

    media_type = "application/pdf"


_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "If-None-Match names what would be sent."},
    503: {"description": "Nothing is released, or no address is known that posters could lead to."},
}


@router.head("/programme.pdf", include_in_schema=False)
@router.get("/programme.pdf", response_class=PdfFile, responses=_RESPONSES)
async def get_programme_paper(request: Request, language: Asked = None) -> Response:
    """Give the whole programme, its rooms and the small map: one A4 where it fits."""
    return await _paper(request, "programme", language)


@router.head("/posters.pdf", include_in_schema=False)
@router.get("/posters.pdf", response_class=PdfFile, responses=_RESPONSES)
async def get_posters(request: Request, language: Asked = None) -> Response:
    """Give a poster that leads to the app, and one for the door of each room."""
    try:
        return await _paper(request, "posters", language)
    except NoAddressError as error:
        raise HTTPException(503, "Posters lead to the app: COPAPP_PUBLIC_URL has to be set.") from error


async def _paper(request: Request, paper: str, asked: Language | None) -> Response:
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    language = asked or language_of(request.headers.get("accept-language", ""), tuple(LANGUAGES))
    plan = found.plan.document if found.plan else "null"
    body = await asyncio.get_running_loop().run_in_executor(
        _PRESS, _printed, paper, language, settings().shared_url, found.bodies[b"identity"], plan
    )
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    file = f"{found.programme['conference']['slug']}-{paper}-{language}.pdf"
    headers = {
        "etag": etag,
        "cache-control": "no-cache",
        "vary": "accept-language",
        "content-language": language,
        "content-disposition": f'inline; filename="{file}"',
    }
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return PdfFile(body, headers=headers)


@lru_cache(maxsize=16)
def _printed(paper: str, language: str, public_url: str, release: bytes, plan: str) -> bytes:
    """Make a paper, or find it made: the same values give the same bytes."""
    programme: dict[str, Any] = json.loads(release)
    return PAPERS[paper](programme, json.loads(plan), language, public_url)
