"""Questions about actors: all of them, the one of an account, what happened to them, and how they stood at an earlier time."""

from __future__ import annotations

from collections.abc import Iterator

from vedette.base import Json
from vedette.linking import store as state
from vedette.linking.model import Actor, ActorEvent, Link
from vedette.linking.succeed import born_id
from vedette.store import Store


def actors(store: Store) -> list[Actor]:
    """Every actor of two and more accounts, in order of id."""
    with store.database.reading() as connection:
        return state.actors(connection)


def actor_of(store: Store, account: str) -> str | None:
    """The actor that an account belongs to, or None where it stands alone."""
    with store.database.reading() as connection:
        return state.actor_of(connection, account)


def links(store: Store, account: str | None = None) -> list[Link]:
    """Stored links, those at the threshold of one hand and the related ones below it; of one account where named."""
    with store.database.reading() as connection:
        return state.links(connection, account)


def events(store: Store, actor_id: str | None = None) -> list[ActorEvent]:
    """What happened to actors, oldest first."""
    with store.database.reading() as connection:
        return state.events(connection, actor_id)


def as_of(store: Store, moment: str) -> dict[str, tuple[str, ...]]:
    """Which accounts each actor had at a time (ISO 8601 in UTC, as events tell it)."""
    standing: dict[str, tuple[str, ...]] = {}
    for event in events(store):
        if event.at <= moment:
            standing[event.actor_id] = event.accounts
    return {actor: accounts for actor, accounts in sorted(standing.items()) if accounts}


def rows(store: Store, *, everybody: bool = False) -> Iterator[dict[str, Json]]:
    """The output contract: one row for each account of an actor; with ``everybody`` also those that stand alone."""
    seen: set[str] = set()
    for actor in actors(store):
        seen.update(actor.accounts)
        yield from actor.rows()
    if not everybody:
        return
    with store.engine(["accounts"]) as engine:
        for (account,) in engine.rows("SELECT account_id FROM accounts ORDER BY account_id"):
            if account not in seen:
                yield {
                    "actor_id": born_id(account, ()),
                    "account_id": account,
                    "link_bits": 0.0,
                    "confidence": 1.0,
                    "review": [],
                }
