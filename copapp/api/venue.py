"""`GET /api/v1/venue`: the plan that counts, as phones draw it."""

from fastapi import APIRouter, HTTPException, Request, Response

from copapp.api.stored import stored
from copapp.negotiation import is_known
from copapp.presenters.venue import VenueShape

router = APIRouter(prefix="/api/v1")


@router.head("/venue", include_in_schema=False)
@router.get(
    "/venue",
    response_model=VenueShape,
    responses={304: {"description": "If-None-Match names it."}, 404: {"description": "No plan is known."}},
)
def get_venue(request: Request) -> Response:
    """Give the plan by ETag; 404 where the venue has none."""
    found = stored()
    if found is None or found.plan is None:
        raise HTTPException(404, "The venue has no plan yet; a coordinator brings one at /admin/settings.")
    headers = {"etag": found.plan.etag, "cache-control": "no-cache"}
    if is_known(found.plan.etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers=headers)
    return Response(found.plan.document, media_type="application/json", headers=headers)
