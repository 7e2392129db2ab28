"""The live state of the conference's settings. What is typed stays in the browser until it is kept."""

import asyncio
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session, col, select

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.interop.conference_item import ConferenceFormError
from copapp.models import AuditEntry, StaffMember
from copapp.presenters.conference_form import ConferenceFields, conference_fields, read_fields
from copapp.presenters.programme import venue_instant
from copapp.services import releasing
from copapp.services.conference import SUBJECT, WouldEraseError, change_conference
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.erasure import erases_at
from copapp.services.moves import NotAllowedError
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in


@dataclass(frozen=True)
class FieldProblem:
    """A field, and the key of what is wrong with it."""

    field: str
    code: str


@dataclass(frozen=True)
class FieldNow:
    """A field, and what is kept of it now."""

    field: str
    now: str


@dataclass(frozen=True)
class AsKept:
    """What the page says beside the form: `erased_at` with the venue's offset, `unreleased` names fields."""

    timezone: str = ""
    erased_at: str = ""
    unreleased: tuple[str, ...] = ()


class ConferenceState(rx.State):
    """The settings, at `/admin/settings`; `theirs` is what somebody else kept meanwhile."""

    form: ConferenceFields = ConferenceFields()
    timezone: str = ""
    erased_at: str = ""
    unreleased: list[str] = []  # noqa: RUF012 - Reflex copies a state's defaults
    problems: list[FieldProblem] = []  # noqa: RUF012
    wrong: dict[str, str] = {}  # noqa: RUF012
    theirs: list[FieldNow] = []  # noqa: RUF012
    changed_by: str = ""
    erases: int = 0
    is_refused: bool = False
    is_kept: bool = False
    loaded: int = 0
    kept: int = 0

    _version: int = 0

    @rx.event
    async def open_conference(self) -> None:
        """Show what is kept."""
        self.reset()
        await self._load()

    @rx.event
    async def keep(self, given: dict[str, Any]) -> None:
        """Keep what the form says; where somebody else was first, what he kept is shown before."""
        me = await signed_in()
        self._forget_outcome()
        try:
            await asyncio.to_thread(_keep, me, self._version, given)
        except ChangedMeanwhileError:
            self.theirs, self.changed_by, self._version = await asyncio.to_thread(_theirs, self.form)
        except ConferenceFormError as error:
            self.problems = [FieldProblem(each.field, each.code) for each in error.problems]
            self.wrong = {each.field: each.code for each in error.problems}
        except WouldEraseError as error:
            self.erases = error.count
        except NotAllowedError:
            self.is_refused = True
        else:
            self.kept += 1
            self.is_kept = True
            await self._load()

    @rx.event
    async def take_theirs(self) -> None:
        """Fill the form with what somebody else kept."""
        self._forget_outcome()
        self.kept += 1
        await self._load()

    def _forget_outcome(self) -> None:
        self.problems, self.wrong, self.theirs = [], {}, []
        self.changed_by, self.erases, self.is_refused, self.is_kept = "", 0, False, False

    async def _load(self) -> None:
        await signed_in()
        self.form, about = await asyncio.to_thread(_load)
        self.timezone, self.erased_at = about.timezone, about.erased_at
        self.unreleased, self._version = list(about.unreleased), self.form.version
        self.loaded += 1


def _load() -> tuple[ConferenceFields, AsKept]:
    with reading() as db:
        about = the_conference(db)
        ends = venue_instant(erases_at(about), ZoneInfo(about.timezone))
        waiting = tuple(each.field for each in releasing.preview(db).about)
        return conference_fields(about), AsKept(about.timezone, ends, waiting)


def _keep(me: StaffMember, version: int, given: dict[str, Any]) -> None:
    agreed = str(given.get("erases", ""))
    with writing() as db:
        values = read_fields(given, the_conference(db).about)
        change_conference(db, me, version, values, int(agreed) if agreed.isdecimal() else 0, clock().now())


def _theirs(seen: ConferenceFields) -> tuple[list[FieldNow], str, int]:
    """Give the fields that are others now than this page showed, who changed them last, and their version."""
    with reading() as db:
        now = conference_fields(the_conference(db))
        before = vars(seen) | {"version": now.version}
        others = [FieldNow(name, value) for name, value in vars(now).items() if value != before[name]]
        return others, _changed_by(db), now.version


def _changed_by(db: Session) -> str:
    wanted = select(StaffMember.name).join(AuditEntry).where(AuditEntry.subject == SUBJECT)
    return db.exec(wanted.order_by(col(AuditEntry.id).desc())).first() or "?"
