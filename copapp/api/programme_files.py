"""`GET /api/v1/programme/schedule.xml` and its like: the programme as other programs read it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from copapp.api.programme import last_modified
from copapp.api.stored import stored
from copapp.negotiation import coding, is_known

router = APIRouter(prefix="/api/v1/programme")

_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "If-None-Match names what would be sent."},
    503: {"description": "Nothing is released yet."},
}
# One at a time, beside the event loop: whoever comes meanwhile finds it made.
_SCRIBE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scribe")


class ScheduleXml(Response):
    """A schedule.xml of the c3voc family."""

    media_type = "application/xml"


class ScheduleJson(Response):
    """A schedule.json of the c3voc family."""

    media_type = "application/json"


class CsvTable(Response):
    """A table as text (RFC 4180)."""

    media_type = "text/csv; charset=utf-8"


class ExcelTable(Response):
    """A workbook (ISO/IEC 29500), which is compressed already."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.head("/schedule.xml", include_in_schema=False)
@router.get("/schedule.xml", response_class=ScheduleXml, responses=_RESPONSES)
async def get_schedule_xml(request: Request) -> Response:
    """Give all events as schedule.xml (c3voc's XSD); an assumed end is said in the subtitle."""
    return await _file(request, "schedule.xml", ScheduleXml)


@router.head("/schedule.json", include_in_schema=False)
@router.get("/schedule.json", response_class=ScheduleJson, responses=_RESPONSES)
async def get_schedule_json(request: Request) -> Response:
    """Give all events as schedule.json (c3voc's schema); an assumed end is said in the subtitle."""
    return await _file(request, "schedule.json", ScheduleJson)


@router.head("/programme.csv", include_in_schema=False)
@router.get("/programme.csv", response_class=CsvTable, responses=_RESPONSES)
async def get_programme_csv(request: Request) -> Response:
    """Give all events as CSV: one row each, times of the venue, an unknown end empty."""
    return await _file(request, "programme.csv", CsvTable)


@router.head("/programme.xlsx", include_in_schema=False)
@router.get("/programme.xlsx", response_class=ExcelTable, responses=_RESPONSES)
async def get_programme_excel(request: Request) -> Response:
    """Give the same table as an Excel workbook."""
    return await _file(request, "programme.xlsx", ExcelTable)


async def _file(request: Request, name: str, kind: type[Response]) -> Response:
    found = stored()
    if found is None:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    accepted = request.headers.get("accept-encoding", "").encode()
    chosen = b"identity" if kind is ExcelTable else coding(accepted)
    etag, body = await asyncio.get_running_loop().run_in_executor(_SCRIBE, found.file, name, chosen)
    headers = {
        "etag": etag,
        "cache-control": "no-cache",
        "vary": "accept-encoding",
        "last-modified": last_modified(found.programme, None),
        "content-disposition": f'attachment; filename="{found.programme["conference"]["slug"]}-{name}"',
    }
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    encoded = {} if chosen == b"identity" else {"content-encoding": chosen.decode()}
    return kind(body, headers=headers | encoded)
