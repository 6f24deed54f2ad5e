"""Labels of a site's own runs and the models learnt from them: audited rows; the models' numbers lie in the archive by version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.base import Json
from vedette.store import Store
from vedette.workloads import learning
from vedette.workloads.learning import Linear
from vedette.workloads.record import Label

LABEL = Table(
    "workload_label",
    MetaData(),
    Column("account_id", Text, primary_key=True),
    Column("job_id", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
MODEL = Table(
    "workload_model",
    MetaData(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("content_hash", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("learnt_by", Text, nullable=False),
    Column("learnt_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a site's models: where its numbers lie in the archive, and how it was measured."""

    version: int
    content_hash: str
    report: tuple[Mapping[str, Json], ...]
    learnt_by: str
    learnt_at: str


def put(act: Act, item: Label) -> None:
    """Record a label, or replace the one that the job bears."""
    row = {
        "account_id": item.account_id,
        "job_id": item.job_id,
        "label": item.label,
        "condition": item.condition,
        "recorded_by": act.principal.id,
        "recorded_at": act.moment,
    }
    act.upsert(LABEL, [row])
    act.fact("label", item.label)


def remove(act: Act, account_id: str, job_id: str) -> None:
    """Take a job's label away."""
    act.delete(LABEL, [{"account_id": account_id, "job_id": job_id}])


def labels(store: Store) -> list[Label]:
    """Every label, by account and job."""
    with store.database.reading() as connection:
        rows = connection.execute(select(LABEL).order_by(LABEL.c.account_id, LABEL.c.job_id)).mappings().all()
    return [Label(**dict(row)) for row in rows]


def keep(act: Act, content_hash: str, report: Sequence[Mapping[str, Json]]) -> int:
    """Note a model whose numbers are in the archive as the newest version, which is in force from now on."""
    newest = act.connection.execute(select(func.max(MODEL.c.version))).scalar_one_or_none() or 0
    row = {
        "version": newest + 1,
        "content_hash": content_hash,
        "report": json.dumps(list(report)),
        "learnt_by": act.principal.id,
        "learnt_at": act.moment,
    }
    act.upsert(MODEL, [row])
    act.fact("model", content_hash)
    act.fact("version", newest + 1)
    return int(newest + 1)


def versions(store: Store) -> list[ModelVersion]:
    """Every version, the newest first."""
    with store.database.reading() as connection:
        rows = connection.execute(select(MODEL).order_by(MODEL.c.version.desc())).all()
    return [
        ModelVersion(int(row.version), row.content_hash, tuple(json.loads(row.report)), row.learnt_by, row.learnt_at)
        for row in rows
    ]


def in_force(store: Store) -> Mapping[str, Linear] | None:
    """The site's own models, or None where none was learnt and the shipped ones hold. Raises ArchiveError where they are altered."""
    known = versions(store)
    return learning.read(store.archive.get(known[0].content_hash).decode()) if known else None
