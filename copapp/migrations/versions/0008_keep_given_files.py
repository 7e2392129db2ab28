"""keep the files that staff give to an import"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "givenfile",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staffmember.id"]),
        sa.PrimaryKeyConstraint("member_id", "digest"),
    )
    with op.batch_alter_table("givenfile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_givenfile_at"), ["at"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("givenfile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_givenfile_at"))
    op.drop_table("givenfile")
