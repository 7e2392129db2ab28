"""Whether the process lives, and whether it can serve."""

from fastapi import APIRouter, HTTPException
from sqlalchemy.exc import SQLAlchemyError

from copapp.database import is_migrated, reading
from copapp.services.queries import latest_release_number

router = APIRouter()


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "ok"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
def readyz() -> dict[str, str]:
    """Answer 200 when the database is there, migrated, and holds a release; else 503."""
    try:
        has_tables = is_migrated()
        with reading() as db:
            number = latest_release_number(db) if has_tables else 0
    except SQLAlchemyError as error:
        raise HTTPException(503, "The database does not answer.") from error
    if not has_tables:
        raise HTTPException(503, "The database is not migrated: run `copapp seed` or `copapp serve`.")
    if not number:
        raise HTTPException(503, "No release exists yet: run `copapp seed`.")
    return {"status": "ready"}
