"""Which rules, lists and policies are in force when a case is decided, so that the decision can be replayed later."""

from __future__ import annotations

from datetime import date

from vedette import policy, watchlists
from vedette.base import Json
from vedette.cases.model import Case
from vedette.findings import by_ids
from vedette.store import Store


def in_force(store: Store, case: Case, *, home: str, on: date) -> dict[str, Json]:
    """Versions by ``policy/ID``, ``list/ID`` and, for the checks behind the case, ``check/ID``."""
    return {**of_house(store, home=home, on=on), **of_checks(store, case)}


def of_checks(store: Store, case: Case) -> dict[str, Json]:
    """Versions by ``check/ID`` of the checks behind a case."""
    return {f"check/{item.finding.check}": item.finding.version for item in by_ids(store, case.findings)}


def of_house(store: Store, *, home: str, on: date) -> dict[str, Json]:
    """Versions by ``policy/ID`` and ``list/ID``: what holds for every case of a day."""
    found: dict[str, Json] = {f"policy/{key}": value for key, value in policy.versions(home, on).items()}
    for version in watchlists.versions(store):
        if version.in_force:
            found[f"list/{version.list_id}"] = version.version
    return found
