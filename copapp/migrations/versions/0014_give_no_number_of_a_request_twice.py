"""give no number of a request twice

SQLite gives the highest number again once its row is gone, PostgreSQL never does.
"""

from typing import Any

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLES = ("meetingrequest", "meetingreply")


def upgrade() -> None:
    """Go to this revision."""
    _make_anew(sqlite_autoincrement=True)


def downgrade() -> None:
    """Go back to the revision before."""
    _make_anew()


def _make_anew(**given: Any) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None, recreate="always", table_kwargs=given):
            pass
