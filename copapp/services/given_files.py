"""Keeps what staff give to an import until it is taken or a day has passed; nobody gets another's."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Session, col, delete, select

from copapp.domain.imported import Fault, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.models import GivenFile, StaffMember
from copapp.services.moves import require_active
from copapp.services.waits import is_recent
from copapp.settings import settings
from copapp.sources.fetching import fetch

KEPT_FOR = timedelta(days=1)
KEPT_EACH = 3


def fetch_file(address: str) -> bytes:
    """Fetch what an address that somebody typed holds; blocks for seconds. Raises FetchError."""
    fetched = fetch(address, settings().fetch_allowed, limits.BYTES)
    return fetched.content if fetched else b""


def keep_file(db: Session, by: StaffMember, content: bytes, now: datetime) -> str:
    """Keep a file and give its name; of each of us only the latest few stay.

    Raises NotAllowedError, or ProgrammeFileError for one that is larger than any that is read.
    """
    member_id = require_active(db, by.id)
    if len(content) > limits.BYTES:
        raise ProgrammeFileError(Fault.TOO_LARGE, "The file is larger than any that is read.")
    digest = sha256(content).hexdigest()
    kept = db.get(GivenFile, (member_id, digest))
    if kept is None:
        db.add(GivenFile(member_id=member_id, digest=digest, at=now, content=content))
    else:
        kept.at = now
    db.flush()
    of_one = select(GivenFile.digest).where(GivenFile.member_id == member_id)
    latest = db.exec(of_one.order_by(col(GivenFile.at).desc(), col(GivenFile.digest))).all()
    _forget(db, member_id, {*latest[KEPT_EACH:]} - {digest})
    return digest


def kept_file(db: Session, by: StaffMember, digest: str) -> bytes | None:
    """Give a file that this one of us gave; None once it is gone."""
    kept = db.get(GivenFile, (by.id, digest))
    return kept.content if kept else None


def forget_files(db: Session, now: datetime) -> int:
    """Drop what was given more than a day ago; says how many."""
    return db.exec(delete(GivenFile).where(~is_recent(GivenFile.at, now, KEPT_FOR))).rowcount


def has_old_files(db: Session, now: datetime) -> bool:
    """Whether there is any to drop."""
    old = select(GivenFile.digest).where(~is_recent(GivenFile.at, now, KEPT_FOR))
    return db.exec(old.limit(1)).first() is not None


def _forget(db: Session, member_id: int, digests: set[str]) -> None:
    named = col(GivenFile.digest).in_(digests)
    db.exec(delete(GivenFile).where(col(GivenFile.member_id) == member_id, named))
