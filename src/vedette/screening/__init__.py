"""Is this party one of those? A score and its reasons, against every list in force.

Finds and explains; decides nothing about a customer, and never reads nationality, birthplace, gender or language.
Grows by one comparing module a field.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.screening.cache import build, edition_of, open_index
    from vedette.screening.delta import Touched, touched
    from vedette.screening.findings import findings_of, strength_of, wallet_findings, wallets
    from vedette.screening.index import Index
    from vedette.screening.model import Call, Edition, Feature, Level, Match, Outcome, ScreeningError
    from vedette.screening.ownership import Holding, Owner, aggregate, ownership_findings
    from vedette.screening.search import score, screen

_HOMES = {
    "cache": ("build", "edition_of", "open_index"),
    "delta": ("Touched", "touched"),
    "findings": ("findings_of", "strength_of", "wallet_findings", "wallets"),
    "index": ("Index",),
    "model": ("Call", "Edition", "Feature", "Level", "Match", "Outcome", "ScreeningError"),
    "ownership": ("Holding", "Owner", "aggregate", "ownership_findings"),
    "search": ("score", "screen"),
}
__all__ = ["Call", "Edition", "Feature", "Holding", "Index", "Level", "Match", "Outcome", "Owner", "ScreeningError"]
__all__ += ["Touched", "aggregate", "build", "edition_of", "findings_of", "open_index", "ownership_findings", "score"]
__all__ += ["screen", "strength_of", "touched", "wallet_findings", "wallets"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: comparing two names needs no index, and an index no database.
    from importlib import import_module

    home = next((key for key, held in _HOMES.items() if name in held), "")
    if not home:
        raise AttributeError(name)
    return getattr(import_module(f"vedette.screening.{home}"), name)
