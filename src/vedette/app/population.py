"""Everyone whom screening has to cover: accounts with their owners and paying wallets, and what tells that one changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from vedette.accounts import store as held
from vedette.accounts.model import OwnerParty
from vedette.accounts.parties import owner_of, party_of
from vedette.base import Json, Party, canonical_json, from_micros
from vedette.store import Store

# Up to this many accounts are opened one by one; more are read in one pass.
_ONE_BY_ONE = 200


@dataclass(frozen=True, slots=True)
class Held:
    """One account: when it was opened, its wallets with the first payment of each, and a print of all its data."""

    opened: datetime
    wallets: tuple[tuple[str, datetime], ...]
    held_print: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One account opened for screening."""

    account_id: str
    party: Party
    owners: tuple[OwnerParty, ...]


def everyone(store: Store, besides: Mapping[str, Json]) -> dict[str, Held]:
    """Every account held. No sealed field is opened: the print is over arrival times, which move with every change.

    ``besides`` adds to an account's print, such as the suppressions that hold for it today.
    """
    opened, owners, wallets = _rows(store)
    texts = {
        account: canonical_json(
            [received, micros, owners.get(account, []), wallets.get(account, []), besides.get(account)]
        ).decode()
        for account, (received, micros) in opened.items()
    }
    prints = dict(zip(texts, store.vault.tokens("screened", texts.values()), strict=True))
    return {
        account: Held(
            from_micros(micros),
            tuple((wallet, from_micros(first)) for wallet, first in wallets.get(account, [])),
            prints[account],
        )
        for account, (_, micros) in opened.items()
    }


def _rows(
    store: Store,
) -> tuple[dict[str, tuple[int, int]], Mapping[str, list[list[Json]]], Mapping[str, list[tuple[str, int]]]]:
    """Accounts with arrival and opening, owners with arrival, wallets with the first payment; times in microseconds."""
    owners: dict[str, list[list[Json]]] = defaultdict(list)
    wallets: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with store.engine(["accounts", "owners", "payments"]) as engine:
        accounts = engine.rows("SELECT account_id, received_us, coalesce(opened_us, received_us) FROM accounts")
        opened = {row[0]: (row[1], row[2]) for row in accounts}
        for account, owner, received in engine.rows(
            "SELECT account_id, owner_id, received_us FROM owners ORDER BY ALL"
        ):
            owners[account].append([owner, received])
        paid = engine.rows(
            "SELECT account_id, wallet, min(time_us) FROM payments WHERE wallet IS NOT NULL AND account_id IS NOT NULL "
            "GROUP BY ALL ORDER BY ALL"
        )
        for account, wallet, first in paid:
            wallets[account].append((wallet, first))
    return opened, owners, wallets


def units(store: Store, wanted: Collection[str], total: int) -> Iterator[Unit]:
    """The wanted accounts, opened, by id. ``total`` is how many are held, by which the way of reading is chosen."""
    if len(wanted) <= min(_ONE_BY_ONE, total // 2):
        yield from _singly(store, wanted)
        return
    owners: dict[str, list[OwnerParty]] = defaultdict(list)
    for account, _, fields in held.all_owners(store):
        if account in wanted:
            owners[account].append(owner_of(account, fields))
    for account, _, fields in held.all_accounts(store):
        if account in wanted:
            yield Unit(account, party_of(account, fields), tuple(owners.get(account, ())))


def _singly(store: Store, wanted: Collection[str]) -> Iterator[Unit]:
    for account in sorted(wanted):
        fields = held.reveal(store, account)
        if fields is not None:
            yield Unit(account, party_of(account, fields), held.owners_of(store, account))
