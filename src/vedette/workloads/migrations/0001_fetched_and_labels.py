"""How far servers' telemetry was taken, a site's own labels, and the models learnt from them."""

import sqlalchemy as sa
from alembic import op

revision = "workloads_0001"
down_revision = None
branch_labels = ("workloads",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workload_fetched",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("adapter", sa.Text, nullable=False),
        sa.Column("step_seconds", sa.BigInteger, nullable=False),
        sa.Column("from_seconds", sa.BigInteger, nullable=False),
        sa.Column("until_seconds", sa.BigInteger, nullable=False),
        sa.Column("fetched_at", sa.Text, nullable=False),
    )
    op.create_table(
        "workload_label",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
    op.create_table(
        "workload_model",
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("learnt_by", sa.Text, nullable=False),
        sa.Column("learnt_at", sa.Text, nullable=False),
    )
