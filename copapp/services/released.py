"""The released programme as its value, parsed once for all who ask for the same release."""

from collections.abc import Iterator
from functools import lru_cache

from sqlmodel import Session, col, select

from copapp.domain.programme import Programme
from copapp.models import Release
from copapp.services.queries import latest_release

# By ETag; one more for each release.
_slugs: dict[str, frozenset[str]] = {}


def latest_programme(db: Session) -> Programme | None:
    """Give what delegates see; None before the first release."""
    release = latest_release(db)
    return programme_of(release.document) if release else None


def programme_before(db: Session, number: int) -> Programme | None:
    """Give what delegates saw before a release; None before the first."""
    earlier = select(Release.document).where(Release.number < number)
    document = db.exec(earlier.order_by(col(Release.number).desc())).first()
    return programme_of(document) if document else None


def event_titles(db: Session) -> dict[str, str]:
    """Give the title of each event that delegates see, by slug."""
    programme = latest_programme(db)
    return {each.slug: each.title for each in programme.events} if programme else {}


@lru_cache(maxsize=8)
def programme_of(document: str) -> Programme:
    """Read a release's document; who walks through all releases parses them, so that these stay known."""
    return Programme.parse(document)


def slugs_released(db: Session) -> Iterator[frozenset[str]]:
    """Give the slugs of the events of each release, the latest first; only a new one is parsed."""
    for etag in db.exec(select(Release.etag).order_by(col(Release.number).desc())).all():
        if etag not in _slugs:
            document = db.exec(select(Release.document).where(Release.etag == etag).limit(1)).one()
            _slugs[etag] = frozenset(each.slug for each in Programme.parse(document).events)
        yield _slugs[etag]
