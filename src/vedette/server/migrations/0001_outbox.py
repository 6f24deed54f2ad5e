"""Where messages about changes go, and how far each has come."""

import sqlalchemy as sa
from alembic import op

revision = "server_0001"
down_revision = None
branch_labels = ("server",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_target",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("messages", sa.Text, nullable=False),
        sa.Column("private", sa.BigInteger, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("since_leaf", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox_delivery",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.Text, nullable=False),
        sa.Column("fault", sa.Text, nullable=True),
        sa.Column("made_at", sa.Text, nullable=False),
    )
    op.create_index("outbox_delivery_due", "outbox_delivery", ["state", "next_at"])
    op.create_table(
        "outbox_position",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("leaf", sa.BigInteger, nullable=False),
    )
