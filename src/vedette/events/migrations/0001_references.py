"""The range lists loaded into the workspace, every version."""

import sqlalchemy as sa
from alembic import op

revision = "events_0001"
down_revision = None
branch_labels = ("events",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_reference",
        sa.Column("reference_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("loaded_us", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("attribution", sa.Text, nullable=False),
    )
