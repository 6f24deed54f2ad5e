"""Peers with what proves them, their credential at the other side sealed; TAXII statuses; nonces of signed requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.sharing.model import Peer
from vedette.store import Store

METADATA = MetaData()


def _texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, Text, nullable=False) for name in names)


PEER = Table(
    "sharing_peer",
    METADATA,
    Column("id", Text, primary_key=True),
    *_texts("name", "contact", "created_at", "reads", "writes", "token_hash", "public_key", "fingerprint", "url"),
    Column("private", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("revoked_at", Text, nullable=True),
)
STATUS = Table("sharing_status", METADATA, Column("id", Text, primary_key=True), *_texts("peer", "made_at", "body"))
NONCE = Table(
    "sharing_nonce",
    METADATA,
    Column("peer", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    *_texts("seen_at"),
)


def keep_peer(act: Act, store: Store, peer: Peer, credential: str | None = None) -> None:
    """Write a peer within an act; its credential at the other side is sealed, or kept as it was where none is given."""
    row = {name: getattr(peer, name) for name in ("id", "name", "contact", "created_at", "token_hash", "public_key")}
    row |= {"fingerprint": peer.fingerprint, "url": peer.url, "revoked_at": peer.revoked_at}
    row |= {"reads": " ".join(peer.reads), "writes": " ".join(peer.writes), "private": int(peer.private)}
    if credential is None:
        held = act.connection.execute(select(PEER.c.sealed).where(PEER.c.id == peer.id)).scalar_one_or_none()
        sealed = bytes(held) if held is not None else store.vault.seal(f"peer:{peer.id}", {"credential": ""})
    else:
        sealed = store.vault.seal(f"peer:{peer.id}", {"credential": credential})
    act.upsert(PEER, [{**row, "sealed": sealed}])


def peers(store: Store) -> tuple[Peer, ...]:
    """Every peer, by id."""
    with store.database.reading() as connection:
        return tuple(_peer(row) for row in connection.execute(select(PEER).order_by(PEER.c.id)).mappings().all())


def peer(connection: Connection, peer_id: str) -> Peer | None:
    """One peer."""
    row = connection.execute(select(PEER).where(PEER.c.id == peer_id)).mappings().one_or_none()
    return None if row is None else _peer(row)


def peer_by(connection: Connection, column: str, text: str) -> Peer | None:
    """The peer that a token's hash or a certificate's fingerprint belongs to."""
    if not text:
        return None
    row = connection.execute(select(PEER).where(PEER.c[column] == text)).mappings().first()
    return None if row is None else _peer(row)


def credential(store: Store, peer_id: str) -> str:
    """What opens the peer's door for us."""
    with store.database.reading() as connection:
        sealed = connection.execute(select(PEER.c.sealed).where(PEER.c.id == peer_id)).scalar_one()
    return str(store.vault.open(f"peer:{peer_id}", bytes(sealed))["credential"])


def _peer(row: Mapping[Any, Any]) -> Peer:
    values = {name: row[name] for name in row if name not in ("sealed", "reads", "writes", "private")}
    reads, writes = tuple(row["reads"].split()), tuple(row["writes"].split())
    return Peer(**values, reads=reads, writes=writes, private=bool(row["private"]))


def keep_status(act: Act, status_id: str, peer_id: str, body: str) -> None:
    """Write the answer to a peer's post within an act."""
    act.upsert(STATUS, [{"id": status_id, "peer": peer_id, "made_at": act.moment, "body": body}])


def status(connection: Connection, status_id: str, peer_id: str) -> dict[str, Any] | None:
    """The answer to a post, for the peer that posted."""
    query = select(STATUS.c.body).where(STATUS.c.id == status_id, STATUS.c.peer == peer_id)
    body = connection.execute(query).scalar_one_or_none()
    found: dict[str, Any] | None = None if body is None else json.loads(body)
    return found


def nonce_seen(act: Act, peer_id: str, nonce: str, oldest: str) -> bool:
    """Whether a nonce came before, within an act that writes it down and forgets those too old to be accepted anyway."""
    query = select(NONCE.c.nonce).where(NONCE.c.peer == peer_id, NONCE.c.nonce == nonce)
    if act.connection.execute(query).first() is not None:
        return True
    old = select(NONCE.c.peer, NONCE.c.nonce).where(NONCE.c.seen_at < oldest).limit(500)
    act.delete(NONCE, [{"peer": row.peer, "nonce": row.nonce} for row in act.connection.execute(old).all()])
    act.upsert(NONCE, [{"peer": peer_id, "nonce": nonce, "seen_at": act.moment}])
    return False
