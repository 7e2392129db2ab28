"""What coordinators set of the conference itself: never over each other's heads, and written down."""

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, func, select

from copapp.domain.source import SourceConference
from copapp.interop.conference_item import read_form
from copapp.models import Conference, MeetingRequest, StaffMember
from copapp.services import audit
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.erasure import erases_at
from copapp.services.programme import conference_values
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.services.staff import require_coordinator

SUBJECT = "conference"


class WouldEraseError(RuntimeError):
    """The promised time would be over at once; `count` requests would go. Nothing was written."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


def change_conference(
    db: Session, by: StaffMember, version: int, given: dict[str, Any], erases: int, now: datetime
) -> Conference:
    """Write a form over the settings; `erases` is how many requests may go at once for it.

    No-op if it says the same; slug and time zone stay. Raises NotAllowedError, ConferenceFormError,
    ChangedMeanwhileError if another version is kept by now, WouldEraseError.
    """
    require_coordinator(by)
    about = the_conference(db)
    hold_draft(db, about)
    db.refresh(about)
    wanted = read_form(given | {"slug": about.slug, "timezone": about.timezone})
    if about.version != version:
        raise ChangedMeanwhileError([about.slug])
    if (count := _erased_at_once(db, about, wanted, now)) > erases:
        raise WouldEraseError(count)
    _write(db, by, about, wanted, now)
    return about


def _erased_at_once(db: Session, about: Conference, wanted: SourceConference, now: datetime) -> int:
    """Count the requests whose time the new days would end."""
    future = about.model_copy(update={"ends": wanted.ends, "retention_days": wanted.retention_days})
    if erases_at(future) > now:
        return 0
    return db.exec(select(func.count()).select_from(MeetingRequest)).one()


def _write(db: Session, by: StaffMember, about: Conference, wanted: SourceConference, now: datetime) -> None:
    values = conference_values(wanted)
    differing = {name: value for name, value in values.items() if getattr(about, name) != value}
    if not differing:
        return
    told = {name: (_plain(getattr(about, name)), _plain(value)) for name, value in differing.items()}
    for name, value in differing.items():
        setattr(about, name, value)
    about.version += 1
    db.add(about)
    db.flush()
    audit.note(db, by, "settings", SUBJECT, now, **told)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
