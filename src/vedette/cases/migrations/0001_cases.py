"""Cases, the accounts each holds, their history and decisions, sealed notes, and how far findings have been read."""

import sqlalchemy as sa
from alembic import op

revision = "cases_0001"
down_revision = None
branch_labels = ("cases",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("priority", sa.BigInteger, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("accounts", sa.Text, nullable=False),
        sa.Column("families", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("stops", sa.Text, nullable=False),
        sa.Column("weighing", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=True),
        sa.Column("supported", sa.BigInteger, nullable=False),
        sa.Column("human_required", sa.BigInteger, nullable=False, index=True),
        sa.Column("hold_expires", sa.Text, nullable=True),
        sa.Column("escalations", sa.BigInteger, nullable=False),
        sa.Column("claimed_by", sa.Text, nullable=True),
        sa.Column("lease_until", sa.Text, nullable=True),
        sa.Column("snoozed_until", sa.Text, nullable=True),
        sa.Column("merged_into", sa.Text, nullable=True),
        sa.Column("decision_id", sa.Text, nullable=True),
    )
    op.create_table(
        "case_account",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False, index=True),
    )
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("leaf", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "case_decision",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False, index=True),
        sa.Column("case_version", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("versions", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=True),
        sa.Column("before", sa.Text, nullable=False),
    )
    op.create_table(
        "case_note",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "case_reach",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("accounts", sa.Text, nullable=False),
    )
    op.create_table(
        "case_cursor",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
    )
