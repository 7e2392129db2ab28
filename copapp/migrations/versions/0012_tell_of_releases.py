"""tell of releases"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KIND = sa.Enum(
    "ASK", "PROPOSE", "COUNTER", "ACCEPT", "DECLINE", "CANCEL", "REASSIGN", "LAPSE", "ERASE", name="movekind"
)


def upgrade() -> None:
    """Go to this revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TYPE topic ADD VALUE IF NOT EXISTS 'RELEASE'")
    with op.batch_alter_table("outboxmessage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("release", sa.Integer(), nullable=True))
        batch_op.alter_column("kind", existing_type=_KIND, nullable=True)


def downgrade() -> None:
    """Go back to the revision before; PostgreSQL keeps a value of a type, which nothing uses."""
    op.execute("DELETE FROM outboxmessage WHERE kind IS NULL")
    with op.batch_alter_table("outboxmessage", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=_KIND, nullable=False)
        batch_op.drop_column("release")
