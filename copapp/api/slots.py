"""`GET /api/v1/slots`: when we can be met, and by whom."""

import json
from hashlib import sha256
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from copapp.api.problems import ProblemError
from copapp.clock import clock
from copapp.database import reading
from copapp.negotiation import is_known
from copapp.presenters.meetings import SlotsShape, member_shape, slot_shape
from copapp.presenters.programme import venue_instant
from copapp.services.erasure import erases_at
from copapp.services.slots import NoConferenceError, Offer, closes_at, offer

router = APIRouter(prefix="/api/v1")


@router.get("/slots", response_model=SlotsShape, responses={304: {"description": "Nothing has changed."}})
def get_slots(request: Request) -> Response:
    """List the slots of every day, and the members who agreed to be shown."""
    try:
        with reading() as db:
            shape = slots_shape(offer(db, clock().now()))
    except NoConferenceError as error:
        raise ProblemError(503, "empty", "No conference exists yet", "Run `copapp seed`.") from error
    lists = {"slots": [vars(each) for each in shape.slots], "members": [vars(each) for each in shape.members]}
    body = json.dumps(vars(shape) | lists, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if is_known(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


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
