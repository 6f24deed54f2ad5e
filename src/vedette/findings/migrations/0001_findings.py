"""Findings, stored once."""

import sqlalchemy as sa
from alembic import op

revision = "findings_0001"
down_revision = None
branch_labels = ("findings",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False, index=True),
        sa.Column("check_id", sa.Text, nullable=False, index=True),
        sa.Column("check_version", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("accounts", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("strength", sa.Text, nullable=False),
        sa.Column("bits", sa.Float, nullable=True),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("citation", sa.Text, nullable=False),
        sa.Column("blind_spots", sa.Text, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("last_seen", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("window", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
