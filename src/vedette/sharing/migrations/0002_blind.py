"""Epochs of blind matching, what was asked, the sealed sets of tags, hits, and questions about them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "sharing_0002"
down_revision = "sharing_0001"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "blind_epoch",
        sa.Column("slot", sa.Text, primary_key=True),
        *_text("epoch_id", "purpose", "label", "name", "state", "descriptor", "revoked", "made_at", "changed_at"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "blind_request",
        sa.Column("epoch_id", sa.Text, primary_key=True),
        sa.Column("sender", sa.Text, primary_key=True),
        sa.Column("request_id", sa.Text, primary_key=True),
        *_text("kind", "at"),
        sa.Column("elements", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "blind_tags",
        sa.Column("epoch_id", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("round", sa.BigInteger, primary_key=True),
        *_text("changed_at"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "blind_hit",
        sa.Column("hit_id", sa.Text, primary_key=True),
        *_text("epoch_id", "found_at", "withdrawn_at"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "blind_question",
        sa.Column("question_id", sa.Text, primary_key=True),
        *_text("epoch_id", "asker", "role", "state", "case_id", "request_id", "asked_at"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
