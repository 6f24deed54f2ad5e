"""The only SQL of this room: what was screened against which lists, under which keys, and matches known to be false."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import Json, Party, canonical_json
from vedette.screening.identifiers import Tag
from vedette.screening.question import Question
from vedette.screening.suppression import Suppression
from vedette.store import Store

_METADATA = MetaData()
STATE = Table(
    "screening_state",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("held_print", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("screened_at", Text, nullable=False),
)
KEYS = Table(
    "screening_keys",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
COVERAGE = Table(
    "screening_coverage",
    _METADATA,
    Column("scope", Text, primary_key=True),
    Column("lists", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("covered_at", Text, nullable=False),
    Column("whole_at", Text, nullable=False),
)
SUPPRESSION = Table(
    "screening_suppression",
    _METADATA,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("account_id", "who", "list_id", "entity_id")),
    *(Column(name, Text, nullable=False) for name in ("party_print", "entry_hash", "reason", "owner", "made_at")),
    *(Column(name, Text, nullable=False) for name in ("expires", "request_id", "ended_at", "ended_by")),
)
_SCOPE = "accounts"
_NOBODY = Party(id="")
_STREAMED = {"yield_per": 2_000}


@dataclass(frozen=True, slots=True)
class Screened:
    """An account as last screened. ``held_print`` changes with any of its data; ``outcome`` is an Outcome's value."""

    account_id: str
    held_print: str
    outcome: str
    screened_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The lists that every account with a state is screened against, whether in whole or by what changed.

    ``lists`` gives the version by list id; ``conditions`` is a print of everything else that the answers hang on.
    ``whole_at`` is when everybody was last screened against everything.
    """

    lists: Mapping[str, str]
    conditions: str
    covered_at: str
    whole_at: str


def states(store: Store) -> dict[str, Screened]:
    """Every account that was ever screened."""
    with store.database.reading() as connection:
        return {row.account_id: Screened(*row) for row in connection.execute(select(STATE))}


def state(store: Store, account_id: str) -> Screened | None:
    """One account, or None where it was never screened."""
    with store.database.reading() as connection:
        row = connection.execute(select(STATE).where(STATE.c.account_id == account_id)).one_or_none()
    return None if row is None else Screened(*row)


def coverage(store: Store) -> Coverage | None:
    """What the accounts are screened against, or None before the first screening."""
    with store.database.reading() as connection:
        row = connection.execute(select(COVERAGE).where(COVERAGE.c.scope == _SCOPE)).one_or_none()
    if row is None:
        return None
    return Coverage(
        lists=json.loads(row.lists), conditions=row.conditions, covered_at=row.covered_at, whole_at=row.whole_at
    )


def save(act: Act, *, screened: Iterable[Screened], gone: Iterable[str], covered: Coverage) -> None:
    """Note, in the act that stores the findings, who was screened, who is no longer held, and what is now covered."""
    act.upsert(STATE, map(asdict, screened))
    act.delete(STATE, ({"account_id": account_id} for account_id in sorted(gone)))
    row = {**asdict(covered), "scope": _SCOPE, "lists": canonical_json(dict(covered.lists)).decode()}
    act.upsert(COVERAGE, [row])


def seal_keys(act: Act, store: Store, keys: Iterable[tuple[str, Iterable[Question]]], gone: Iterable[str]) -> None:
    """Keep under what each account's parties are looked up, sealed for the account: reading names again costs most."""
    rows = ((account, {"parties": [_plain(asked) for asked in questions]}) for account, questions in keys)
    act.upsert(KEYS, ({"account_id": key, "sealed": store.vault.seal(key, held)} for key, held in rows))
    act.delete(KEYS, ({"account_id": account_id} for account_id in sorted(gone)))


def keys(store: Store) -> Iterator[tuple[str, tuple[Question, ...]]]:
    """What ``seal_keys`` kept of each account: questions without their parties. Opens the vault."""
    with store.database.reading() as connection:
        for row in connection.execute(select(KEYS), execution_options=_STREAMED):
            held = store.vault.open(row.account_id, bytes(row.sealed))
            yield row.account_id, tuple(_question(parts) for parts in held["parties"])


def _plain(asked: Question) -> list[Json]:
    return [asked.forms, asked.skeletons, asked.marks, [(tag.group, tag.value) for tag in asked.tags]]


def _question(parts: list[Any]) -> Question:
    forms, skeletons, marks, tags = parts
    return Question(_NOBODY, forms, skeletons, marks, tuple(Tag(group, value) for group, value in tags))


def suppressions(store: Store, account_id: str | None = None) -> tuple[Suppression, ...]:
    """Every suppression ever made, of one account if named, by account and time."""
    query = select(SUPPRESSION).order_by(SUPPRESSION.c.account_id, SUPPRESSION.c.made_at, SUPPRESSION.c.id)
    if account_id is not None:
        query = query.where(SUPPRESSION.c.account_id == account_id)
    with store.database.reading() as connection:
        return tuple(_suppression(dict(row)) for row in connection.execute(query).mappings())


def keep(act: Act, suppression: Suppression) -> None:
    """Store a suppression, new or ended."""
    act.upsert(SUPPRESSION, [{**asdict(suppression), "expires": suppression.expires.isoformat()}])
    act.fact("suppression", suppression.id)
    act.fact("entry", f"{suppression.list_id}#{suppression.entity_id}")
    act.fact("expires", suppression.expires.isoformat())


def _suppression(row: dict[str, Any]) -> Suppression:
    return Suppression(**{**row, "expires": date.fromisoformat(row["expires"])})
