"""The tables of the room."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text

_METADATA = MetaData()


def _table(name: str, keys: tuple[str, ...], texts: str, *more: Column[int] | Column[bytes]) -> Table:
    return Table(
        name,
        _METADATA,
        *(Column(key, Text, primary_key=True) for key in keys),
        *(Column(text, Text, nullable=False) for text in texts.split()),
        *more,
    )


def _sealed() -> Column[bytes]:
    return Column("sealed", LargeBinary, nullable=False)


_UNIT = "source file content imported_at expires_at"

VENUE = _table(
    "conference_venue",
    ("venue",),
    "policy_text policy_version adopted_at adopted_by tried_version announced_at",
)
SUBMISSION = _table("conference_submission", ("venue", "submission_id"), _UNIT, _sealed())
PAPER = _table("conference_paper", ("venue", "stem"), _UNIT, _sealed())
PROFILE = _table("conference_profile", ("venue", "profile"), _UNIT, _sealed())
SCREENING = _table(
    "conference_screening",
    ("venue", "submission_id"),
    "policy_version screened_at strictest expires_at",
    Column("rows", BigInteger, nullable=False),
    _sealed(),
)
QUESTION = _table(
    "conference_question",
    ("question_id",),
    "venue submission_id form state made_at due_on answered_at expires_at",
    _sealed(),
)
DECISION = _table(
    "conference_decision",
    ("decision_id",),
    "venue submission_id service outcome reason_code state policy_version decided_at decided_by request_id expires_at",
    _sealed(),
)
APPEAL = _table(
    "conference_appeal",
    ("appeal_id",),
    "venue decision_id state filed_at due_on answered_at answered_by expires_at",
    _sealed(),
)
#: Tables whose rows go when their time has come, each with its keys.
EXPIRING = (SUBMISSION, PAPER, PROFILE, SCREENING, QUESTION, DECISION, APPEAL)
