"""Checks a live workspace's log: leaves, tree, signature, commitments of every audited row, and the lake's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from vedette.audit.checkpoint import Checkpoint, CheckpointError, opened, public_bytes
from vedette.audit.rows import commitments
from vedette.audit.store import (
    StoredRows,
    audited_tables,
    commitments_of,
    head_note,
    leaves,
    signing_key,
    stamped,
    stored_rows,
    witnessed,
)
from vedette.audit.tree import Frontier, leaf_hash
from vedette.base import Json
from vedette.store import Store, load_key

Latest = dict[str, dict[str, bytes | None]]  # by table and row

_LIMIT = 100
_BEFORE_DIGEST = b'","commitments":"'
_GONE = bytes(32)
_NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(slots=True)
class Verification:
    """What was checked and every problem found (the first hundred, and how many more)."""

    leaves: int = 0
    rows: int = 0
    files: int = 0
    root: str = ""
    problems: list[str] = field(default_factory=list)
    further_problems: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)  # at the sizes that older checkpoints signed

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "holds": self.holds,
            "leaves": self.leaves,
            "rows": self.rows,
            "files": self.files,
            "root": self.root,
            "problems": list(self.problems),
            "further_problems": self.further_problems,
        }

    def problem(self, text: str) -> None:
        """Note a problem."""
        if len(self.problems) < _LIMIT:
            self.problems.append(text)
        else:
            self.further_problems += 1


def verify(
    store: Store, advance: Callable[[int], None] = lambda _n: None, *, against: Iterable[str] = ()
) -> Verification:
    """Recompute everything. ``advance`` is told of each thousand leaves.

    ``against`` are signed checkpoints kept from before: the log must still begin with what each of them signed.
    """
    result = Verification()
    with store.database.reading() as connection:
        kept = _kept(connection, store, against, result)
        digests = _check_leaves(connection, store, {checkpoint.size for checkpoint in kept}, result, advance)
        for checkpoint in kept:
            if result.roots.get(checkpoint.size) != checkpoint.root:
                result.problem(f"the log does not begin with the {checkpoint.size} leaves that were signed before")
        latest = _check_commitments(connection, digests, result)
        _check_rows(connection, store, latest, result)
        files = store.lake.files(connection)
    result.files = len(files)
    for text in store.lake.check(files):
        result.problem(text)
    return result


def _kept(connection: Any, store: Store, against: Iterable[str], result: Verification) -> list[Checkpoint]:
    """The older checkpoints that the log is held to: those given, and those that witnesses or time stamps bear."""
    public, found = public_bytes(signing_key(store)), []
    for note in (*against, *(row.note for row in (*witnessed(connection), *stamped(connection)))):
        try:
            found.append(opened(note, public))
        except CheckpointError as fault:
            result.problem(f"an older checkpoint: {fault}")
    return found


def _check_leaves(
    connection: Any, store: Store, sizes: Container[int], result: Verification, advance: Callable[[int], None]
) -> dict[int, str]:
    frontier, digests = Frontier(), {}
    for position, (index, body, stored) in enumerate(leaves(connection)):
        if position in sizes:
            result.roots[position] = frontier.root()
        if index != position:
            result.problem(f"leaf {position} is missing")
            break
        hashed = leaf_hash(body)
        if hashed != stored:
            result.problem(f"leaf {index} was altered")
        frontier.append(hashed)
        digests[index] = _digest_in(body)
        if position % 1000 == 999:
            advance(1000)
    result.leaves, result.root = frontier.size, frontier.root().hex()
    result.roots[frontier.size] = frontier.root()
    _check_head(connection, store, frontier, result)
    return digests


def _digest_in(body: bytes) -> str:
    # Keys are sorted, so it follows the act's name, within which no bare quotation mark can stand.
    place = body.find(_BEFORE_DIGEST)
    if place > 0:
        return body[place + len(_BEFORE_DIGEST) : place + len(_BEFORE_DIGEST) + 64].decode("ascii", "replace")
    try:
        return str(json.loads(body)["commitments"])
    except (ValueError, KeyError, TypeError):
        return ""


def _check_head(connection: Any, store: Store, frontier: Frontier, result: Verification) -> None:
    note = head_note(connection)
    if note is None:
        if frontier.size:
            result.problem("the signed checkpoint is missing")
        return
    try:
        checkpoint = opened(note, public_bytes(signing_key(store)))
    except CheckpointError as fault:
        result.problem(str(fault))
        return
    if checkpoint.size != frontier.size:
        result.problem(f"the checkpoint signs {checkpoint.size} leaves but the log holds {frontier.size}")
    elif checkpoint.root != frontier.root():
        result.problem("the log's root is not the signed one")


def _check_commitments(connection: Any, digests: Mapping[int, str], result: Verification) -> Latest:
    """Each leaf's commitments must hash to what its leaf says; returns the newest commitment of every row."""
    latest: Latest = {}
    told = set()
    for index, rows in groupby(commitments_of(connection), key=itemgetter(0)):
        state = hashlib.sha256()
        for _, table_name, identity, value in rows:
            state.update(_GONE if value is None else value)
            latest.setdefault(table_name, {})[identity] = value
        told.add(index)
        if index not in digests:
            result.problem(f"commitments stand under leaf {index}, which does not exist")
        elif state.hexdigest() != digests[index]:
            result.problem(f"the commitments of leaf {index} were altered")
    for index in digests.keys() - told:
        if digests[index] != _NOTHING:
            result.problem(f"the commitments of leaf {index} were altered")
    return latest


def _check_rows(connection: Any, store: Store, latest: Latest, result: Verification) -> None:
    key = load_key(store.workspace.keys / "commitments.key")
    tables = audited_tables(connection)
    for table_name in sorted({*latest, *tables}):
        if table_name not in tables:
            result.problem(f"table {table_name} is gone")
            continue
        found = stored_rows(connection, table_name, *tables[table_name])
        _check_table(key, table_name, found, latest.get(table_name, {}), result)


def _check_table(
    key: bytes, table_name: str, found: StoredRows, expected: dict[str, bytes | None], result: Verification
) -> None:
    count = 0
    for identity, value in commitments(key, table_name, found.columns, found.keys, found.rows):
        count += 1
        stated = expected.pop(identity, None)
        if stated is None:
            result.problem(f"{table_name} {identity}: a row that the log does not know")
        elif value != stated:
            result.problem(f"{table_name} {identity}: the row was altered")
    result.rows += count
    for identity, gone in expected.items():
        if gone is not None:
            result.problem(f"{table_name} {identity}: the row is gone")
