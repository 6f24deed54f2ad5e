"""Blind matching in the state database: epochs with sealed keys, requests counted, sealed tags, hits and questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.base import canonical_json, stable_id
from vedette.sharing.blind import tagset
from vedette.sharing.blind.group import Epoch, GroupError, Secrets, stored_epoch
from vedette.store import Store

METADATA = MetaData()
EPOCH = Table(
    "blind_epoch",
    METADATA,
    Column("slot", Text, primary_key=True),
    *(
        Column(name, Text, nullable=False)
        for name in ("epoch_id", "purpose", "label", "name", "state", "descriptor", "revoked", "made_at", "changed_at")
    ),
    Column("sealed", LargeBinary, nullable=False),
)
REQUEST = Table(
    "blind_request",
    METADATA,
    Column("epoch_id", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("elements", BigInteger, nullable=False),
)
TAGS = Table(
    "blind_tags",
    METADATA,
    Column("epoch_id", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("round", BigInteger, primary_key=True, autoincrement=False),
    Column("changed_at", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
HIT = Table(
    "blind_hit",
    METADATA,
    Column("hit_id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("epoch_id", "found_at", "withdrawn_at")),
    Column("sealed", LargeBinary, nullable=False),
)
QUESTION = Table(
    "blind_question",
    METADATA,
    Column("question_id", Text, primary_key=True),
    *(
        Column(name, Text, nullable=False)
        for name in ("epoch_id", "asker", "role", "state", "case_id", "request_id", "asked_at")
    ),
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One's own part in an epoch: joined, open or destroyed. The secrets are gone with the last."""

    slot: str
    epoch_id: str
    purpose: str
    label: str
    name: str
    state: str
    epoch: Epoch | None
    revoked: frozenset[str]
    secrets: Secrets | None
    changed_at: str


def slot_of(purpose: str, label: str) -> str:
    """One's place in an epoch before it has an id."""
    return stable_id("bsl", purpose, label)


def keep_own(act: Act, store: Store, own: Own, *, made_at: str = "") -> None:
    """Write one's part; its secrets are sealed, and the sealed row is emptied where there are none any longer."""
    held = own.secrets
    plain = {} if held is None else {name: getattr(held, name).hex() for name in Secrets.__slots__}
    act.upsert(
        EPOCH,
        [
            {
                "slot": own.slot,
                "epoch_id": own.epoch_id,
                "purpose": own.purpose,
                "label": own.label,
                "name": own.name,
                "state": own.state,
                "descriptor": "" if own.epoch is None else canonical_json(own.epoch.as_json()).decode(),
                "revoked": canonical_json(sorted(own.revoked)).decode(),
                "made_at": made_at or act.moment,
                "changed_at": act.moment,
                "sealed": store.vault.seal(own.slot, plain) if plain else b"",
            }
        ],
    )


def owns(store: Store) -> list[Own]:
    """Every part in an epoch, newest first."""
    with store.database.reading() as connection:
        rows = connection.execute(select(EPOCH).order_by(EPOCH.c.made_at.desc(), EPOCH.c.slot)).mappings().all()
    return [_own(store, row) for row in rows]


def own_slot(store: Store, slot: str) -> Own | None:
    """One's part by its slot; None where there is none."""
    with store.database.reading() as connection:
        row = connection.execute(select(EPOCH).where(EPOCH.c.slot == slot)).mappings().one_or_none()
    return None if row is None else _own(store, row)


def own_epoch(store: Store, epoch_id: str) -> Own:
    """One's part in an open or destroyed epoch. Raises GroupError."""
    with store.database.reading() as connection:
        row = connection.execute(select(EPOCH).where(EPOCH.c.epoch_id == epoch_id)).mappings().one_or_none()
    if row is None or not epoch_id:
        raise GroupError("unknown epoch", remedy="See `vedette share epoch list`")
    return _own(store, row)


def _own(store: Store, row: Mapping[Any, Any]) -> Own:
    opened = store.vault.open(row["slot"], bytes(row["sealed"])) if row["sealed"] else None
    return Own(
        slot=row["slot"],
        epoch_id=row["epoch_id"],
        purpose=row["purpose"],
        label=row["label"],
        name=row["name"],
        state=row["state"],
        epoch=stored_epoch(row["descriptor"].encode()) if row["descriptor"] else None,
        revoked=frozenset(json.loads(row["revoked"])),
        secrets=Secrets(**{name: bytes.fromhex(text) for name, text in opened.items()}) if opened else None,
        changed_at=row["changed_at"],
    )


def used(connection: Connection, epoch_id: str, sender: str) -> int:
    """How many elements a member has had evaluated here in an epoch."""
    where = (REQUEST.c.epoch_id == epoch_id) & (REQUEST.c.sender == sender)
    return int(connection.execute(select(func.coalesce(func.sum(REQUEST.c.elements), 0)).where(where)).scalar_one())


def seen(connection: Connection, epoch_id: str, sender: str, request_id: str) -> bool:
    """Whether a request of this id was taken before."""
    where = (REQUEST.c.epoch_id == epoch_id) & (REQUEST.c.sender == sender) & (REQUEST.c.request_id == request_id)
    return connection.execute(select(REQUEST.c.at).where(where)).one_or_none() is not None


def count(act: Act, epoch_id: str, sender: str, request_id: str, kind: str, elements: int) -> None:
    """Write that a request was taken, and how many elements it had."""
    act.upsert(
        REQUEST,
        [
            {
                "epoch_id": epoch_id,
                "sender": sender,
                "request_id": request_id,
                "kind": kind,
                "at": act.moment,
                "elements": elements,
            }
        ],
    )


def asked(store: Store) -> list[dict[str, Any]]:
    """For each epoch and member: requests, elements evaluated, and the last time. Counts only."""
    columns = (
        REQUEST.c.epoch_id,
        REQUEST.c.sender,
        func.count().label("requests"),
        func.sum(REQUEST.c.elements).label("elements"),
        func.max(REQUEST.c.at).label("last"),
    )
    query = select(*columns).group_by(REQUEST.c.epoch_id, REQUEST.c.sender).order_by(func.max(REQUEST.c.at).desc())
    with store.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [{**row, "elements": int(row["elements"])} for row in rows]


def keep_tags(act: Act, key: bytes, epoch_id: str, member: str, part: str, number: int, data: bytes) -> None:
    """Write a sealed set: a member's ``live`` tags of a round, ``own`` tags with their cases, or those ``withdrawn``."""
    sealed = tagset.sealed(data, key, f"{epoch_id}/{member}/{part}/{number}")
    row = {"epoch_id": epoch_id, "member": member, "part": part, "round": number}
    act.upsert(TAGS, [{**row, "changed_at": act.moment, "sealed": sealed}])


def tags(connection: Connection, key: bytes, epoch_id: str, part: str) -> Iterator[tuple[str, int, bytes]]:
    """(member, round, opened bytes) of every sealed set of one part."""
    query = (
        select(TAGS).where((TAGS.c.epoch_id == epoch_id) & (TAGS.c.part == part)).order_by(TAGS.c.member, TAGS.c.round)
    )
    for row in connection.execute(query).mappings().all():
        context = f"{epoch_id}/{row['member']}/{part}/{row['round']}"
        yield row["member"], row["round"], tagset.opened(bytes(row["sealed"]), key, context)


def forget_tags(act: Act, epoch_id: str) -> None:
    """Delete every sealed set of an epoch, and every hit and question in it."""
    rows = act.connection.execute(select(TAGS).where(TAGS.c.epoch_id == epoch_id)).mappings().all()
    act.delete(TAGS, [{name: row[name] for name in ("epoch_id", "member", "part", "round")} for row in rows])
    hits = act.connection.execute(select(HIT.c.hit_id).where(HIT.c.epoch_id == epoch_id)).scalars().all()
    act.delete(HIT, [{"hit_id": hit} for hit in hits])
    asked = (
        act.connection.execute(select(QUESTION.c.question_id).where(QUESTION.c.epoch_id == epoch_id)).scalars().all()
    )
    act.delete(QUESTION, [{"question_id": question} for question in asked])


def keep_hits(act: Act, store: Store, epoch_id: str, found: Sequence[tuple[bytes, str]]) -> list[str]:
    """Write hits (tag, the asker's own reference), sealed. Returns their ids in order; a repeated hit keeps its id."""
    rows: list[dict[str, Any]] = []
    for tag, reference in found:
        identity = stable_id("bht", epoch_id, tag.hex(), reference)
        sealed = store.vault.seal(identity, {"tag": tag.hex(), "ref": reference})
        row = {"hit_id": identity, "epoch_id": epoch_id, "found_at": act.moment, "withdrawn_at": "", "sealed": sealed}
        rows.append(row)
    act.upsert(HIT, rows)
    return [str(row["hit_id"]) for row in rows]


def hits(store: Store, epoch_id: str | None = None) -> list[dict[str, Any]]:
    """Every hit, or those of one epoch, opened."""
    query = select(HIT).order_by(HIT.c.found_at, HIT.c.hit_id)
    with store.database.reading() as connection:
        rows = (
            connection.execute(query if epoch_id is None else query.where(HIT.c.epoch_id == epoch_id)).mappings().all()
        )
    return [{**_plain(row), **store.vault.open(row["hit_id"], bytes(row["sealed"]))} for row in rows]


def withdraw_hits(act: Act, identities: Sequence[str]) -> None:
    """Mark hits whose tag was withdrawn."""
    for identity in identities:
        row = act.connection.execute(select(HIT).where(HIT.c.hit_id == identity)).mappings().one()
        act.upsert(HIT, [{**row, "withdrawn_at": act.moment}])


def keep_question(act: Act, store: Store, row: Mapping[str, Any], tag: bytes) -> None:
    """Write a question about a tag, the tag sealed."""
    sealed = store.vault.seal(row["question_id"], {"tag": tag.hex()})
    act.upsert(QUESTION, [{"case_id": "", "request_id": "", "asked_at": act.moment, **row, "sealed": sealed}])


def questions(store: Store) -> list[dict[str, Any]]:
    """Every question, oldest first, its tag opened."""
    query = select(QUESTION).order_by(QUESTION.c.asked_at, QUESTION.c.question_id)
    with store.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [{**_plain(row), **store.vault.open(row["question_id"], bytes(row["sealed"]))} for row in rows]


def customer_facts(store: Store, accounts: Sequence[str], most_sharing: int) -> list[tuple[str, str, str]]:
    """(account, kind, value) of wallets that accounts paid with and devices they signed up on.

    A device of more than ``most_sharing`` accounts is left out: it is a place, not a person.
    """
    held = {table.name for table in store.catalogue}
    marks = ", ".join("?" for _ in accounts)
    found: list[tuple[str, str, str]] = []
    named: list[object] = [*accounts]
    if not accounts or not held >= {"accounts", "payments"}:
        return found
    with store.engine(["accounts", "payments"]) as engine:
        wallets = (
            f"SELECT DISTINCT account_id, wallet FROM payments WHERE wallet IS NOT NULL AND account_id IN ({marks})"
        )
        found += [(str(a), "wallet", str(w)) for a, w in list(engine.rows(wallets, named))]
        devices = (
            f"SELECT account_id, signup_device_id FROM accounts WHERE account_id IN ({marks}) AND signup_device_id IN "
            "(SELECT signup_device_id FROM accounts GROUP BY signup_device_id HAVING COUNT(DISTINCT account_id) <= ?)"
        )
        found += [(str(a), "device", str(d)) for a, d in list(engine.rows(devices, [*named, most_sharing]))]
    return found


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name != "sealed"}
