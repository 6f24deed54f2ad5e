"""Is this party one of those? A score and its reasons, against every list in force.

Finds and explains; decides nothing about a customer, and never reads nationality, birthplace, gender or language.
Grows by one comparing module a field.
"""

from vedette.screening.cache import build, edition_of, open_index
from vedette.screening.delta import Changes, carried_over, changed_entries
from vedette.screening.findings import findings_of, strength_of, wallet_findings, wallets
from vedette.screening.index import Index
from vedette.screening.model import Edition, Feature, Level, Match, Outcome, ScreeningError
from vedette.screening.ownership import Holding, Owner, aggregate, ownership_findings
from vedette.screening.screen import score, screen

__all__ = [
    "Changes",
    "Edition",
    "Feature",
    "Holding",
    "Index",
    "Level",
    "Match",
    "Outcome",
    "Owner",
    "ScreeningError",
    "aggregate",
    "build",
    "carried_over",
    "changed_entries",
    "edition_of",
    "findings_of",
    "open_index",
    "ownership_findings",
    "score",
    "screen",
    "strength_of",
    "wallet_findings",
    "wallets",
]
