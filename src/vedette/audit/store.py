"""The audit log's tables, and the transaction through which every write of state passes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from vedette.audit.checkpoint import Checkpoint, sign
from vedette.audit.tree import Frontier, leaf_hash
from vedette.base import Clock, Json, Principal, SystemClock, canonical_json, iso
from vedette.store import StagedFiles, Store, load_key
from vedette.store.lake import FILES

METADATA = MetaData()
LEAF = Table(
    "audit_leaf",
    METADATA,
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
)
COMMITMENT = Table(
    "audit_commitment",
    METADATA,
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("commitment", LargeBinary, nullable=True),
)
HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("checkpoint", Text, nullable=False),
)

# Whom the log knows and what they signed: written through acts, as all state.
KEPT = MetaData()
KNOWN = Table(
    "audit_known",
    KEPT,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("public_key", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)
WITNESSED = Table(
    "audit_witnessed",
    KEPT,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),
    Column("note", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
)
STAMPED = Table(
    "audit_timestamp",
    KEPT,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("token_hash", Text, primary_key=True),
    Column("note", Text, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("stamped_at", Text, nullable=False),
)

_NEW_LEAF, _NEW_COMMITMENTS = insert(LEAF), insert(COMMITMENT)
_HEAD = select(HEAD.c.size, HEAD.c.frontier).where(HEAD.c.id == 1)
_LOCKED_HEAD = _HEAD.with_for_update()

ORIGIN = "vedette.local/audit"
_BATCH = 500


class Act:
    """One write of state: rows, lake files and facts that become one leaf. Made by ``writing`` only."""

    def __init__(self, store: Store, connection: Connection, principal: Principal, name: str, moment: str) -> None:
        self.connection = connection
        self._store = store
        self._principal = principal
        self._name = name
        self._moment = moment
        self._facts: dict[str, Json] = {}
        self._commitments: list[dict[str, Any]] = []
        self._key = load_key(store.workspace.keys / "commitments.key")

    @property
    def moment(self) -> str:
        """The act's time, ISO 8601 in UTC."""
        return self._moment

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return self._principal

    @property
    def index(self) -> int:
        """The number that this act's leaf will have: no other writer can take it while the act is open."""
        return _head(self.connection)[0]

    def fact(self, name: str, value: Json) -> None:
        """Put a non-personal fact into the leaf: an id of a list, rule or case, a hash, a count, a reason code."""
        self._facts[name] = value

    def upsert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert or replace whole rows by primary key, each with its commitment. Returns how many."""
        complete = [{column.name: row.get(column.name) for column in table.columns} for row in rows]
        keys = [column.name for column in table.primary_key]
        statement = _upsertion(table, self.connection.dialect.name)
        for start in range(0, len(complete), _BATCH):
            self.connection.execute(statement, complete[start : start + _BATCH])
        for row in complete:
            self._commit(table.name, row_id(row, keys), commitment(self._key, table.name, row))
        return len(complete)

    def delete(self, table: Table, keys: Iterable[Mapping[str, Any]]) -> int:
        """Delete rows by primary key; the leaf commits to their absence. Returns how many were named."""
        names = [column.name for column in table.primary_key]
        count = 0
        for key in keys:
            condition = and_(*(table.c[name] == key[name] for name in names))
            self.connection.execute(delete(table).where(condition))
            self._commit(table.name, row_id(key, names), None)
            count += 1
        return count

    def commit_files(self, staged: StagedFiles) -> int:
        """Make staged lake files visible with this act. Returns their number of rows."""
        self.upsert(FILES, self._store.lake.publish(staged))
        return staged.rows

    def retire_files(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take lake files out of sight; the sweep removes them from disk."""
        self.delete(FILES, rows)

    def _commit(self, table_name: str, identity: str, value: bytes | None) -> None:
        self._commitments.append({"table_name": table_name, "row_id": identity, "commitment": value})

    @property
    def empty(self) -> bool:
        """Whether nothing was written and no fact was told."""
        return not self._commitments and not self._facts

    def close(self) -> None:
        """Append the leaf, store the commitments and sign the new head."""
        size, frontier = _head(self.connection)
        body = self._body()
        hashed = leaf_hash(body)
        frontier.append(hashed)
        self.connection.execute(_NEW_LEAF, {"leaf_index": size, "body": body, "leaf_hash": hashed})
        rows = [{**row, "leaf_index": size, "position": n} for n, row in enumerate(self._commitments)]
        for start in range(0, len(rows), 5_000):
            self.connection.execute(_NEW_COMMITMENTS, rows[start : start + 5_000])
        note = sign(Checkpoint(ORIGIN, size + 1, frontier.root()), signing_key(self._store))
        self._replace_head(size + 1, frontier, note)

    def _body(self) -> bytes:
        tables: dict[str, int] = {}
        for row in self._commitments:
            tables[row["table_name"]] = tables.get(row["table_name"], 0) + 1
        return canonical_json(
            {
                "v": 1,
                "act": self._name,
                "time": self._moment,
                "principal": {"kind": self._principal.kind.value, "id": self._principal.id},
                "facts": self._facts,
                "rows": tables,
                "commitments": commitments_digest(self._commitments),
            }
        )

    def _replace_head(self, size: int, frontier: Frontier, note: str) -> None:
        row = {"id": 1, "size": size, "frontier": frontier.to_bytes(), "checkpoint": note}
        self.connection.execute(_upsertion(HEAD, self.connection.dialect.name), row)


@lru_cache(maxsize=512)
def _upsertion(table: Table, dialect: str) -> Any:
    """Insert or replace by primary key. Made once a table: to make a statement costs more than to run it."""
    statement = (postgresql_insert if dialect == "postgresql" else sqlite_insert)(table)
    keys = [column.name for column in table.primary_key]
    updates = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    if not updates:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=updates)


@contextmanager
def writing(store: Store, principal: Principal, name: str, *, clock: Clock | None = None) -> Iterator[Act]:
    """One audited transaction. Everything written in the block and its leaf commit together, or not at all.

    An act that wrote nothing and told no fact leaves no leaf.
    """
    moment = iso((clock or SystemClock()).now())
    with store.database.writing() as connection:
        act = Act(store, connection, principal, name, moment)
        yield act
        if not act.empty:
            act.close()


def signing_key(store: Store) -> bytes:
    """The Ed25519 seed that signs checkpoints, made at first use."""
    return load_key(store.workspace.keys / "audit.key")


def row_id(row: Mapping[str, Any], keys: Sequence[str]) -> str:
    """A row's primary key as text."""
    return canonical_json([_plain(row[name]) for name in sorted(keys)]).decode()


def commitment(key: bytes, table_name: str, row: Mapping[str, Any]) -> bytes:
    """HMAC-SHA256 over a row's canonical form: binds it without revealing it."""
    body = canonical_json([table_name, {name: _plain(value) for name, value in row.items()}])
    return hmac.digest(key, body, "sha256")


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def commitments_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over a leaf's commitments in order; a deleted row counts as 32 zero bytes."""
    state = hashlib.sha256()
    for row in rows:
        state.update(bytes(row["commitment"]) if row["commitment"] is not None else bytes(32))
    return state.hexdigest()


def _head(connection: Connection) -> tuple[int, Frontier]:
    query = _LOCKED_HEAD if connection.dialect.name == "postgresql" else _HEAD
    row = connection.execute(query).one_or_none()
    if row is None:
        return 0, Frontier()
    return row.size, Frontier.from_bytes(row.size, bytes(row.frontier))


def head_note(connection: Connection) -> str | None:
    """The newest signed checkpoint, or None for an empty log."""
    note: str | None = connection.execute(select(HEAD.c.checkpoint).where(HEAD.c.id == 1)).scalar_one_or_none()
    return note


def leaves(connection: Connection, start: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
    """(index, body, stored hash) of each leaf from ``start`` on, in order."""
    query = select(LEAF).where(LEAF.c.leaf_index >= start).order_by(LEAF.c.leaf_index)
    with connection.execute(query.execution_options(yield_per=5_000)) as rows:
        for row in rows:
            yield row.leaf_index, bytes(row.body), bytes(row.leaf_hash)


def known(connection: Connection, kind: str) -> Sequence[Any]:
    """Rows of the witnesses of this log, or of the logs that this house witnesses (``witness``, ``log``)."""
    return connection.execute(select(KNOWN).where(KNOWN.c.kind == kind).order_by(KNOWN.c.name)).all()


def witnessed(connection: Connection) -> Sequence[Any]:
    """Rows of the checkpoints that witnesses signed, oldest first."""
    return connection.execute(select(WITNESSED).order_by(WITNESSED.c.size, WITNESSED.c.witness)).all()


def stamped(connection: Connection) -> Sequence[Any]:
    """Rows of the checkpoints that a time-stamping authority signed, oldest first."""
    return connection.execute(select(STAMPED).order_by(STAMPED.c.size, STAMPED.c.token_hash)).all()


def commitments_of(connection: Connection) -> Iterator[tuple[int, str, str, bytes | None]]:
    """(leaf, table, row, commitment) of every stored commitment, by leaf and position."""
    columns = COMMITMENT.c.leaf_index, COMMITMENT.c.table_name, COMMITMENT.c.row_id, COMMITMENT.c.commitment
    query = select(*columns).order_by(COMMITMENT.c.leaf_index, COMMITMENT.c.position)
    with connection.execute(query.execution_options(yield_per=5_000)) as rows:
        for some in rows.partitions():
            yield from map(tuple, some)


def audited_tables(connection: Connection) -> dict[str, tuple[list[str], list[str]]]:
    """(columns sorted by name, primary key) of every table but the log's own and the migrations' bookkeeping."""
    from sqlalchemy import inspect

    inspector = inspect(connection)
    own, keys = {*METADATA.tables, "alembic_version"}, inspector.get_multi_pk_constraint()
    return {
        name: (sorted(str(column["name"]) for column in columns), list(keys[schema, name]["constrained_columns"]))
        for (schema, name), columns in inspector.get_multi_columns().items()
        if name not in own
    }


def stored_rows(connection: Connection, table_name: str, columns: Sequence[str], keys: Sequence[str]) -> StoredRows:
    """The rows of an audited table as they stand now. Names are those that ``audited_tables`` gave."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    query = text(f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table_name)}")
    return StoredRows(columns, keys, _streamed(connection, query))


@dataclass(frozen=True, slots=True)
class StoredRows:
    """What a table holds: its columns sorted by name, those of its primary key, and its rows as they are read."""

    columns: Sequence[str]
    keys: Sequence[str]
    rows: Iterator[Sequence[Any]]


def _streamed(connection: Connection, query: Any) -> Iterator[Sequence[Any]]:
    with connection.execute(query.execution_options(yield_per=5_000)) as rows:
        for some in rows.partitions():
            yield from some
