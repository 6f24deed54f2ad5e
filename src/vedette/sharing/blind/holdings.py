"""What a participant may publish: identifiers behind decisions that a person made, that stand, are recent, and are not contested."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from vedette import accounts, cases
from vedette.cases import Case
from vedette.cases.appeal import appeals
from vedette.cases.model import SETTLED, Decision, DecisionState
from vedette.cases.store.decisions import decisions
from vedette.sharing.blind.identifiers import IdentifierRefused, normal
from vedette.sharing.blind.purposes import Purpose, table
from vedette.sharing.blind.store import customer_facts
from vedette.store import Store


@dataclass(frozen=True, slots=True)
class Holding:
    """One identifier in normal form, and the case behind it."""

    kind: str
    value: str
    case_id: str


def holdings(store: Store, purpose: Purpose, *, now: datetime) -> list[Holding]:
    """Everything that qualifies now, each identifier once.

    A decision qualifies while it is final, of the purpose's sort, younger than the purpose's days, the case stands decided,
    and no appeal against it is open. Who has appealed is not told on until somebody else has judged.
    """
    contested = _contested(store)
    found: dict[tuple[str, str], Holding] = {}
    for case in cases.list_cases(store, SETTLED, now=now):
        if not _qualifies(store, case, purpose, contested, now):
            continue
        for kind, value in _identifiers(store, case, purpose):
            found.setdefault((kind, value), Holding(kind, value, case.case_id))
    return [found[key] for key in sorted(found)]


def still_standing(store: Store, case_ids: Collection[str], purpose: Purpose, *, now: datetime) -> frozenset[str]:
    """Those of some cases whose decision qualifies as before: the cheap question, asked every few seconds."""
    contested = _contested(store)
    found = (cases.get(store, case_id) for case_id in sorted(case_ids))
    good = (c for c in found if c.status in SETTLED and _qualifies(store, c, purpose, contested, now))
    return frozenset(case.case_id for case in good)


def _contested(store: Store) -> frozenset[str]:
    return frozenset(item.decision_id for item in appeals(store))


def _qualifies(store: Store, case: Case, purpose: Purpose, contested: frozenset[str], now: datetime) -> bool:
    made = _standing(store, case)
    return (
        made is not None and made.decision_id not in contested and _recent(made, purpose, now) and purpose.covers(made)
    )


def _standing(store: Store, case: Case) -> Decision | None:
    made = (item for item in decisions(store, case.case_id) if item.decision_id == case.decision_id)
    return next((item for item in made if item.state is DecisionState.FINAL), None)


def _recent(made: Decision, purpose: Purpose, now: datetime) -> bool:
    return now - made.decided_at < timedelta(days=purpose.valid_days)


def _identifiers(store: Store, case: Case, purpose: Purpose) -> Iterator[tuple[str, str]]:
    for kind, value, country in _written(store, case):
        if kind not in purpose.kinds or not value:
            continue
        try:
            yield kind, normal(kind, value, country)
        except IdentifierRefused:
            continue  # what has no normal form here has none at the asker's either


def _written(store: Store, case: Case) -> Iterator[tuple[str, str, str]]:
    for account in case.accounts:
        fields = accounts.reveal(store, account) or {}
        country = str(fields.get("country") or "")
        yield "email", str(fields.get("email") or ""), country
        yield "phone", str(fields.get("phone") or ""), country
        yield "registration", str(fields.get("registration_number") or ""), country
    for _account, kind, value in customer_facts(store, case.accounts, table().limits.shared_device_accounts):
        yield kind, value, ""
