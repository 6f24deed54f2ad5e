"""One account's verification as a reader wants it: where it stands, what is held and missing, what comes next."""

from __future__ import annotations

from datetime import date

from vedette.accounts.figures import owner_limit
from vedette.accounts.verification import (
    Record,
    Timers,
    beneficial,
    completeness,
    keep_until,
    presumed_foreign,
    refresh_on,
    states,
)
from vedette.base import Json, iso

NOTE = "Fields are modelled on a proposed rule; nothing requires them."


def line(record: Record, on: date, timing: Timers) -> dict[str, Json]:
    """One account in a list."""
    passed = record.passed(on)
    due = refresh_on(record, timing)
    held = completeness(record, on)
    return {
        "account_id": record.facts.account_id,
        "state": record.standing.state.value,
        "since": iso(record.standing.since) if record.standing.since else None,
        "tier": record.standing.tier.value,
        "declared": record.facts.declared or None,
        "evidence": None if passed is None else f"{passed.method.value}/{passed.source}",
        "presumed_foreign": presumed_foreign(record, on),
        "missing": list(held.missing),
        "refresh_on": due[0].isoformat() if due else None,
        "overdue": due is not None and due[0] < on,
    }


def detail(record: Record, on: date, timing: Timers) -> dict[str, Json]:
    """Everything about one account's verification, without any personal data."""
    change = states()[record.standing.state]
    due = refresh_on(record, timing)
    kept = keep_until(record.facts)
    counted = beneficial(record.facts.owners, owner_limit())
    return {
        **line(record, on, timing),
        "by": record.standing.by or None,
        "reason": record.standing.reason or None,
        "means": change.means,
        "permits": change.permits,
        "may_become": {state.value: list(needs) for state, needs in change.to.items()},
        "refresh_why": due[1] if due else None,
        "fields": completeness(record, on).as_json(),
        "beneficial_owners": dict(counted),
        "evidence_held": [item.as_json() for item in record.evidence],
        "moves": [item.as_json() for item in record.moves],
        "keep_until": kept.isoformat() if kept else None,
        "note": NOTE,
    }
