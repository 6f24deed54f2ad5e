"""Weekly samples, second reviews, and the decisions and events that quality is measured from, in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.cases.model import CaseError, Decision, DecisionState, Outcome
from vedette.cases.store.decisions import DECISION, read_decision
from vedette.cases.store.files import ACCOUNT, EVENT
from vedette.cases.words import Sample, SampleItem, SecondReview
from vedette.store import Store

_METADATA = MetaData()
SAMPLE = Table(
    "case_sample",
    _METADATA,
    Column("week", Text, primary_key=True),
    Column("seed", Text, nullable=False),
    Column("log_head", Text, nullable=False),
    Column("population", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("population_hash", Text, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_at", Text, nullable=False),
)
ITEM = Table(
    "case_sample_item",
    _METADATA,
    Column("week", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("verdict", Text, nullable=True),
    Column("judged_by", Text, nullable=True),
    Column("judged_at", Text, nullable=True),
    Column("sealed", LargeBinary, nullable=True),
)
SECOND = Table(
    "case_second_review",
    _METADATA,
    Column("decision_id", Text, primary_key=True),
    Column("reviewer", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reviewed_at", Text, nullable=False),
)


def in_cases(connection: Connection) -> set[str]:
    """Every account that stands in a case, settled ones included."""
    return set(connection.execute(select(ACCOUNT.c.account_id)).scalars())


def samples(connection: Connection) -> list[Sample]:
    """Every sample, by week."""
    return [Sample(**dict(row)) for row in connection.execute(select(SAMPLE).order_by(SAMPLE.c.week)).mappings()]


def sample_items(connection: Connection, week: str) -> list[SampleItem]:
    """The accounts of a week's sample in the order drawn. Raises CaseError where none was drawn."""
    query = select(ITEM).where(ITEM.c.week == week).order_by(ITEM.c.position)
    found = [_item(row) for row in connection.execute(query).mappings()]
    if not found:
        raise CaseError(f"no sample of {week[:20]!r}", remedy="Draw it: vedette cases sample draw")
    return found


def keep_sample(act: Act, made: Sample, items: Sequence[SampleItem]) -> None:
    """Write a sample as drawn."""
    act.upsert(SAMPLE, [{name: getattr(made, name) for name in made.__slots__}])
    act.upsert(ITEM, [_row(item) for item in items])


def keep_judged(act: Act, store: Store, item: SampleItem, words: str) -> None:
    """Write what was judged about one account, with its sealed note."""
    sealed = store.vault.seal(item.account_id, {"note": words})
    act.upsert(ITEM, [{**_row(item), "sealed": sealed}])


def keep_second_review(act: Act, made: SecondReview) -> None:
    """Write a second opinion; one a person and decision."""
    act.upsert(SECOND, [{**{name: getattr(made, name) for name in made.__slots__}, "outcome": made.outcome.value}])


def second_reviews(connection: Connection) -> list[SecondReview]:
    """Every second opinion."""
    query = select(SECOND).order_by(SECOND.c.decision_id, SECOND.c.reviewer)
    return [
        SecondReview(**{**dict(row), "outcome": Outcome(row["outcome"])})
        for row in connection.execute(query).mappings()
    ]


def final_decisions(connection: Connection) -> list[Decision]:
    """Decisions that stand, oldest first."""
    query = select(DECISION).where(DECISION.c.state == DecisionState.FINAL.value)
    rows = connection.execute(query.order_by(DECISION.c.decided_at, DECISION.c.decision_id)).mappings()
    return [read_decision(row) for row in rows]


def events_of(connection: Connection, verbs: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """(case id, time, principal, verb) of events of some kinds, by case and in order."""
    columns = (EVENT.c.case_id, EVENT.c.time, EVENT.c.principal, EVENT.c.verb)
    query = select(*columns).where(EVENT.c.verb.in_(list(verbs))).order_by(EVENT.c.case_id, EVENT.c.number)
    return [(row.case_id, row.time, row.principal, row.verb) for row in connection.execute(query)]


def _row(item: SampleItem) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(item, name) for name in item.__slots__}
    return {**row, "verdict": None if item.verdict is None else item.verdict.value}


def _item(row: Mapping[Any, Any]) -> SampleItem:
    values = {name: row[name] for name in row if name != "sealed"}
    verdict = values["verdict"]
    return SampleItem(**{**values, "verdict": None if verdict is None else Outcome(verdict)})
