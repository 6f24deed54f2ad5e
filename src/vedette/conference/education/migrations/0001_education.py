"""The register of who completed the course of the education kit."""

import sqlalchemy as sa
from alembic import op

revision = "education_0001"
down_revision = None
branch_labels = ("education",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "education_completion",
        sa.Column("completion_id", sa.Text, primary_key=True),
        sa.Column("person_token", sa.Text, nullable=False, index=True),
        sa.Column("quiz", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("right_answers", sa.BigInteger, nullable=False),
        sa.Column("questions", sa.BigInteger, nullable=False),
        sa.Column("completed_on", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Text, nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
