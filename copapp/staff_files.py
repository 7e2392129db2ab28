"""The files behind the staff's doors: to start from, and to take away. Used by `staff_doors.py`."""

from urllib.parse import parse_qs

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.i18n import LANGUAGES
from copapp.interop.programme_table import template_csv, template_xlsx
from copapp.interop.table_file import TableKind, table_file
from copapp.negotiation import language_of
from copapp.offline.shelf import Headers
from copapp.services.moves import NotAllowedError
from copapp.services.queries import latest_plan
from copapp.services.requests_table import take_requests
from copapp.services.staff import session_member
from copapp.staff import routes
from copapp.staff.session import session_of

Answer = tuple[int, Headers, bytes]

_NO_STORE: Headers = [(b"cache-control", b"no-store")]
_TEXT = b"text/plain; charset=utf-8"
_CSV = b"text/csv; charset=utf-8"
_EXCEL = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATES = {routes.TEMPLATE_CSV: (template_csv, _CSV), routes.TEMPLATE_EXCEL: (template_xlsx, _EXCEL)}
_REQUESTS: dict[str, tuple[TableKind, bytes]] = {
    routes.REQUESTS_CSV: ("csv", _CSV),
    routes.REQUESTS_EXCEL: ("xlsx", _EXCEL),
}
FILES = {routes.PLAN_FILE, *_TEMPLATES, *_REQUESTS}


def staff_file(path: str, query: str, headers: dict[bytes, bytes]) -> Answer:
    """Answer a GET of one of FILES by whoever has a live session."""
    if path == routes.PLAN_FILE:
        return _plan()
    if path in _REQUESTS:
        return _requests(path, query, headers)
    write, kind = _TEMPLATES[path]
    return _attached(f"programme.{path.rpartition('.')[2]}", kind, write())


def _plan() -> Answer:
    """Give the venue's plan as it was given, to start a new one from."""
    with reading() as db:
        plan = latest_plan(db)
    if plan is None:
        return 404, _NO_STORE, b""
    return _attached("venue.geojson", b"application/geo+json", plan.content.encode())


def _requests(path: str, query: str, headers: dict[bytes, bytes]) -> Answer:
    """Give every request as a table, in the language of the page; 403 for whoever is no coordinator."""
    kind, media_type = _REQUESTS[path]
    asked = parse_qs(query).get("language", [""])[0]
    accepted = asked or headers.get(b"accept-language", b"").decode("latin-1")
    session = session_of(headers.get(b"cookie", b"").decode("latin-1"))
    try:
        content = _table(session, kind, language_of(accepted, tuple(LANGUAGES)))
    except NotAllowedError:
        return 403, [*_NO_STORE, (b"content-type", _TEXT)], b"This is for coordinators only."
    return _attached(f"requests.{kind}", media_type, content)


def _table(session: str, kind: TableKind, language: str) -> bytes:
    now = clock().now()
    with writing() as db:
        member = session_member(db, session, now)
        if member is None:
            raise NotAllowedError
        table = take_requests(db, member, kind, language, now)
    return table_file(kind, *table)


def _attached(name: str, kind: bytes, content: bytes) -> Answer:
    named = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return 200, [*_NO_STORE, (b"content-type", kind), named], content
