"""A backup before anything is erased because of the date: kept for a day, in case the date was wrong."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copapp.database import newest_revision, snapshot
from copapp.interop.backup_file import keep_backup
from copapp.services.backup import take_backup
from copapp.settings import settings

KEPT_FOR = timedelta(days=1)
_STAMP = "%Y%m%dT%H%M%SZ"


def keep_copy(chore: str, now: datetime) -> Path:
    """Keep the whole database as a backup before a chore; says where.

    Raises OSError where it cannot be written.
    """
    folder = settings().safety_copies
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"before-{chore}-{now:{_STAMP}}.backup"
    with snapshot() as db:
        keep_backup(take_backup(db, newest_revision(), now, before_erasing=True), path)
    return path


def drop_copies(now: datetime) -> int:
    """Delete the copies whose day is over; says how many. Other files in the folder are left alone."""
    old = [path for path, at in _copies() if not now - KEPT_FOR < at <= now + KEPT_FOR]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _copies() -> Iterator[tuple[Path, datetime]]:
    for path in sorted(settings().safety_copies.glob("before-*.backup")):
        with suppress(ValueError):  # somebody else's
            yield path, datetime.strptime(path.stem.rpartition("-")[2], _STAMP).replace(tzinfo=UTC)
