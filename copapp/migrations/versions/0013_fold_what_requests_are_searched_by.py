"""fold what requests are searched by"""

import sqlalchemy as sa
from alembic import op

from copapp.domain.folding import folded

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = ("name", "organisation", "email", "reason")


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("meetingrequest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(), nullable=False, server_default=""))
    table = sa.table("meetingrequest", *map(sa.column, ("id", "folded", *_COLUMNS)))
    connection = op.get_bind()
    for number, *texts in connection.execute(sa.select(table.c.id, *(table.c[name] for name in _COLUMNS))):
        connection.execute(table.update().where(table.c.id == number).values(folded=folded(*texts)))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("meetingrequest", schema=None) as batch_op:
        batch_op.drop_column("folded")
