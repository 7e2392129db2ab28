"""The live state of the conference's settings. What is typed stays in the browser until it is kept."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, col, select

from copapp.database import reading
from copapp.interop.conference_item import ConferenceFormError
from copapp.models import AuditEntry, Conference, StaffMember
from copapp.presenters.conference_form import ConferenceFields, conference_fields, read_fields
from copapp.presenters.draft import FieldChange
from copapp.presenters.programme import venue_instant
from copapp.services import releasing
from copapp.services.conference import SUBJECT, WouldEraseError, change_conference
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.erasure import erases_at
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.acts import Refusals, do, number_of
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class FieldProblem:
    """A field, and the key of what is wrong with it."""

    field: str
    code: str


@dataclass(frozen=True)
class AsKept:
    """What the page says beside the form: `erased_at` with the venue's offset, `unreleased` names fields."""

    timezone: str = ""
    erased_at: str = ""
    unreleased: tuple[str, ...] = ()


REFUSALS: Refusals = {
    ChangedMeanwhileError: "changed",
    ConferenceFormError: "form",
    WouldEraseError: "erases",
    NotAllowedError: "refused",
}


class ConferenceState(rx.State):
    """The settings, at `/admin/settings`; `theirs` is what somebody else kept meanwhile."""

    form: ConferenceFields = ConferenceFields()
    timezone: str = ""
    erased_at: str = ""
    unreleased: list[str] = []  # noqa: RUF012 - Reflex copies a state's defaults
    problems: list[FieldProblem] = []  # noqa: RUF012
    wrong: dict[str, str] = {}  # noqa: RUF012
    theirs: list[FieldChange] = []  # noqa: RUF012
    theirs_version: int = 0
    changed_by: str = ""
    erases: int = 0
    problem: str = ""
    is_kept: bool = False
    kept: int = 0

    @rx.event
    async def open_conference(self) -> None:
        """Show what is kept."""
        self.reset()
        await self._load()

    @rx.event
    async def keep(self, given: dict[str, Any]) -> None:
        """Keep what the form says over the version it names; where another is kept by now, that is shown."""
        self._forget_outcome()
        done = await do(lambda db, me, now: _keep(db, me, given, now), REFUSALS)
        if not done.problem:
            self.kept += 1
            self.is_kept = True
            await self._load()
        elif isinstance(done.refusal, ChangedMeanwhileError):
            self.theirs, self.changed_by, self.theirs_version = await asyncio.to_thread(_theirs, given)
        elif isinstance(done.refusal, ConferenceFormError):
            self.problems = [FieldProblem(each.field, each.code) for each in done.refusal.problems]
            self.wrong = {each.field: each.code for each in done.refusal.problems}
        elif isinstance(done.refusal, WouldEraseError):
            self.erases = done.refusal.count
        else:
            self.problem = done.problem

    @rx.event
    async def take_theirs(self) -> None:
        """Fill the form with what somebody else kept."""
        self._forget_outcome()
        self.kept += 1
        await self._load()

    def _forget_outcome(self) -> None:
        self.problems, self.wrong, self.theirs = [], {}, []
        self.changed_by, self.erases, self.problem, self.is_kept = "", 0, "", False

    async def _load(self) -> None:
        await signed_in()
        self.form, about = await asyncio.to_thread(_load)
        self.timezone, self.erased_at = about.timezone, about.erased_at
        self.unreleased, self.theirs_version = list(about.unreleased), 0


def _load() -> tuple[ConferenceFields, AsKept]:
    with reading() as db:
        about = the_conference(db)
        ends = venue_instant(erases_at(about), ZoneInfo(about.timezone))
        waiting = tuple(each.field for each in releasing.preview(db).about)
        return conference_fields(about), AsKept(about.timezone, ends, waiting)


def _keep(db: Session, me: StaffMember, given: dict[str, Any], now: datetime) -> Conference:
    agreed = number_of(given.get("erases", 0))
    values = read_fields(given, the_conference(db).about)
    return change_conference(db, me, number_of(given["version"]), values, agreed, now)


def _theirs(screen: dict[str, Any]) -> tuple[list[FieldChange], str, int]:
    """Give where the screen and what is kept now differ, who changed that last, and its version."""
    with reading() as db:
        now = conference_fields(the_conference(db))
        others = [
            FieldChange(name, str(screen[name]), value)
            for name, value in vars(now).items()
            if name != "version" and str(screen[name]).split() != value.split()
        ]
        return others, _changed_by(db), now.version


def _changed_by(db: Session) -> str:
    wanted = select(StaffMember.name).join(AuditEntry).where(AuditEntry.subject == SUBJECT)
    return db.exec(wanted.order_by(col(AuditEntry.id).desc())).first() or "?"
