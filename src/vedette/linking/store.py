"""Actors, links, events and judgements in the state database: the only SQL of this room on state."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import BigInteger, Column, Connection, Float, MetaData, Table, Text, func, or_, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.linking.model import Actor, ActorEvent, Judgement, Link, Part, Verdict
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal

_METADATA = MetaData()
MEMBER = Table(
    "linking_member",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("actor_id", Text, nullable=False),
    Column("link_bits", Float, nullable=False),
)
ACTOR = Table(
    "linking_actor",
    _METADATA,
    Column("actor_id", Text, primary_key=True),
    Column("since", Text, nullable=False),
    Column("review", Text, nullable=False),
)
LINK = Table(
    "linking_link",
    _METADATA,
    Column("left_account", Text, primary_key=True),
    Column("right_account", Text, primary_key=True),
    Column("bits", Float, nullable=False),
    Column("parts", Text, nullable=False),
)
EVENT = Table(
    "linking_event",
    _METADATA,
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("actor_id", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("at", Text, nullable=False),
)
JUDGEMENT = Table(
    "linking_judgement",
    _METADATA,
    Column("left_account", Text, primary_key=True),
    Column("right_account", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)
REFRESH = Table(
    "linking_refresh",
    _METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("inputs", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", Text, nullable=False),
)
Row = dict[str, Any]


# -- reading


def actors(connection: Connection) -> list[Actor]:
    """Every standing actor, in order of id."""
    members: dict[str, dict[str, float]] = {}
    for row in connection.execute(select(MEMBER).order_by(MEMBER.c.actor_id, MEMBER.c.account_id)):
        members.setdefault(row.actor_id, {})[row.account_id] = row.link_bits
    return [
        Actor(
            row.actor_id, tuple(members[row.actor_id]), tuple(json.loads(row.review)), row.since, members[row.actor_id]
        )
        for row in connection.execute(select(ACTOR).order_by(ACTOR.c.actor_id))
    ]


def actor_of(connection: Connection, account: str) -> str | None:
    """The actor an account belongs to, or None where it stands alone."""
    found: str | None = connection.execute(
        select(MEMBER.c.actor_id).where(MEMBER.c.account_id == account)
    ).scalar_one_or_none()
    return found


def actor(connection: Connection, actor_id: str) -> Actor | None:
    """One standing actor, or None."""
    row = connection.execute(select(ACTOR).where(ACTOR.c.actor_id == actor_id)).one_or_none()
    if row is None:
        return None
    members = connection.execute(select(MEMBER).where(MEMBER.c.actor_id == actor_id).order_by(MEMBER.c.account_id))
    bits = {member.account_id: member.link_bits for member in members}
    return Actor(row.actor_id, tuple(bits), tuple(json.loads(row.review)), row.since, bits)


def links_of(connection: Connection, accounts: Sequence[str]) -> list[Link]:
    """The stored links with an end among these accounts and, of the neighbours so found, those between them, in order."""
    near = {row.pair: row for row in _touching(connection, accounts)}
    inside = set(accounts)
    others = sorted({account for pair in near for account in pair} - inside)
    known = {*inside, *others}
    near |= {row.pair: row for row in _touching(connection, others) if known.issuperset(row.pair)}
    return [near[pair] for pair in sorted(near)]


def _touching(connection: Connection, accounts: Sequence[str]) -> list[Link]:
    """Links with an end among these accounts, asked for in slices that every database takes."""
    found = []
    for start in range(0, len(accounts), 400):
        some = accounts[start : start + 400]
        query = select(LINK).where(or_(LINK.c.left_account.in_(some), LINK.c.right_account.in_(some)))
        found += [_link(row) for row in connection.execute(query)]
    return found


def links(connection: Connection, account: str | None = None) -> list[Link]:
    """The stored links in order of accounts; those of one account where named."""
    query = select(LINK).order_by(LINK.c.left_account, LINK.c.right_account)
    if account is not None:
        query = query.where(or_(LINK.c.left_account == account, LINK.c.right_account == account))
    return [_link(row) for row in connection.execute(query)]


def links_by(connection: Connection, kind: str, most: int) -> list[Link]:
    """The strongest stored links that rest on a kind of shared thing, at most so many, in order of accounts."""
    query = select(LINK).where(LINK.c.parts.contains(f'"kind":"{kind}"', autoescape=True))
    rows = connection.execute(query.order_by(LINK.c.bits.desc(), LINK.c.left_account, LINK.c.right_account).limit(most))
    return sorted((_link(row) for row in rows), key=lambda link: link.pair)


def _link(row: Any) -> Link:
    return Link(row.left_account, row.right_account, row.bits, tuple(_part(part) for part in json.loads(row.parts)))


def _part(row: Mapping[str, Any]) -> Part:
    return Part(row["kind"], row["family"], row["holders"], row["bits"])


def events(connection: Connection, actor_id: str | None = None) -> list[ActorEvent]:
    """What happened to actors, oldest first; to one where named."""
    query = select(EVENT).order_by(EVENT.c.leaf_index, EVENT.c.position)
    if actor_id is not None:
        query = query.where(EVENT.c.actor_id == actor_id)
    return [
        ActorEvent(row.actor_id, row.what, tuple(json.loads(row.accounts)), row.other, row.at)
        for row in connection.execute(query)
    ]


def judgements(connection: Connection) -> list[Judgement]:
    """People's words on pairs, in order of accounts."""
    query = select(JUDGEMENT).order_by(JUDGEMENT.c.left_account, JUDGEMENT.c.right_account)
    return [
        Judgement(row.left_account, row.right_account, Verdict(row.verdict), row.reason, row.by, row.at)
        for row in connection.execute(query)
    ]


def last_refresh(connection: Connection) -> tuple[str, dict[str, Any]] | None:
    """The inputs of the last refresh and what it reported."""
    row = connection.execute(select(REFRESH)).one_or_none()
    return None if row is None else (row.inputs, json.loads(row.facts))


def lake_files(store: Store, connection: Connection, tables: Iterable[str]) -> list[list[str]]:
    """Path and hash of every committed file of these tables."""
    return [[row["path"], row["sha256"]] for name in tables for row in store.lake.files(connection, name)]


def involved(connection: Connection, accounts: Iterable[str], fresh: Mapping[str, Collection[str]]) -> set[str]:
    """Every account that shares a component or an actor with one of these, by stored links and by ``fresh`` neighbours."""
    found: set[str] = set()
    waiting = set(accounts)
    while waiting:
        found |= waiting
        near = {account for pair in _touching(connection, sorted(waiting)) for account in pair.pair}
        near.update(other for account in waiting for other in fresh.get(account, ()))
        near |= _companions(connection, sorted(waiting))
        waiting = near - found
    return found


def _companions(connection: Connection, accounts: Sequence[str]) -> set[str]:
    """The accounts of the actors that these belong to."""
    found: set[str] = set()
    for start in range(0, len(accounts), 400):
        own = select(MEMBER.c.actor_id).where(MEMBER.c.account_id.in_(accounts[start : start + 400]))
        found.update(connection.execute(select(MEMBER.c.account_id).where(MEMBER.c.actor_id.in_(own))).scalars())
    return found


def linked(connection: Connection) -> set[str]:
    """Every account that a stored link names."""
    rows = connection.execute(select(LINK.c.left_account, LINK.c.right_account))
    return {account for row in rows for account in row}


def actors_of(connection: Connection, accounts: Iterable[str]) -> list[Actor]:
    """The actors that any of these accounts belongs to, in order of id."""
    asked = sorted(accounts)
    ids: set[str] = set()
    for start in range(0, len(asked), 400):
        query = select(MEMBER.c.actor_id).where(MEMBER.c.account_id.in_(asked[start : start + 400]))
        ids.update(connection.execute(query).scalars())
    found = (actor(connection, identity) for identity in sorted(ids))
    return [item for item in found if item is not None]


def counts(connection: Connection, same: float) -> dict[str, int]:
    """How many links, related pairs, actors, accounts in actors and actors for review stand."""

    def count(query: Any) -> int:
        return int(connection.execute(query).scalar_one())

    every = select(func.count())
    return {
        "links": count(every.select_from(LINK).where(LINK.c.bits >= same)),
        "related": count(every.select_from(LINK).where(LINK.c.bits < same)),
        "actors": count(every.select_from(ACTOR)),
        "accounts_in_actors": count(every.select_from(MEMBER)),
        "for_review": count(every.select_from(ACTOR).where(ACTOR.c.review != "[]")),
    }


def attach_evidence(engine: DuckEngine, folder: Path) -> bool:
    """Open the evidence kept in this folder as the place where tables are made; False where another process has it open.

    What cannot be read is thrown away: it follows from the lake.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "evidence.duckdb"
    for _ in range(2):
        try:
            engine.run(f"ATTACH {literal(str(path))} AS kept")
        except duckdb.Error as error:
            if "lock" in str(error).lower():
                return False
            for leftover in folder.iterdir():
                leftover.unlink()
        else:
            engine.run("SET search_path = 'kept,memory'")
            return True
    return False


# -- writing


def save_actors(act: Act, before: list[Actor], after: Iterable[Actor]) -> int:
    """Write actors that are new or changed and remove those that ended. Returns how many rows changed."""
    standing = list(after)
    changed = _replace(act, ACTOR, map(_actor_row, before), map(_actor_row, standing))
    return changed + _replace(
        act,
        MEMBER,
        (row for actor in before for row in _member_rows(actor)),
        (row for actor in standing for row in _member_rows(actor)),
    )


def save_links(act: Act, before: Iterable[Link], after: Iterable[Link]) -> int:
    """Write links that are new or changed and remove those that fell. Returns how many rows changed."""
    return _replace(act, LINK, map(_link_row, before), map(_link_row, after))


def _replace(act: Act, table: Table, before: Iterable[Row], after: Iterable[Row]) -> int:
    keys = [column.name for column in table.primary_key]
    old = {tuple(row[name] for name in keys): row for row in before}
    new = {tuple(row[name] for name in keys): row for row in after}
    gone = [dict(zip(keys, key, strict=True)) for key in sorted(old.keys() - new.keys())]
    fresh = [new[key] for key in sorted(new) if old.get(key) != new[key]]
    return act.delete(table, gone) + act.upsert(table, fresh)


def _actor_row(actor: Actor) -> Row:
    return {"actor_id": actor.actor_id, "since": actor.since, "review": canonical_json(list(actor.review)).decode()}


def _member_rows(actor: Actor) -> list[Row]:
    return [
        {"account_id": account, "actor_id": actor.actor_id, "link_bits": float(actor.link_bits[account])}
        for account in actor.accounts
    ]


def _link_row(link: Link) -> Row:
    parts = canonical_json([part.as_json() for part in link.parts]).decode()
    return {"left_account": link.left, "right_account": link.right, "bits": float(link.bits), "parts": parts}


def save_events(act: Act, found: Iterable[ActorEvent]) -> None:
    """Append what happened to actors under the act's own number."""
    rows = [
        {
            "leaf_index": act.index,
            "position": position,
            "actor_id": event.actor_id,
            "what": event.what,
            "accounts": canonical_json(list(event.accounts)).decode(),
            "other": event.other,
            "at": event.at,
        }
        for position, event in enumerate(found)
    ]
    act.upsert(EVENT, rows)


def save_judgement(act: Act, judgement: Judgement) -> None:
    """Write a person's word on a pair, in place of an earlier one."""
    row = {
        "left_account": judgement.left,
        "right_account": judgement.right,
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "by": judgement.by,
        "at": judgement.at,
    }
    act.upsert(JUDGEMENT, [row])


def save_refresh(act: Act, inputs: str, facts: Mapping[str, Json]) -> None:
    """Note what the refresh worked on and reports."""
    act.upsert(REFRESH, [{"id": 1, "inputs": inputs, "facts": canonical_json(facts).decode(), "at": act.moment}])
