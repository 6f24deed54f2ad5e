"""Reports on their way, what happened to each, and their sealed content, which stands apart so that it can be shredded."""

import sqlalchemy as sa
from alembic import op

revision = "reports_0001"
down_revision = None
branch_labels = ("reports",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_filed",
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("case_version", sa.BigInteger, nullable=True),
        sa.Column("decision_id", sa.Text, nullable=True),
        sa.Column("route", sa.Text, nullable=True),
        sa.Column("ground", sa.Text, nullable=True),
        sa.Column("request_id", sa.Text, nullable=True),
        sa.Column("receipt", sa.Text, nullable=True),
        sa.Column("amends", sa.Text, nullable=True),
    )
    op.create_table(
        "report_step",
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("leaf", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "report_content",
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
