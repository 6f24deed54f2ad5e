"""Which actor a case is about: the one that holds all its accounts, as linking sees them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vedette import linking
from vedette.store import Store


def by_account(store: Store) -> dict[str, str]:
    """The actor of every account that is linked to another."""
    return {account: actor.actor_id for actor in linking.actors(store) for account in actor.accounts}


def of_all(accounts: Iterable[str], actors: Mapping[str, str]) -> str | None:
    """The one actor that holds all these accounts, or None."""
    found = {actors.get(account) for account in accounts}
    return found.pop() if len(found) == 1 else None
