"""Whether the process lives, and whether it can serve: what it needs, each by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from copapp.api.problems import problem
from copapp.api.shared import Shared
from copapp.chore_runs import chore_runs
from copapp.clock import clock
from copapp.database import disk_trouble, is_migrated, reading
from copapp.database_trouble import write_trouble
from copapp.domain.clock_trust import Mark
from copapp.redis_server import redis_trouble
from copapp.services.clock_watch import clock_mark, said_of_jump
from copapp.services.queries import latest_release_number

Need = Callable[[], str]
"""Says what is wrong, to whoever runs the machine, without addresses or passwords; "" when nothing is."""

router = APIRouter()


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "ok"}


@dataclass(frozen=True)
class Readiness:
    """What each need said; where nothing was missing, what the disk lacks and the clock has shown."""

    needs: dict[str, str]
    disk: str = ""
    mark: Mark | None = None

    @property
    def missing(self) -> list[str]:
        """Say what is wrong."""
        return [said for said in self.needs.values() if said != "ok"]


def readiness(needs: Mapping[str, Need]) -> Shared[Readiness]:
    """Share one look at what is needed among all who ask within a second; trouble is looked at each time."""
    return Shared(partial(_look, needs), lambda found: not found.missing)


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=None)
async def readyz(request: Request) -> JSONResponse:
    """Answer 200 when everything is there that delegates and staff need; else 503, and what is missing."""
    shared: Shared[Readiness] = request.app.state.readiness
    found, now = await shared.get(), clock().now()
    told = {"needs": found.needs, "chores": _chores(now)}
    if found.missing:
        return problem(503, "The app cannot serve yet", " ".join(found.missing), **told)
    jump = said_of_jump(found.mark, now) if found.mark else ""
    warned = {name: words for name, words in (("clock", jump), ("disk", found.disk)) if words}
    return JSONResponse({"status": "ready", **told, **warned})


def _chores(now: datetime) -> dict[str, dict[str, Any]]:
    """Tell how each chore of this process goes; one that fails leaves the pages as good as they are."""
    return {
        run.name: {
            "last_good": run.last_good and run.last_good.isoformat(timespec="seconds"),
            "seconds_since": run.last_good and int((now - run.last_good).total_seconds()),
            "failing_since": run.failing_since and run.failing_since.isoformat(timespec="seconds"),
        }
        for run in chore_runs()
    }


def _look(needs: Mapping[str, Need], _: Readiness | None) -> Readiness:
    found = Readiness({name: trouble() or "ok" for name, trouble in needs.items()})
    if found.missing:
        return found
    with reading() as db:
        return Readiness(found.needs, disk_trouble(), clock_mark(db))


def database_trouble() -> str:
    """Say why the database cannot serve: it is away, not migrated, or holds no release."""
    try:
        if not is_migrated():
            return "The database is not migrated: run `copapp seed` or `copapp serve`."
        with reading() as db:
            number = latest_release_number(db)
    except SQLAlchemyError:
        return "The database does not answer."
    return write_trouble() if number else "No release exists yet: run `copapp seed`."


NEEDS: Mapping[str, Need] = {"database": database_trouble, "redis": redis_trouble}
"""What every process needs; the front door adds what it holds itself."""
