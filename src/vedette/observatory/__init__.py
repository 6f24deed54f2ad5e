"""What institutions of concern publish, and with whom: works read from files, duplicates joined, addresses resolved.

Decides nothing about a person. Grows by one folder under ``sources/`` a publication source and one under ``figures/`` a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.observatory.model import (
    Authorship,
    CorpusAudit,
    CountryRank,
    InstitutionCount,
    ObservatoryError,
    PartnerCount,
    PartnerEdge,
    Work,
    YearCount,
)

if TYPE_CHECKING:
    from vedette.observatory.topics import Level, Potential, classify

__all__ = ["Authorship", "CorpusAudit", "CountryRank", "InstitutionCount", "ObservatoryError", "PartnerCount"]
__all__ += ["PartnerEdge", "Work", "YearCount", "Level", "Potential", "classify"]


def __getattr__(name: str) -> Any:
    if name in ("Level", "Potential", "classify"):
        from importlib import import_module

        return getattr(import_module("vedette.observatory.topics"), name)
    raise AttributeError(name)
