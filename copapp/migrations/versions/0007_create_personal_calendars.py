"""create personal calendars"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "personalcalendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("alarm", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "calendarbookmark",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("refers_to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["personalcalendar.id"]),
        sa.PrimaryKeyConstraint("calendar_id", "refers_to"),
    )
    with op.batch_alter_table("calendarbookmark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendarbookmark_refers_to"), ["refers_to"], unique=False)
    op.create_table(
        "calendarmeeting",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("refers_to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["personalcalendar.id"]),
        sa.PrimaryKeyConstraint("calendar_id", "refers_to"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("calendarmeeting")
    with op.batch_alter_table("calendarbookmark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendarbookmark_refers_to"))
    op.drop_table("calendarbookmark")
    op.drop_table("personalcalendar")
