"""ask for a second factor"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "secondfactor",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staffmember.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "recoverycode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staffmember.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recoverycode_member_id", "recoverycode", ["member_id"])
    with op.batch_alter_table("conference") as batch_op:
        batch_op.add_column(
            sa.Column("requires_second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("conference") as batch_op:
        batch_op.drop_column("requires_second_factor")
    op.drop_index("ix_recoverycode_member_id", "recoverycode")
    op.drop_table("recoverycode")
    op.drop_table("secondfactor")
