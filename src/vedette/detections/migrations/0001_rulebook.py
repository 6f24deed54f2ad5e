"""What people decided about rules: standing, exceptions; and what rules in shadow found."""

import sqlalchemy as sa
from alembic import op

revision = "detections_0001"
down_revision = None
branch_labels = ("detections",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_standing",
        sa.Column("rule_id", sa.Text, primary_key=True),
        sa.Column("live", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("shadow_version", sa.BigInteger, nullable=False),
        sa.Column("shadow_hash", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("wanted_mode", sa.Text, nullable=False),
        sa.Column("wanted_version", sa.BigInteger, nullable=False),
        sa.Column("wanted_hash", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
    )
    op.create_table(
        "rule_exception",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text, nullable=False),
    )
    op.create_table(
        "rule_shadow",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("rule_id", sa.Text, nullable=False, index=True),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("accounts", sa.Text, nullable=False),
        sa.Column("strength", sa.Text, nullable=False),
        sa.Column("bits", sa.Float, nullable=True),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("last_seen", sa.Text, nullable=False),
        sa.Column("found_at", sa.Text, nullable=False),
    )
