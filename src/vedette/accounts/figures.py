"""Verification in numbers: what share is verified on evidence, the register of resellers, and the certification's counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vedette import policy
from vedette.accounts.verification import (
    FieldState,
    Record,
    Reseller,
    State,
    Timers,
    beneficial,
    completeness,
    presumed_foreign,
    refresh_on,
)
from vedette.accounts.verification.due import attestation_due
from vedette.base import Json, iso

LABEL = "modelled on a proposed rule"
_OWNER_RULE = "us_bis_iaas_beneficial_owner"
_CERTIFICATION_RULE = "us_bis_kyc_certification"


def owner_limit() -> float:
    """The share, in percent, from which an owner counts as beneficial."""
    return policy.rule(_OWNER_RULE).number or 25.0


def coverage(records: Iterable[Record], on: date, timing: Timers) -> dict[str, Json]:
    """How many accounts are in which state, on what evidence, and which fields are held. Shares are 0..1."""
    counts: Counter[str] = Counter()
    states: Counter[str] = Counter({state.value: 0 for state in State})
    fields: dict[str, Counter[FieldState]] = defaultdict(Counter)
    for record in records:
        counts.update(_traits(record, on, timing))
        states[record.standing.state.value] += 1
        held = completeness(record, on)
        counts["complete"] += not held.missing
        for name, state in held.states.items():
            fields[name][state] += 1
    total = counts["accounts"]
    declared = counts["declared_verified"]
    return {
        "accounts": total,
        "states": dict(states),
        "with_passed_evidence": counts["passed"],
        "declared_verified": declared,
        "declared_verified_without_evidence": counts["declared_only"],
        "share_declared_without_evidence": round(counts["declared_only"] / declared, 4) if declared else None,
        "declared_word_unknown": counts["declared_unknown"],
        "presumed_foreign": counts["foreign"],
        "refresh_overdue": counts["overdue"],
        "complete": counts["complete"],
        "fields": {name: _shares(found) for name, found in fields.items()},
        "label": LABEL,
    }


def _traits(record: Record, on: date, timing: Timers) -> Iterable[str]:
    facts, passed = record.facts, record.passed(on) is not None
    claimed = facts.declared_state is State.VERIFIED
    due = refresh_on(record, timing)
    traits = {
        "accounts": True,
        "passed": passed,
        "declared_verified": claimed,
        "declared_only": claimed and not passed,
        "declared_unknown": bool(facts.declared) and facts.declared_state is None,
        "foreign": presumed_foreign(record, on),
        "overdue": due is not None and due[0] < on,
    }
    return [name for name, holds in traits.items() if holds]


def _shares(found: Mapping[FieldState, int]) -> dict[str, Json]:
    return {state.value: found.get(state, 0) for state in FieldState}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResellerRow:
    """One reseller as the register shows it. ``due`` is None where it is not registered at all."""

    account_id: str
    registered: bool
    foreign: bool
    programme_received: date | None
    last_attested: date | None
    accounts: int
    due: date | None
    overdue: bool

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        days = {name: getattr(self, name) for name in ("programme_received", "last_attested", "due")}
        return {
            "reseller_id": self.account_id,
            "registered": self.registered,
            "foreign": self.foreign,
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "accounts": self.accounts,
            "overdue": self.overdue,
        }


def resellers(
    records: Iterable[Record], register: Mapping[str, Reseller], on: date, timing: Timers
) -> tuple[ResellerRow, ...]:
    """Every reseller that is registered or that accounts name, with the accounts under it; overdue ones first.

    One that is not registered counts as foreign and overdue: nothing of its programme is held.
    """
    under = Counter(record.facts.reseller_id for record in records if record.facts.reseller_id)
    rows = [
        _reseller_row(identity, register.get(identity), under[identity], on, timing) for identity in {*under, *register}
    ]
    return tuple(sorted(rows, key=lambda row: (not row.overdue, -row.accounts, row.account_id)))


def _reseller_row(identity: str, item: Reseller | None, accounts: int, on: date, timing: Timers) -> ResellerRow:
    day = attestation_due(item, timing) if item is not None else None
    return ResellerRow(
        account_id=identity,
        registered=item is not None,
        foreign=item.foreign if item is not None else True,
        programme_received=item.programme_received if item is not None else None,
        last_attested=item.last_attested if item is not None else None,
        accounts=accounts,
        due=day,
        overdue=item is None or item.programme_received is None or (day is not None and day < on),
    )


def certification(
    records: Iterable[Record],
    register: Mapping[str, Reseller],
    *,
    at: datetime,
    timing: Timers,
    resources: Mapping[str, int],
) -> dict[str, Json]:
    """The countable contents of a certification (KYC-12): numbers and places only, no customer.

    ``resources`` are counts of what detects abuse, from the rooms that do. What only the provider can say is listed under
    ``to_be_written``.
    """
    on = at.date()
    known = list(records)
    held = [record for record in known if record.facts.closed is None]
    foreign = [record for record in held if presumed_foreign(record, on)]
    shown = [item for record in held if (item := record.passed(on)) is not None]
    waiting = [record for record in foreign if record.standing.state is not State.VERIFIED]
    rule = policy.rule(_CERTIFICATION_RULE)
    return {
        "label": LABEL,
        "rule": rule.id,
        "rule_version": rule.version,
        "notice": policy.notice(rule, on),
        "as_of": iso(at),
        "customers": len(held),
        "customers_by_place": _by_place(record.facts.country for record in held),
        "foreign_customers": len(foreign),
        "foreign_customers_by_place": _by_place(record.facts.country for record in foreign),
        "foreign_beneficial_owners_by_place": _by_place(_owner_places(foreign, on)),
        "verified_by_method": _counted(f"{item.method.value}/{item.source}" for item in shown),
        "foreign_accounts_unverified": len(waiting),
        "unverified_by_state": _counted(record.standing.state.value for record in waiting),
        "unverified_by_age_days": _ages(waiting, at),
        "unverifiable_cases": _unverifiable(known),
        "resellers": _resellers(resellers(held, register, on, timing)),
        "abuse_detection": dict(resources),
        "to_be_written": ["contact person", "description of verification tools", "reseller oversight procedure"],
    }


def _owner_places(records: Iterable[Record], on: date) -> Iterable[str]:
    """The declared places of beneficial owners who are not shown to be of the home jurisdiction."""
    limit = owner_limit()
    for record in records:
        counted = beneficial(record.facts.owners, limit)
        shown = {item.about for item in record.evidence if item.shows_home and item.holds(on)}
        yield from (
            owner.country
            for owner in record.facts.owners
            if counted.get(owner.owner_id) == "owner" and owner.owner_id not in shown
        )


def _by_place(places: Iterable[str]) -> dict[str, Json]:
    return _counted(place or "not declared" for place in places)


def _counted(words: Iterable[str]) -> dict[str, Json]:
    return dict(sorted(Counter(words).items()))


def _ages(records: Iterable[Record], at: datetime) -> dict[str, Json]:
    """How long unverified accounts have been open: the timeline that the proposal would ask for."""
    bands = {"0-30": 0, "31-90": 0, "91-365": 0, "over 365": 0, "not known": 0}
    for record in records:
        opened = record.facts.opened
        days = None if opened is None else (at - opened).days
        band = "not known" if days is None else next((b for b, most in _BANDS if days <= most), "over 365")
        bands[band] += 1
    return dict(bands)


_BANDS = (("0-30", 30), ("31-90", 90), ("91-365", 365))


def _unverifiable(records: Iterable[Record]) -> dict[str, Json]:
    """Accounts that could not be verified: how many a person settled by closing, how many wait for redress or a decision."""
    found = Counter(record.standing.state for record in records)
    return {
        "open": found[State.UNVERIFIABLE],
        "in_redress": found[State.REDRESS],
        "closed": found[State.CLOSED_UNVERIFIED],
    }


def _resellers(rows: Iterable[ResellerRow]) -> dict[str, Json]:
    found = tuple(rows)
    return {
        "foreign": sum(row.foreign for row in found),
        "not_registered": sum(not row.registered for row in found),
        "programme_received": sum(row.programme_received is not None for row in found),
        "overdue": sum(row.overdue for row in found),
        "accounts_under_resellers": sum(row.accounts for row in found),
    }
