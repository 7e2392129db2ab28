"""The live state of the settings, for coordinators: the venue's plan."""

import asyncio
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading, writing
from copapp.interop.venue_file import VenueFileError
from copapp.models import StaffMember
from copapp.presenters.programme import venue_instant
from copapp.presenters.venue import plan_sizes
from copapp.services.moves import NotAllowedError
from copapp.services.queries import conference, latest_plan
from copapp.services.venue import replace_plan
from copapp.staff.signed_in import signed_in

# What a phone shows of a long list at once; the rest comes when these are put right.
_MOST_PROBLEMS = 30


@dataclass(frozen=True)
class PlanView:
    """The plan that counts: since when (with the venue's offset), and what it holds."""

    kept_at: str = ""
    is_schematic: bool = True
    sites: int = 0
    rooms: int = 0
    paths: int = 0


class SettingsState(rx.State):
    """The plan as it is, and what is wrong with the one that was given last."""

    plan: PlanView = PlanView()
    problems: list[str] = []  # noqa: RUF012 - Reflex copies a state's defaults
    more_problems: int = 0
    outcome: str = ""
    is_open: bool = False

    @rx.event
    async def open_settings(self) -> None:
        """Show the plan; what was said of an earlier one is gone."""
        self.problems, self.more_problems, self.outcome = [], 0, ""
        self.plan, self.is_open = await asyncio.to_thread(_plan), True

    @rx.event
    async def replace_plan(self, given: dict[str, Any]) -> None:
        """Take a new plan, or say everything that is wrong with it; the last good one stays."""
        me = await signed_in()
        found = await asyncio.to_thread(_try, me, str(given.get("plan", "")))
        self.outcome = "refused" if found else "taken"
        self.problems, self.more_problems = found[:_MOST_PROBLEMS], max(0, len(found) - _MOST_PROBLEMS)
        self.plan = await asyncio.to_thread(_plan)


def _plan() -> PlanView:
    with reading() as db:
        kept, held = latest_plan(db), conference(db)
        if kept is None or held is None:
            return PlanView()
        return PlanView(venue_instant(kept.kept_at, ZoneInfo(held.timezone)), **plan_sizes(kept.document))


def _try(me: StaffMember, content: str) -> list[str]:
    """Give what is wrong; nothing is kept then."""
    try:
        with writing() as db:
            replace_plan(db, me, content.encode("utf-8", "replace"), clock().now())
    except VenueFileError as error:
        return error.problems
    except NotAllowedError:
        return ["Only coordinators may change the plan."]
    return []
