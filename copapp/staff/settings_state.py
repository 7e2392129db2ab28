"""The live state of the settings, for coordinators: the venue's plan."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from copapp.chore_runs import chore_runs
from copapp.clock import clock
from copapp.database import reading
from copapp.interop.venue_file import VenueFileError
from copapp.models import StaffMember
from copapp.presenters.programme import venue_instant
from copapp.presenters.venue import plan_sizes
from copapp.services.clock_watch import after_a_look
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.moves import NotAllowedError
from copapp.services.queries import conference, latest_plan
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.services.venue import replace_plan
from copapp.staff.acts import Refusals, do
from copapp.staff.both import Both

# What a phone shows of a long list at once; the rest comes when these are put right.
_MOST_PROBLEMS = 30


@dataclass(frozen=True)
class PlanView:
    """The plan that counts: since when (with the venue's offset), and what it holds."""

    etag: str = ""
    kept_at: str = ""
    is_schematic: bool = True
    sites: int = 0
    rooms: int = 0
    paths: int = 0


@dataclass(frozen=True)
class ChoreView:
    """A chore of the app: when it was last done, and since when it fails (with the venue's offset)."""

    name: str
    last_good: str = ""
    failing_since: str = ""


@dataclass(frozen=True)
class JumpView:
    """A jump of the server's clock, from `seen`; believed at `until`. The year matters; empty without one."""

    seen: str = ""
    since: str = ""
    until: str = ""


REFUSALS: Refusals = {VenueFileError: "file", ChangedMeanwhileError: "changed", NotAllowedError: "refused"}


class SettingsState(rx.State):
    """The plan as it is, and what is wrong with the one that was given last."""

    plan: PlanView = PlanView()
    chores: list[ChoreView] = []  # noqa: RUF012 - Reflex copies a state's defaults
    jump: JumpView = JumpView()
    problems: list[str] = []  # noqa: RUF012 - Reflex copies a state's defaults
    more_problems: int = 0
    outcome: str = ""
    problem: str = ""
    both: list[Both] = []  # noqa: RUF012
    is_open: bool = False

    @rx.event
    async def open_settings(self) -> None:
        """Show the plan; what was said of an earlier one is gone."""
        self.problems, self.more_problems, self.outcome, self.problem, self.both = [], 0, "", "", []
        self.chores, self.jump = await asyncio.to_thread(_chores)
        self.plan, self.is_open = await asyncio.to_thread(_plan), True

    @rx.event
    async def replace_plan(self, given: dict[str, Any]) -> None:
        """Take a new plan for the one that was shown, or say what is wrong; the last good one stays."""
        content, seen = str(given["plan"]).encode("utf-8", "replace"), str(given["seen"])

        def act(db: Session, me: StaffMember, now: datetime) -> None:
            hold_draft(db, the_conference(db))
            if _etag(db) != seen:
                raise ChangedMeanwhileError(["plan"])
            replace_plan(db, me, content, now)

        before = self.plan.kept_at
        done = await do(act, REFUSALS)
        wrong = done.refusal.problems if isinstance(done.refusal, VenueFileError) else []
        self.problem, self.both = "" if wrong else done.problem, []
        self.outcome = "refused" if wrong else "" if done.problem else "taken"
        self.problems, self.more_problems = wrong[:_MOST_PROBLEMS], max(0, len(wrong) - _MOST_PROBLEMS)
        self.plan = await asyncio.to_thread(_plan)
        if isinstance(done.refusal, ChangedMeanwhileError):
            self.both = [Both(_minute(before), _minute(self.plan.kept_at))]


def _chores() -> tuple[list[ChoreView], JumpView]:
    with reading() as db:
        held, mark = conference(db), after_a_look(db, clock().now())
    zone = ZoneInfo(held.timezone if held else "UTC")

    def shown(instant: datetime | None) -> str:
        return venue_instant(instant, zone) if instant else ""

    runs = [ChoreView(run.name, shown(run.last_good), shown(run.failing_since)) for run in chore_runs()]
    jump = (_minute(shown(each)) for each in (mark.seen, mark.since, mark.believed_at))
    return runs, JumpView(*jump) if mark.since else JumpView()


def _plan() -> PlanView:
    with reading() as db:
        kept, held = latest_plan(db), conference(db)
        if kept is None or held is None:
            return PlanView()
        return PlanView(
            kept.etag, venue_instant(kept.kept_at, ZoneInfo(held.timezone)), **plan_sizes(kept.document)
        )


def _etag(db: Session) -> str:
    kept = latest_plan(db)
    return kept.etag if kept else ""


def _minute(instant: str) -> str:
    return instant[:16].replace("T", " ")
