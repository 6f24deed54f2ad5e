"""Answers to requests that bore an idempotency key, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "doors_0003"
down_revision = "doors_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_once",
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
    )
