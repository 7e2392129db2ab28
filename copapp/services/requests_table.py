"""Every request that is kept, as a table for coordinators; that it was taken is written down."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from copapp.i18n import catalogue
from copapp.interop.table_file import TableKind
from copapp.models import MeetingRequest, StaffMember
from copapp.presenters.inbox import names_of
from copapp.presenters.request_table import request_table
from copapp.services import audit
from copapp.services.released import event_titles
from copapp.services.slots import the_conference
from copapp.services.staff import members, require_coordinator


class RequestsTable(NamedTuple):
    """The requests, their headings first, under a title in the same language."""

    title: str
    rows: list[list[str]]


def take_requests(
    db: Session, by: StaffMember | None, kind: TableKind, language: str, now: datetime
) -> RequestsTable:
    """List the requests in the order in which they came; `by` None is the command line.

    Raises NotAllowedError for whoever is no active coordinator.
    """
    require_coordinator(by)
    kept = db.exec(select(MeetingRequest).order_by(col(MeetingRequest.id)))
    words = catalogue(language, "staff")
    zone = ZoneInfo(the_conference(db).timezone)
    rows = request_table(kept, event_titles(db), names_of(members(db)), words, zone)
    audit.note(db, by, "take_requests", kind, now)
    return RequestsTable(str(words["requests.sheet"]), rows)
