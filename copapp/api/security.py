"""`/.well-known/security.txt` (RFC 9116): whom to tell of a hole in the app's security."""

from datetime import timedelta

from fastapi import APIRouter, Response

from copapp.api.problems import ProblemError
from copapp.api.stored import stored
from copapp.clock import clock
from copapp.i18n import LANGUAGES
from copapp.settings import settings

ADDRESS = "/.well-known/security.txt"
_GOOD_FOR = timedelta(days=90)

router = APIRouter()


@router.head(ADDRESS, include_in_schema=False)
@router.get(ADDRESS, include_in_schema=False)
def get_security_txt() -> Response:
    """Name the contact that the released programme names; 404 where it names none."""
    found = stored()
    contact = found.programme["conference"]["contact_email"] if found else ""
    if not contact:
        raise ProblemError(404, "no_contact", "No contact is known", "Staff set one under Settings.")
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {clock().now() + _GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        *([f"Canonical: {settings().shared_url}{ADDRESS}"] if settings().shared_url else []),
    ]
    body = "".join(f"{each}\n" for each in lines)
    return Response(body, media_type="text/plain; charset=utf-8", headers={"cache-control": "no-cache"})
