"""`GET /api/v1/slots`: when we can be met, and by whom."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from copapp.api.problems import ProblemError
from copapp.api.programme import Headers
from copapp.api.shared import Shared
from copapp.api.stored import coded
from copapp.clock import clock
from copapp.database import reading
from copapp.logs import Repeats, fault
from copapp.negotiation import coding, is_known
from copapp.presenters.meetings import SlotsShape, member_shape, slot_shape
from copapp.presenters.programme import venue_instant
from copapp.services.erasure import erases_at
from copapp.services.queries import inbox_version, latest_release_number
from copapp.services.slots import NoConferenceError, Offer, closes_at, offer

router = APIRouter(prefix="/api/v1")

_CODINGS = (b"identity", b"br", b"gzip")
_troubles = Repeats("The database")


@dataclass(frozen=True)
class Offered:
    """An offer as it is sent, by content coding; `of` names what it was made of."""

    of: tuple[str, int, datetime]
    etag: bytes
    bodies: dict[bytes, bytes]


def slots_at_hand(accept_encoding: bytes, if_none_match: bytes) -> tuple[int, Headers, bytes] | None:
    """Give status, headers and body from memory; None where the database is to be asked, once a second."""
    found = _offered.at_hand()
    return _answer(found, accept_encoding, if_none_match) if found else None


@router.head("/slots", include_in_schema=False)
@router.get("/slots", response_model=SlotsShape, responses={304: {"description": "Nothing has changed."}})
async def get_slots(request: Request) -> Response:
    """List the slots of every day, and the members who agreed to be shown: as of a second ago at most.

    The front door answers it from memory while that second lasts.
    """
    try:
        found = await _offered.get()
    except NoConferenceError as error:
        raise ProblemError(503, "empty", "No conference exists yet", "Run `copapp seed`.") from error
    wanted = (request.headers.get(each, "").encode() for each in ("accept-encoding", "if-none-match"))
    status, headers, body = _answer(found, *wanted)
    return Response(body, status, {name.decode(): value.decode() for name, value in headers})


def _answer(found: Offered, accept_encoding: bytes, if_none_match: bytes) -> tuple[int, Headers, bytes]:
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept-encoding"),
        (b"etag", found.etag),
    ]
    if is_known(found.etag, if_none_match):
        return 304, headers, b""
    chosen = coding(accept_encoding)
    encoded = [(b"content-encoding", chosen)] if chosen != b"identity" else []
    return 200, headers + encoded, found.bodies[chosen]


def _look(before: Offered | None) -> Offered:
    try:
        with reading() as db:
            return _renewed(db, before, clock().now())
    except SQLAlchemyError as error:
        if before is None:
            raise
        _troubles.note(type(error).__name__, f"it does not answer, the slots stay ({fault(error)})")
        return before


def _renewed(db: Session, before: Offered | None, now: datetime) -> Offered:
    """Compute it only when it may differ: whatever counts moves the inbox, the release or the minute."""
    of = inbox_version(db), latest_release_number(db), now.replace(second=0, microsecond=0)
    if before and before.of == of:
        return before
    body = _document(slots_shape(offer(db, now)))
    if before and before.bodies[b"identity"] == body:
        return replace(before, of=of)
    etag = f'"{sha256(body).hexdigest()[:24]}"'.encode()
    return Offered(of, etag, {each: coded(body, each) for each in _CODINGS})


_offered = Shared(_look)


def _document(shape: SlotsShape) -> bytes:
    lists = {"slots": [vars(each) for each in shape.slots], "members": [vars(each) for each in shape.members]}
    return json.dumps(vars(shape) | lists, ensure_ascii=False, separators=(",", ":")).encode()


def slots_shape(given: Offer) -> SlotsShape:
    """Present an offer."""
    about = given.conference
    zone = ZoneInfo(about.timezone)
    erased = erases_at(about).astimezone(zone)
    return SlotsShape(
        slots=[slot_shape(each, zone) for each in given.slots],
        members=[member_shape(each, given.covers.get(each.id or 0, [])) for each in given.shown],
        open=given.is_open,
        closes=venue_instant(closes_at(about), zone),
        retention_days=about.retention_days,
        erased_on=erased.date().isoformat(),
    )
