"""Accounts, evidence and records with sensible defaults; name what matters to the test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from vedette.accounts.verification import (
    AccountFacts,
    Evidence,
    Method,
    OwnerFacts,
    Record,
    Result,
    Standing,
    State,
    Timers,
)
from vedette.accounts.verification.model import Tier

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOON.date()
TIMING = Timers({Tier.HIGH: 180, Tier.STANDARD: 365, Tier.LOW: 1095}, pending=30, attestation=365)
FILLED = frozenset(
    "name address payments.instrument_kind payments.payer_country email phone signins.ip payments.instrument_id".split()
)


def facts(**changes: Any) -> AccountFacts:
    """A person's account that holds every asked field."""
    values: dict[str, Any] = {"account_id": "a-1", "kind": "person", "country": "DE", "filled": FILLED}
    return AccountFacts(**{**values, **changes})


def evidence(result: Result = Result.PASSED, **changes: Any) -> Evidence:
    """A look at a document, done at noon."""
    values: dict[str, Any] = {
        "account_id": "a-1",
        "event_id": "e-1",
        "source": "own",
        "method": Method.DOCUMENTARY,
        "result": result,
        "done_at": NOON,
    }
    return Evidence(**{**values, **changes})


def standing(state: State = State.UNVERIFIED, **changes: Any) -> Standing:
    """A standing since noon."""
    return Standing(**{"account_id": "a-1", "state": state, "since": NOON, **changes})


def record(state: State = State.UNVERIFIED, *items: Evidence, **changes: Any) -> Record:
    """A record in a state, with evidence; changes are to the facts."""
    return Record(facts=facts(**changes), standing=standing(state), evidence=items)


def owner(owner_id: str, **changes: Any) -> OwnerFacts:
    """A declared owner."""
    return OwnerFacts(owner_id=owner_id, **changes)
