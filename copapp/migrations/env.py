"""How Alembic reaches the database; run by `copapp.database.migrate` and by `alembic` itself."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import copapp.models
from copapp.database import engine

assert copapp.models.__doc__  # noqa: S101 - imported for its tables


def plain_types(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write SQLModel's own types as the plain ones that they are in the database."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def check_references(ctx: MigrationContext, *_: Any, **__: Any) -> None:
    """Refuse a revision that leaves a row pointing at nothing."""
    if ctx.dialect.name != "sqlite" or ctx.connection is None:
        return
    if broken := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"The migration would leave rows that point at nothing: {broken}")


# SQLite alters a table by making it anew, and would delete the rows that point at the old one:
# foreign keys rest meanwhile, on a connection that never goes back to the pool.
with engine().execution_options(writes=True, rebuilds=True).connect() as connection:
    connection.detach()
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plain_types,
        on_version_apply=check_references,
    )
    with context.begin_transaction():
        context.run_migrations()
