"""Venues, submissions, papers, profiles, sealed screenings, questions, decisions and appeals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "conference_0001"
down_revision = None
branch_labels = ("conference",)
depends_on = None


def _keyed(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in names]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _sealed() -> sa.Column[Any]:
    return sa.Column("sealed", sa.LargeBinary, nullable=False)


def upgrade() -> None:
    op.create_table(
        "conference_venue",
        *_keyed("venue"),
        *_texts("policy_text", "policy_version", "adopted_at", "adopted_by", "tried_version", "announced_at"),
    )
    op.create_table(
        "conference_submission",
        *_keyed("venue", "submission_id"),
        *_texts("source", "file", "content", "imported_at", "expires_at"),
        _sealed(),
    )
    op.create_table(
        "conference_paper",
        *_keyed("venue", "stem"),
        *_texts("source", "file", "content", "imported_at", "expires_at"),
        _sealed(),
    )
    op.create_table(
        "conference_profile",
        *_keyed("venue", "profile"),
        *_texts("source", "file", "content", "imported_at", "expires_at"),
        _sealed(),
    )
    op.create_table(
        "conference_screening",
        *_keyed("venue", "submission_id"),
        *_texts("policy_version", "screened_at", "strictest", "expires_at"),
        sa.Column("rows", sa.BigInteger, nullable=False),
        _sealed(),
    )
    op.create_table(
        "conference_question",
        *_keyed("question_id"),
        *_texts("venue", "submission_id", "form", "state", "made_at", "due_on", "answered_at", "expires_at"),
        _sealed(),
    )
    op.create_table(
        "conference_decision",
        *_keyed("decision_id"),
        *_texts("venue", "submission_id", "service", "outcome", "reason_code", "state", "policy_version"),
        *_texts("decided_at", "decided_by", "request_id", "expires_at"),
        _sealed(),
    )
    op.create_table(
        "conference_appeal",
        *_keyed("appeal_id"),
        *_texts("venue", "decision_id", "state", "filed_at", "due_on", "answered_at", "answered_by", "expires_at"),
        _sealed(),
    )
