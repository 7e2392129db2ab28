"""How Alembic reaches the database; run by `copapp.database.migrate` and by `alembic` itself."""

from alembic import context
from sqlmodel import SQLModel

import copapp.models
from copapp.database import engine

assert copapp.models.__doc__  # noqa: S101 - imported for its tables

with engine().execution_options(writes=True).connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
