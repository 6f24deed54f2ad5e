"""HTTP: the audit log, for auditors: entries, the signed checkpoint and proofs that anybody can check elsewhere."""

from __future__ import annotations

import base64
import json
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from vedette import audit
from vedette.audit.checkpoint import public_bytes
from vedette.audit.store import head_note, leaves, signing_key
from vedette.doors import web

router = APIRouter(tags=["Audit"])
_AUDITS = Annotated[web.Acting, Depends(web.allows(web.Permission.AUDIT, web.Scope.AUDIT))]
_ENTRY = {"index": 0, "leaf_hash": "...", "leaf": {"act": "cases.decide", "principal": {"kind": "person", "id": "bea"}}}


@router.get(
    "/v1/audit/entries",
    summary="Entries of the log",
    responses=web.answers("Entries from an index on.", {"entries": [_ENTRY], "next": 1}),
)
def entries(
    acting: _AUDITS,
    start: Annotated[int, Query(ge=0, le=2**53, description="Index of the first entry.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Response:
    """Entries in order. They name acts, ids and counts, and no customer. `next` is where to go on, also later."""
    with acting.store.database.reading() as connection:
        found = list(islice(leaves(connection, start), limit))
    shown = [
        {"index": index, "leaf_hash": base64.b64encode(hashed).decode(), "leaf": json.loads(body)}
        for index, body, hashed in found
    ]
    return web.answer({"entries": shown, "next": found[-1][0] + 1 if found else start})


@router.get(
    "/v1/audit/checkpoint",
    summary="The signed checkpoint",
    responses=web.answers("The note and the key that signed it.", {"checkpoint": "...", "public_key": "..."}),
)
def checkpoint(acting: _AUDITS) -> Response:
    """The newest checkpoint as a C2SP signed note, null for an empty log, and the Ed25519 public key."""
    with acting.store.database.reading() as connection:
        note = head_note(connection)
    public = base64.b64encode(public_bytes(signing_key(acting.store))).decode()
    return web.answer({"checkpoint": note, "public_key": public})


@router.get(
    "/v1/audit/proof/{index}",
    summary="Proof that an entry is in the log",
    responses=web.answers("The entry, its proof and the checkpoint.", {"index": 0, "proof": [], "checkpoint": "..."}),
)
def proof(acting: _AUDITS, index: Annotated[int, Path(ge=0, le=2**53)]) -> Response:
    """An inclusion proof (RFC 6962) of one entry against the newest checkpoint."""
    try:
        return web.answer(audit.proof(acting.store, index))
    except audit.NoSuchLeaf:
        raise web.Problem(404, "no-such-entry", "The log has no entry of this index") from None
