"""Every release beside the one before it."""

from sqlmodel import Session, col, select

from copapp.domain.programme import Programme
from copapp.models import Release
from copapp.presenters.changelog import ChangelogShape, changelog_shape


def changelog(db: Session) -> ChangelogShape:
    """Give what changed from release to release, the newest first."""
    releases = select(Release.document, Release.restores).order_by(col(Release.number))
    return changelog_shape((Programme.parse(document), restores) for document, restores in db.exec(releases))
