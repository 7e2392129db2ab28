"""Which edition of the site the latest release asks for. Used by the front door and `copapp serve`."""

from functools import lru_cache

from copapp.clock import clock
from copapp.database import reading
from copapp.offline.site import Edition
from copapp.services.changelog import changelog
from copapp.services.queries import latest_plan, latest_release
from copapp.settings import settings


class NothingReleasedError(RuntimeError):
    """The database holds no release yet."""


def current_edition() -> Edition:
    """Give the edition of the latest release. Raises NothingReleasedError before the first."""
    with reading() as db:
        release, plan = latest_release(db), latest_plan(db)
    if release is None:
        raise NothingReleasedError
    return Edition(
        release.document.encode(),
        release.etag,
        clock().is_preview,
        settings().public_url,
        plan.document if plan else "",
        _changes_until(release.etag),
        is_public=bool(settings().shared_url),
    )


@lru_cache(maxsize=1)
def _changes_until(etag: str) -> str:
    """Write the changelog up to a release, once: this is asked for every second."""
    del etag
    with reading() as db:
        return changelog(db).document()
