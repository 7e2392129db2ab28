"""hold back what is too much"""

import sqlalchemy as sa
from alembic import op

from copapp.domain.mail_address import mailbox

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("meetingrequest", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("mailbox", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("is_held_back", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(batch_op.f("ix_meetingrequest_mailbox"), ["mailbox"], unique=False)
    table = sa.table("meetingrequest", *map(sa.column, ("id", "email", "mailbox")))
    connection = op.get_bind()
    for number, email in connection.execute(sa.select(table.c.id, table.c.email)).all():
        connection.execute(table.update().where(table.c.id == number).values(mailbox=mailbox(email)))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("meetingrequest", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetingrequest_mailbox"))
        batch_op.drop_column("is_held_back")
        batch_op.drop_column("mailbox")
