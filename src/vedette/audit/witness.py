"""Houses that witness each other's logs: each signs only what grew from what it signed before (C2SP tlog-witness)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from vedette.audit.checkpoint import CheckpointError, cosign, cosigned, opened, parsed, public_bytes
from vedette.audit.store import KNOWN, WITNESSED, head_note, known, leaves, signing_key, writing
from vedette.audit.tree import consistency_proof, consistent, root
from vedette.base import Clock, Place, Principal, VedetteError, iso
from vedette.store import Store, load_key

LOG, WITNESS = "log", "witness"
_STEPS = 63


class WitnessError(VedetteError):
    """A checkpoint cannot be witnessed, or what a witness sent cannot be taken."""


def witness_key(store: Store) -> bytes:
    """The Ed25519 seed with which this house signs others' checkpoints; never the key of its own log."""
    return load_key(store.workspace.keys / "witness.key")


def own_key(store: Store) -> str:
    """The public key under which others may know this house as a witness, base64."""
    return base64.b64encode(public_bytes(witness_key(store))).decode()


def know(store: Store, principal: Principal, kind: str, name: str, key: str, *, clock: Clock) -> None:
    """Trust a witness of this log, or agree to witness a log: its name (for a log, its origin) and key in base64."""
    try:
        whole = len(base64.b64decode(key, validate=True)) == 32
    except ValueError:
        whole = False
    if not whole or not name or set(name) & set(" +\n—"):
        raise WitnessError("a name without spaces or `+`, and a key of 32 bytes in base64, are needed")
    with writing(store, principal, "audit.know", clock=clock) as act:
        row = {"kind": kind, "name": name, "public_key": key, "size": 0, "note": "", "changed_at": act.moment}
        act.upsert(KNOWN, [row])
        act.fact("kind", kind)
        act.fact("name", name)


def request(store: Store, old_size: int = 0) -> str:
    """What a witness needs to sign the newest checkpoint: its proof from the size the witness signed last."""
    with store.database.reading() as connection:
        note = head_note(connection)
        hashes = [hashed for _, _, hashed in leaves(connection)]
    if note is None or not 0 <= old_size <= len(hashes):
        raise WitnessError(f"the log has {len(hashes)} leaves, so nothing leads on from {old_size}")
    path = consistency_proof(hashes, old_size) if old_size else ()
    return "\n".join([f"old {old_size}", *(base64.b64encode(node).decode() for node in path), "", note])


def sign(store: Store, principal: Principal, asked: str, name: str, *, clock: Clock) -> str:
    """Sign another house's checkpoint under our name, if it grew from the last one we signed. Returns the note with our line.

    Raises WitnessError where the log is unknown, its signature or proof does not hold, or it does not go on from there.
    """
    head, _, note = asked.partition("\n\n")
    try:
        old, path = _steps(head)
        stated = parsed(note.partition("\n\n")[0])
    except (ValueError, CheckpointError) as fault:
        raise WitnessError(f"this is no request for a witness: {fault}") from None
    with writing(store, principal, "audit.witness", clock=clock) as act:
        row = _log_of(known(act.connection, LOG), note)
        if old != row.size:
            raise WitnessError(
                f"this house signed {row.size} leaves of that log last, not {old}", remedy="Ask from there"
            )
        if old and not consistent(old, stated.size, opened(row.note, _key(row)).root, stated.root, path):
            raise WitnessError("the log does not go on from what this house signed before", place=Place(stated.origin))
        act.upsert(KNOWN, [{**row._mapping, "size": stated.size, "note": note, "changed_at": act.moment}])
        act.fact("origin", stated.origin)
        act.fact("size", stated.size)
        line = cosign(stated, name, witness_key(store), int(clock.now().timestamp()))
    return f"{note.rstrip(chr(10))}\n{line}\n"


def _steps(head: str) -> tuple[int, list[bytes]]:
    first, *lines = head.split("\n")
    if not first.startswith("old ") or not first[4:].isdigit() or len(lines) > _STEPS:
        raise ValueError("it does not begin with the size signed before")
    return int(first[4:]), [base64.b64decode(line, validate=True) for line in lines]


def _log_of(rows: Sequence[Any], note: str) -> Any:
    """The known log whose key signed the note: origins alone need not be unique."""
    for row in rows:
        try:
            if opened(note, _key(row)).origin == row.name:
                return row
        except CheckpointError:
            continue
    raise WitnessError(
        "no log that this house witnesses signed that", remedy="vedette audit witness know log ORIGIN KEY"
    )


def _key(row: Any) -> bytes:
    return base64.b64decode(row.public_key)


def add(store: Store, principal: Principal, note: str, *, clock: Clock) -> dict[str, tuple[int, str]]:
    """Keep a checkpoint of ours that known witnesses signed. Returns size and time by witness. Raises WitnessError."""
    try:
        stated = opened(note, public_bytes(signing_key(store)))
    except CheckpointError as fault:
        raise WitnessError(f"this is no checkpoint of this log: {fault}") from None
    with writing(store, principal, "audit.witnessed", clock=clock) as act:
        hashes = [hashed for index, _, hashed in leaves(act.connection) if index < stated.size]
        if len(hashes) != stated.size or root(hashes) != stated.root:
            raise WitnessError(f"this log does not begin with the {stated.size} leaves that the checkpoint signed")
        found = {
            row.name: (stated.size, iso(datetime.fromtimestamp(moment, UTC)))
            for row in known(act.connection, WITNESS)
            if (moment := cosigned(note, row.name, _key(row))) is not None
        }
        if not found:
            raise WitnessError("no known witness signed it", remedy="vedette audit witness know witness NAME KEY")
        rows = [{"size": size, "witness": who, "note": note, "signed_at": at} for who, (size, at) in found.items()]
        act.upsert(WITNESSED, rows)
        act.fact("size", stated.size)
        act.fact("witnesses", sorted(found))
    return found
