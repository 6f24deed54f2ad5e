"""What was last taken from each official address, for conditional requests."""

import sqlalchemy as sa
from alembic import op

revision = "watchlists_0002"
down_revision = "watchlists_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_download",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("source_id", sa.Text, nullable=False, index=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("file_hash", sa.Text, nullable=False),
        sa.Column("taken_at", sa.Text, nullable=False),
    )
