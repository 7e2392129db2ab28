"""The FastAPI application behind `/api`, with every error as a problem document (RFC 9457)."""

import json
import logging
import traceback
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from copapp.api import (
    calendars,
    changes,
    health,
    meetings,
    paper,
    programme,
    programme_calendars,
    programme_files,
    security,
    slots,
    venue,
)
from copapp.api.problems import ProblemError, of_error, problem
from copapp.database_trouble import AWAY, note_trouble
from copapp.negotiation import is_known

logger = logging.getLogger(__name__)

_TITLES = {
    404: "There is nothing at this address",
    405: "This address does not take that method",
    503: "The app cannot serve yet",
}
# What would be right, where whoever raised the error did not say.
_RIGHT = {
    404: "GET /api/v1/openapi.json lists every address.",
    405: "GET /api/v1/openapi.json lists every address with its methods.",
}


def create_api(more_needs: Mapping[str, health.Need] | None = None) -> FastAPI:
    """Put the doors together; `/readyz` asks for `more_needs` beside its own."""
    api = FastAPI(
        title="Conference companion",
        version="1",
        openapi_url=None,  # it would be written anew each time: see _describe
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever Host says: see _WithoutSlash
    )
    api.state.readiness = health.readiness({**health.NEEDS, **(more_needs or {})})
    # routes are tried one after the other: first those that must not wait behind a crowd of posts
    api.include_router(meetings.router)
    api.include_router(programme.router)
    api.include_router(programme_calendars.router)
    api.include_router(programme_files.router)
    api.include_router(changes.router)
    api.include_router(venue.router)
    api.include_router(paper.router)
    api.include_router(slots.router)
    api.include_router(calendars.router)
    api.include_router(health.router)
    api.include_router(security.router)
    _describe(api)
    api.add_middleware(_WithoutSlash)
    api.add_exception_handler(HTTPException, _http_problem)
    api.add_exception_handler(RequestValidationError, _validation_problem)
    api.add_exception_handler(ProblemError, _raised_problem)
    for kind in AWAY:
        api.add_exception_handler(kind, _busy)
    api.add_exception_handler(SQLAlchemyError, _database_fault)
    api.add_exception_handler(Exception, _fault)
    return api


def _describe(api: FastAPI) -> None:
    """Answer with the description of all doors, written when it is first asked for."""

    @cache
    def written() -> tuple[str, bytes]:
        body = json.dumps(api.openapi(), ensure_ascii=False, separators=(",", ":")).encode()
        return f'"{sha256(body).hexdigest()[:24]}"', body

    @api.head("/api/v1/openapi.json", include_in_schema=False)
    @api.get("/api/v1/openapi.json", include_in_schema=False)
    async def get_description(if_none_match: Annotated[str, Header()] = "") -> Response:
        etag, body = written()
        headers = {"etag": etag, "cache-control": "no-cache"}
        if is_known(etag.encode(), if_none_match.encode()):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)


class _WithoutSlash:
    """Reads an address with a slash at its end as the one without."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": scope["path"].rstrip("/")}
        await self._app(scope, receive, send)


async def _http_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    status = error.status_code
    is_said = error.detail != HTTPStatus(status).phrase
    answer = problem(
        status,
        _TITLES.get(status, "The request failed"),
        str(error.detail) if is_said else _RIGHT.get(status, ""),
    )
    answer.headers.update(error.headers or {})
    return answer


async def _validation_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what the handler is registered for
    fields = [{"field": ".".join(map(str, each["loc"])), "detail": each["msg"]} for each in error.errors()]
    return problem(422, "Some fields are not as they should be", errors=fields)


async def _raised_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 - what the handler is registered for
    return of_error(error)


async def _busy(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AWAY)  # noqa: S101 - what the handler is registered for
    note_trouble("the API", error)
    answer = problem(503, "The database does not answer", "Try again in a moment.", code="busy")
    answer.headers["retry-after"] = "2"
    return answer


async def _database_fault(request: Request, error: Exception) -> JSONResponse:
    """Say where it happened, and not what the database complains of: it quotes what people wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("The database refused (%s):\n%s", type(error).__name__, where)
    return await _fault(request, error)


async def _fault(_: Request, __: Exception) -> JSONResponse:
    return problem(500, "Something went wrong on our side", "Try again in a moment.")
