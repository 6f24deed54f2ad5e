"""Writes the log as one file that an independent verifier checks without this program or its keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vedette.audit.checkpoint import public_bytes
from vedette.audit.store import ORIGIN, head_note, leaves, signing_key, stamped, witnessed
from vedette.audit.tree import inclusion_proof
from vedette.base import Place, VedetteError
from vedette.store import Store


class NoSuchLeaf(VedetteError):
    """The log has no leaf of that number."""


def export(store: Store, target: Path) -> int:
    """Write JSON lines: a head (origin, public key, checkpoint), then each leaf as it was hashed. Returns their count."""
    count = 0
    with store.database.reading() as connection, target.open("wb") as file:
        head = {
            "kind": "vedette-audit-log",
            "v": 2,
            "origin": ORIGIN,
            "public_key": base64.b64encode(public_bytes(signing_key(store))).decode(),
            "checkpoint": head_note(connection),
            "witnessed": [row.note for row in witnessed(connection)],
            "stamped": [
                {"note": row.note, "token": base64.b64encode(row.token).decode()} for row in stamped(connection)
            ],
        }
        file.write(json.dumps(head, ensure_ascii=False).encode() + b"\n")
        for _, body, _ in leaves(connection):
            file.write(body + b"\n")
            count += 1
    return count


def proof(store: Store, index: int) -> dict[str, Any]:
    """The inclusion proof of one leaf against the newest checkpoint, with the leaf itself."""
    return proofs(store, (index,))[0]


def proofs(store: Store, indexes: Iterable[int]) -> list[dict[str, Any]]:
    """Inclusion proofs of several leaves against one checkpoint, in the order asked. Raises NoSuchLeaf."""
    with store.database.reading() as connection:
        note = head_note(connection)
        stored = list(leaves(connection))
    hashes = [hashed for _, _, hashed in stored]
    return [_proof(index, stored, hashes, note) for index in indexes]


def written(found: Mapping[str, Any]) -> str:
    """A proof of ``proofs`` as a C2SP ``.tlog-proof``, which holds its leaf as extra data and needs nothing beside it."""
    lines = ["c2sp.org/tlog-proof@v1", f"extra {found['leaf_bytes']}", f"index {found['index']}", *found["proof"]]
    return "\n".join(lines) + f"\n\n{found['checkpoint']}"


def _proof(index: int, stored: list[tuple[int, bytes, bytes]], hashes: list[bytes], note: str | None) -> dict[str, Any]:
    if not 0 <= index < len(stored):
        raise NoSuchLeaf(f"the log has {len(stored)} leaves", place=Place(f"leaf {index}"), remedy="Name one of them")
    return {
        "index": index,
        "leaf": json.loads(stored[index][1]),
        "leaf_bytes": base64.b64encode(stored[index][1]).decode(),
        "leaf_hash": base64.b64encode(stored[index][2]).decode(),
        "proof": [base64.b64encode(node).decode() for node in inclusion_proof(hashes, index)],
        "checkpoint": note,
    }
