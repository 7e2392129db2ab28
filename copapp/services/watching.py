"""Looks at addresses that staff watch, one worker each; a difference waits for review, nothing is written."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from copapp.database import reading, writing
from copapp.domain.imported import Fault, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.logs import fault
from copapp.models import StaffMember, WatchedAddress
from copapp.services import audit
from copapp.services.given_files import keep_file
from copapp.services.importing import Look, look
from copapp.services.moves import require_active
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.services.waits import is_over
from copapp.settings import settings
from copapp.sources.addresses import FetchError
from copapp.sources.fetching import NO_MARKS, Fetched, Marks, fetch

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)
LEASE = timedelta(minutes=2)
"""How long a look has an address for itself: longer than it may take."""

MOST = 10


class TooManyWatchedError(ValueError):
    """As many addresses are watched as may be."""


@dataclass(frozen=True)
class Watched:
    """An address as staff see it; `says` names what of it waits, if anything `waits`."""

    id: int
    address: str
    looked_at: datetime
    problem: str
    says: str
    waits: bool


def watch(db: Session, by: StaffMember, address: str, content: bytes, now: datetime) -> None:
    """Begin to watch an address, of which this content was shown. No-op if it is watched.

    Raises NotAllowedError, ProgrammeFileError or TooManyWatchedError.
    """
    require_active(db, by.id)
    hold_draft(db, the_conference(db))
    known = {each.address for each in watched(db)}
    if address in known:
        return
    if len(known) >= MOST:
        raise TooManyWatchedError
    says = _says(look(db, content))
    made = WatchedAddress(address=address, created_at=now, looked_at=now, free_at=now + EVERY, says=says)
    db.add(made)
    audit.note(db, by, "watch", _host(address), now)


def stop_watching(db: Session, by: StaffMember, number: int, now: datetime) -> None:
    """Watch an address no longer. No-op if it is gone. Raises NotAllowedError."""
    require_active(db, by.id)
    if found := db.get(WatchedAddress, number):
        db.delete(found)
        audit.note(db, by, "stop_watching", _host(found.address), now)


def watched(db: Session) -> list[Watched]:
    """List what is watched, what waits for review first."""
    row = WatchedAddress
    waits = col(row.content).is_not(None)
    columns: list[Any] = [row.id, row.address, row.looked_at, row.problem, row.says, waits]
    found = db.connection().execute(select_columns(*columns).order_by(col(row.id)))
    return sorted((Watched(*row) for row in found), key=lambda each: not each.waits)


def review(db: Session, by: StaffMember, number: int, now: datetime) -> tuple[str, str]:
    """Keep what waits as a file that this one of us gave: its address and name; ("", "") if nothing does.

    Raises NotAllowedError.
    """
    found = db.get(WatchedAddress, number)
    if found is None or found.content is None:
        return "", ""
    return found.address, keep_file(db, by, found.content, now)


def set_aside(db: Session, by: StaffMember, number: int, says: str, now: datetime) -> None:
    """Let what waits go, until the page says something else again. No-op if it does by now.

    Raises NotAllowedError.
    """
    require_active(db, by.id)
    found = db.get(WatchedAddress, number)
    if found and found.content and found.says == says:
        found.content = None
        audit.note(db, by, "set_aside", _host(found.address), now)


def look_at_watched(now: datetime) -> int:
    """Look at each address whose time has come; says how many were. Blocks.

    Opens its own short transactions, and none while it waits for a server. Another worker's are left to it.
    """
    with reading() as db:
        due = select(WatchedAddress.id).where(is_over(WatchedAddress.free_at, now, EVERY))
        numbers = db.exec(due.order_by(col(WatchedAddress.free_at))).all()
    looked = 0
    for number in numbers:
        if claim := _claim(number, now):
            _look_at(claim, now)
            looked += 1
    return looked


def _claim(number: int | None, now: datetime) -> WatchedAddress | None:
    """Take the look for ourselves: of several who try, the database lets one."""
    with writing() as db:
        mine = col(WatchedAddress.id) == number, is_over(WatchedAddress.free_at, now, EVERY)
        if db.exec(update(WatchedAddress).where(*mine).values(free_at=now + LEASE)).rowcount != 1:
            return None
        found = db.get_one(WatchedAddress, number)
        db.expunge(found)
        return found


def _look_at(known: WatchedAddress, now: datetime) -> None:
    marks = Marks(known.etag, known.last_modified)
    fetched, found, problem = None, None, ""
    try:
        fetched = fetch(known.address, settings().fetch_allowed, limits.BYTES, marks)
        content = fetched.content if fetched else known.content
        with reading() as db:
            found = look(db, content) if content is not None else None
    except (FetchError, ProgrammeFileError) as error:
        problem = str(error.code)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a page from elsewhere does, the others are looked at
        logger.error("A watched page could not be read: %s", fault(error))  # noqa: TRY400 - may quote it
        problem = str(Fault.BROKEN)
    with writing() as db:
        if kept := db.get(WatchedAddress, known.id):
            kept.looked_at, kept.free_at, kept.problem = now, now + EVERY, problem
            _keep(kept, fetched, found)


def _keep(kept: WatchedAddress, fetched: Fetched | None, found: Look | None) -> None:
    """Keep what a page says otherwise than the draft, once; and no longer than it does."""
    if fetched:
        # What cannot be read is asked for whole again, so that the problem is still known next time.
        marks = fetched.marks if found else NO_MARKS
        kept.etag, kept.last_modified = marks.etag, marks.last_modified
    if found is None:
        return
    says = _says(found)
    if fetched and says != kept.says:
        kept.says, kept.content = says, fetched.content
    if found.difference.is_empty:
        kept.content = None


def _says(found: Look) -> str:
    """Name what a page says of events, wherever it stands there, and whatever stands around it."""
    differing = found.difference
    paired = [pair.imported for pair in (*differing.changed, *differing.same)]
    said = sorted(repr(replace(each, where="")) for each in (*differing.added, *paired))
    return sha256("\n".join(said).encode()).hexdigest()[:24]


def _host(address: str) -> str:
    """Name the host alone: the rest of an address may be a secret."""
    return urlsplit(address).hostname or ""
