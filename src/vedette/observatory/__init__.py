"""What institutions of concern publish, and with whom: works read from files, duplicates joined, addresses resolved.

Decides nothing about a person. Grows by one folder under ``sources/`` a publication source and one under ``figures/`` a figure.
"""

from __future__ import annotations

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

__all__ = ["Authorship", "CorpusAudit", "CountryRank", "InstitutionCount", "ObservatoryError", "PartnerCount"]
__all__ += ["PartnerEdge", "Work", "YearCount"]
