"""Which institution is meant, and what ties it has.

Resolves free-text affiliations to organisations of registries, or abstains; decides on no person. Grows by one folder under
``registries/`` a registry; lists of institutions of concern stay in watchlists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.institutions.model import (
    CountryDecision,
    InstitutionError,
    ListedName,
    Match,
    Organisation,
    RegistryVersion,
    Relation,
    Resolution,
)

if TYPE_CHECKING:
    from vedette.institutions.desk import Desk, open_desk

__all__ = [
    "CountryDecision",
    "Desk",
    "InstitutionError",
    "ListedName",
    "Match",
    "Organisation",
    "RegistryVersion",
    "Relation",
    "Resolution",
    "open_desk",
]


def __getattr__(name: str) -> Any:
    if name in ("Desk", "open_desk"):
        from importlib import import_module

        return getattr(import_module("vedette.institutions.desk"), name)
    raise AttributeError(name)
