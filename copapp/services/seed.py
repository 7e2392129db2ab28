"""Loads a conference into an empty database."""

from datetime import datetime

from sqlmodel import Session

from copapp.domain.source import SourceProgramme
from copapp.models import Release
from copapp.services.programme import apply_source
from copapp.services.queries import latest_release_number
from copapp.services.release import publish


def seed(db: Session, source: SourceProgramme, now: datetime) -> Release | None:
    """Load and release a programme. No-op, and None, where a release exists."""
    if latest_release_number(db):
        return None
    conference = apply_source(db, source, now)
    return publish(db, conference, now)
