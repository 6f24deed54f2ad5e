"""Whether inclusion proofs lead from a case's leaves to the signed checkpoint, computed anew for whoever looks."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from vedette.audit import CheckpointError
from vedette.audit.checkpoint import opened, public_bytes
from vedette.audit.store import signing_key
from vedette.audit.tree import root_from_inclusion
from vedette.store import Store


def checked(store: Store, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The checkpoint's size and root, and for each leaf by number its hash, how long its proof is and whether it holds."""
    note = found[0]["checkpoint"] if found else None
    if note is None:
        return {"size": 0, "root": "", "leaves": {}, "signed": False}
    try:
        checkpoint = opened(note, public_bytes(signing_key(store)))
    except CheckpointError:
        return {"size": 0, "root": "", "leaves": {}, "signed": False}
    leaves = {item["index"]: _leaf(item, checkpoint.size, checkpoint.root) for item in found}
    return {"size": checkpoint.size, "root": checkpoint.root.hex(), "leaves": leaves, "signed": True}


def _leaf(item: Mapping[str, Any], size: int, root: bytes) -> dict[str, Any]:
    leaf_hash = base64.b64decode(item["leaf_hash"])
    path = [base64.b64decode(node) for node in item["proof"]]
    try:
        holds = root_from_inclusion(leaf_hash, item["index"], size, path) == root
    except ValueError:
        holds = False
    return {"hash": leaf_hash.hex(), "steps": len(path), "holds": holds}
