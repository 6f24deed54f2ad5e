"""List versions, and which of them is in force."""

import sqlalchemy as sa
from alembic import op

revision = "watchlists_0001"
down_revision = None
branch_labels = ("watchlists",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_version",
        sa.Column("list_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False, index=True),
        sa.Column("entries_hash", sa.Text, nullable=False),
        sa.Column("published", sa.Text, nullable=True),
        sa.Column("loaded_at", sa.Text, nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("names", sa.BigInteger, nullable=False),
        sa.Column("dprk", sa.BigInteger, nullable=False),
        sa.Column("obligation", sa.Text, nullable=False),
        sa.Column("in_force", sa.BigInteger, nullable=False),
        sa.Column("forced", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("ignored", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
    )
