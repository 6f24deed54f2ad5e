"""Customers and their owners as the provider holds them: taken in, sealed, searched for any sign of the DPRK, verified.

Judges nobody and screens no names: ``screening`` compares the parties that ``store.parties`` gives. Grows by columns of
DESIGN section 4, by spellings and words in ``data/`` and by identity vendors in ``vendors/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import vedette.accounts.mapping as mapping
    import vedette.accounts.presence as presence
    from vedette.accounts.coverage import coverage_of
    from vedette.accounts.evidence import receive_evidence
    from vedette.accounts.loading import load
    from vedette.accounts.model import Loaded, OwnerParty
    from vedette.accounts.parties import owner_of, party_of
    from vedette.accounts.store import count, get, identities, owner_parties, owners_of, reveal
    from vedette.accounts.verified import due

_HOMES: dict[str, tuple[str, ...]] = {
    **{"coverage": ("coverage_of",), "evidence": ("receive_evidence",), "loading": ("load",), "verified": ("due",)},
    **{"model": ("Loaded", "OwnerParty"), "parties": ("owner_of", "party_of")},
    "store": ("count", "get", "identities", "owner_parties", "owners_of", "reveal"),
}
__all__ = ["Loaded", "OwnerParty", "count", "coverage_of", "due", "get", "identities", "load", "mapping", "owner_of"]
__all__ += ["owner_parties", "owners_of", "party_of", "presence", "receive_evidence", "reveal"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast.
    from importlib import import_module

    home = name if name in ("mapping", "presence") else next((key for key, held in _HOMES.items() if name in held), "")
    if not home:
        raise AttributeError(name)
    module = import_module(f"vedette.accounts.{home}")
    return module if home == name else getattr(module, name)
