"""Who works on what, placements by people, remarks, saved filters, bulk acts, samples, second reviews, clocks, appeals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "cases_0002"
down_revision = "cases_0001"
branch_labels = None
depends_on = None


def _text(name: str, *, key: bool = False, empty: bool = False, index: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, primary_key=key, nullable=empty, index=index)


def upgrade() -> None:
    _who_and_where()
    _bulk_and_samples()
    _law()
    # The order of the queue within one status: the next open case is found without sorting all.
    urgency: list[Any] = ["status", sa.text("priority DESC"), "opened_at", "case_id"]
    op.create_index("case_file_urgency", "case_file", urgency)
    op.create_index("case_file_claimed_by", "case_file", ["claimed_by"])


def _who_and_where() -> None:
    op.create_table(
        "case_assignment",
        _text("case_id", key=True),
        _text("assignee", empty=True),
        _text("assigned_by"),
        _text("assigned_at"),
    )
    op.create_table(
        "case_placed",
        _text("account_id", key=True),
        _text("case_id"),
        _text("apart_from", empty=True),
        _text("placed_by"),
        _text("placed_at"),
    )
    op.create_table(
        "case_remark",
        _text("remark_id", key=True),
        _text("case_id", index=True),
        _text("made_by"),
        _text("made_at"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "case_filter",
        _text("principal", key=True),
        _text("name", key=True),
        _text("query"),
        _text("saved_at"),
    )


def _bulk_and_samples() -> None:
    op.create_table(
        "case_bulk",
        _text("bulk_id", key=True),
        _text("query"),
        _text("outcome"),
        _text("action"),
        _text("reason_code"),
        _text("items"),
        _text("versions"),
        _text("made_by"),
        _text("made_at"),
        _text("state"),
        _text("request_id"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "case_sample",
        _text("week", key=True),
        _text("seed"),
        _text("log_head"),
        sa.Column("population", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("population_hash"),
        _text("drawn_by"),
        _text("drawn_at"),
    )
    op.create_table(
        "case_sample_item",
        _text("week", key=True),
        _text("account_id", key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        _text("verdict", empty=True),
        _text("judged_by", empty=True),
        _text("judged_at", empty=True),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
    )
    op.create_table(
        "case_second_review",
        _text("decision_id", key=True),
        _text("reviewer", key=True),
        _text("case_id"),
        _text("outcome"),
        _text("reviewed_at"),
    )


def _law() -> None:
    op.create_table(
        "case_clock",
        _text("clock_id", key=True),
        _text("case_id", index=True),
        _text("decision_id"),
        _text("policy"),
        _text("policy_version"),
        _text("started_at"),
        _text("due_on"),
        _text("state", index=True),
        _text("closed_by", empty=True),
        _text("closed_at", empty=True),
        _text("reference", empty=True),
    )
    op.create_table(
        "case_freeze",
        _text("account_id", key=True),
        _text("case_id", index=True),
        _text("decision_id"),
        _text("since"),
        _text("released_at", empty=True),
    )
    op.create_table(
        "case_appeal",
        _text("appeal_id", key=True),
        _text("case_id", index=True),
        _text("decision_id"),
        _text("opened_by"),
        _text("received_at"),
        _text("due_on"),
        _text("state"),
        _text("answered_by", empty=True),
        _text("answered_at", empty=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=True),
    )
