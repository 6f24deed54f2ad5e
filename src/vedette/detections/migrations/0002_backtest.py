"""The newest back-test of each rule, so that whoever agrees to it sees the same figures as its author."""

import sqlalchemy as sa
from alembic import op

revision = "detections_0002"
down_revision = "detections_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_backtest",
        sa.Column("rule_id", sa.Text, primary_key=True),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
    )
