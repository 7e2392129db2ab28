"""let staff edit the programme"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LIST = sa.text("'[]'")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "auditentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staffmember.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auditentry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_auditentry_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("keys", sa.JSON(), nullable=False, server_default=_LIST))

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("restores", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_release_made_by", "staffmember", ["made_by"], ["id"])

    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("usual_slots", sa.JSON(), nullable=False, server_default=_LIST))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.drop_column("usual_slots")

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_constraint("fk_release_made_by", type_="foreignkey")
        batch_op.drop_column("restores")
        batch_op.drop_column("made_by")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("keys")
        batch_op.drop_column("version")

    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auditentry_member_id"))
        batch_op.drop_index(batch_op.f("ix_auditentry_at"))

    op.drop_table("auditentry")
