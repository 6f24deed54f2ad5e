"""The register of completions in the state database: a token a person, the name sealed and only where the person agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, stable_id
from vedette.conference.education.statement import Statement, normal
from vedette.store import Store

METADATA = MetaData()
COMPLETION = Table(
    "education_completion",
    METADATA,
    Column("completion_id", Text, primary_key=True),
    Column("person_token", Text, nullable=False),
    Column("quiz", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("right_answers", BigInteger, nullable=False),
    Column("questions", BigInteger, nullable=False),
    Column("completed_on", Text, nullable=False),
    Column("expires_on", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
_TOKEN = "education"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One entry of the register. ``person`` is None where the name was not to be kept."""

    completion_id: str
    person: str | None
    quiz: str
    language: str
    right_answers: int
    questions: int
    completed_on: str
    expires_on: str
    recorded_by: str
    recorded_at: str

    def as_json(self, today: date) -> dict[str, Any]:
        """The entry as it is shown, and whether it still counts."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "counts": self.expires_on >= today.isoformat()}


def register(store: Store, principal: Principal, statement: Statement, expires_on: date, *, clock: Clock) -> Completion:
    """Enter a completion; a person has one entry an edition of the quiz, and a later one takes its place."""
    token = store.vault.token(_TOKEN, normal(statement.person))
    with writing(store, principal, "education.register", clock=clock) as act:
        row = _row(store, act, statement, token, expires_on)
        act.upsert(COMPLETION, [row])
        act.fact("completion_id", row["completion_id"])
    return _completion(store, row)


def _row(store: Store, act: Act, statement: Statement, token: str, expires_on: date) -> dict[str, Any]:
    return {
        "completion_id": stable_id("edu", token, statement.quiz),
        "person_token": token,
        "quiz": statement.quiz,
        "language": statement.language,
        "right_answers": statement.right,
        "questions": statement.questions,
        "completed_on": statement.completed_on.isoformat(),
        "expires_on": expires_on.isoformat(),
        "sealed": store.vault.seal(f"education:{token}", {"person": statement.person}) if statement.named else None,
        "recorded_by": str(act.principal),
        "recorded_at": act.moment,
    }


def completions(store: Store) -> list[Completion]:
    """Every entry, by day of completion."""
    query = select(COMPLETION).order_by(COMPLETION.c.completed_on, COMPLETION.c.completion_id)
    with store.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [_completion(store, dict(row)) for row in rows]


def withdraw(store: Store, principal: Principal, person: str, *, clock: Clock) -> int:
    """Delete the entries of one person, who need give no reason. Returns how many."""
    token = store.vault.token(_TOKEN, normal(person))
    return _delete(store, principal, "education.withdraw", COMPLETION.c.person_token == token, clock)


def forget_expired(store: Store, principal: Principal, *, clock: Clock) -> int:
    """Delete the entries that no longer count. Returns how many."""
    today = clock.now().date().isoformat()
    return _delete(store, principal, "education.expire", COMPLETION.c.expires_on < today, clock)


def _delete(store: Store, principal: Principal, name: str, which: Any, clock: Clock) -> int:
    with writing(store, principal, name, clock=clock) as act:
        found = list(_ids(act, which))
        act.delete(COMPLETION, found)
        if found:
            act.fact("entries", len(found))
    return len(found)


def _ids(act: Act, which: Any) -> Iterator[dict[str, str]]:
    for row in act.connection.execute(select(COMPLETION.c.completion_id).where(which)).all():
        yield {"completion_id": row.completion_id}


def _completion(store: Store, row: Mapping[str, Any]) -> Completion:
    sealed = row["sealed"]
    plain = store.vault.open(f"education:{row['person_token']}", sealed) if sealed else {}
    names = [name for name in Completion.__slots__ if name != "person"]
    return Completion(person=plain.get("person"), **{name: row[name] for name in names})
