"""Whether the process lives, and whether it can serve: what it needs, each by its name."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from copapp.api.problems import problem
from copapp.chore_runs import chore_runs
from copapp.clock import clock
from copapp.database import is_migrated, reading
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


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=None)
def readyz(request: Request) -> JSONResponse:
    """Answer 200 when everything is there that delegates and staff need; else 503, and what is missing."""
    needs: Mapping[str, Need] = request.app.state.needs
    found = {name: trouble() or "ok" for name, trouble in needs.items()}
    missing = [said for said in found.values() if said != "ok"]
    now = clock().now()
    told = {"needs": found, "chores": _chores(now)}
    if missing:
        return problem(503, "The app cannot serve yet", " ".join(missing), **told)
    jump = _jump(now)
    return JSONResponse({"status": "ready", **told, **({"clock": jump} if jump else {})})


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


def _jump(now: datetime) -> str:
    """Tell what a jump of the clock holds up, "" for none; the pages are as good as they are."""
    with reading() as db:
        mark = clock_mark(db)
    return said_of_jump(mark, now) if mark else ""


def database_trouble() -> str:
    """Say why the database cannot serve: it is away, not migrated, or holds no release."""
    try:
        if not is_migrated():
            return "The database is not migrated: run `copapp seed` or `copapp serve`."
        with reading() as db:
            number = latest_release_number(db)
    except SQLAlchemyError:
        return "The database does not answer."
    return "" if number else "No release exists yet: run `copapp seed`."


NEEDS: Mapping[str, Need] = {"database": database_trouble, "redis": redis_trouble}
"""What every process needs; the front door adds what it holds itself."""
