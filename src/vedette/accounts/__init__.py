"""Customers and their owners as the provider holds them: taken in, sealed, and searched for any sign of the DPRK.

Judges nobody and screens no names: ``screening`` compares the parties given here. Grows by columns of DESIGN section 4 and
by spellings in ``data/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.accounts import mapping, presence
    from vedette.accounts.coverage import coverage_of
    from vedette.accounts.loading import load
    from vedette.accounts.model import Loaded, OwnerParty
    from vedette.accounts.parties import owner_of, party_of
    from vedette.accounts.store import count, get, identities, owner_parties, owners_of, parties, reveal

__all__ = [
    "Loaded",
    "OwnerParty",
    "count",
    "coverage_of",
    "get",
    "identities",
    "load",
    "mapping",
    "owner_of",
    "owner_parties",
    "owners_of",
    "parties",
    "party_of",
    "presence",
    "reveal",
]

_HOMES = {
    "Loaded": "model",
    "OwnerParty": "model",
    "count": "store",
    "coverage_of": "coverage",
    "get": "store",
    "identities": "store",
    "load": "loading",
    "owner_of": "parties",
    "owner_parties": "store",
    "owners_of": "store",
    "parties": "store",
    "party_of": "parties",
    "reveal": "store",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast.
    from importlib import import_module

    if name in ("mapping", "presence"):
        return import_module(f"vedette.accounts.{name}")
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"vedette.accounts.{_HOMES[name]}"), name)
