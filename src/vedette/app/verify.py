"""The sign-up decision: every check asked, the strongest answer kept, and silence never taken for a clean record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from vedette.app.checks import Check, CheckResult, Customer, look_at_all
from vedette.base import Clock, Finding, Json, Strength, iso


class Outcome(StrEnum):
    """``stop`` holds for a person now; ``review`` asks a person; ``clear`` means every check ran and found nothing."""

    CLEAR = "clear"
    REVIEW = "review"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one customer, with everything needed to defend or replay it.

    ``verification_id`` names the stored record, empty before it is stored. ``replayed`` says that the answer was given
    before, under the same request key. ``never_stored`` names columns that were handed in and dropped (EXC-01).
    """

    query_id: str
    outcome: Outcome
    hold_expires: datetime | None
    findings: tuple[Finding, ...]
    checks_run: tuple[str, ...]
    checks_missing: Mapping[str, str]
    list_versions: Mapping[str, str]
    policy_versions: Mapping[str, str]
    model_versions: Mapping[str, str] = field(default_factory=dict)
    never_stored: tuple[str, ...] = ()
    verification_id: str = ""
    decided_at: datetime | None = None
    replayed: bool = False

    def as_json(self) -> dict[str, Json]:
        """The output contract's form."""
        return {
            "query_id": self.query_id,
            "outcome": self.outcome.value,
            "human_required": self.outcome is not Outcome.CLEAR,
            "hold_expires": None if self.hold_expires is None else iso(self.hold_expires),
            "findings": [brief(finding) for finding in self.findings],
            "checks_run": list(self.checks_run),
            "checks_missing": [{"check": name, "why": why} for name, why in self.checks_missing.items()],
            "list_versions": dict(self.list_versions),
            "policy_versions": dict(self.policy_versions),
            "model_versions": dict(self.model_versions),
            "never_stored": list(self.never_stored),
            "verification_id": self.verification_id or None,
            "decided_at": None if self.decided_at is None else iso(self.decided_at),
            "replayed": self.replayed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What decides sign-ups: the checks, the policies in force and how long a hold lasts before it escalates.

    ``manifest`` names everything that an answer rests on by its hash in the archive, for a replay.
    """

    checks: Sequence[Check]
    policy_versions: Mapping[str, str]
    hold: timedelta
    clock: Clock
    model_versions: Mapping[str, str] = field(default_factory=dict)
    manifest: Mapping[str, Json] = field(default_factory=dict)

    def decide(self, customer: Customer) -> Verdict:
        """Ask every check about one customer."""
        return self.decide_all([customer])[0]

    def decide_all(self, customers: Sequence[Customer]) -> list[Verdict]:
        """Ask every check about many customers: one verdict each, in order, all at one moment."""
        moment = self.clock.now()
        answers = {check.name: look_at_all(check, customers, moment) for check in self.checks}
        return [
            self._verdict(customer, {name: found[number] for name, found in answers.items()}, moment)
            for number, customer in enumerate(customers)
        ]

    def _verdict(self, customer: Customer, results: Mapping[str, CheckResult], moment: datetime) -> Verdict:
        findings = _sorted(finding for result in results.values() for finding in result.findings)
        missing = {name: result.missing for name, result in results.items() if result.missing}
        outcome = _outcome(findings, missing)
        return Verdict(
            query_id=customer.query_id,
            outcome=outcome,
            hold_expires=moment + self.hold if outcome is Outcome.STOP else None,
            findings=findings,
            checks_run=tuple(name for name in results if name not in missing),
            checks_missing=missing,
            list_versions=_versions(results.values()),
            policy_versions=self.policy_versions,
            model_versions=self.model_versions,
            never_stored=customer.never_stored,
            decided_at=moment,
        )


def _outcome(findings: Sequence[Finding], missing: Mapping[str, str]) -> Outcome:
    if any(finding.strength is Strength.STOP for finding in findings):
        return Outcome.STOP
    if missing or any(finding.strength.rank <= Strength.WEAK.rank for finding in findings):
        return Outcome.REVIEW
    return Outcome.CLEAR


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (item.strength.rank, -(item.bits or 0.0), item.id)))


def _versions(results: Iterable[CheckResult]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for result in results:
        merged.update(result.versions)
    return merged


def brief(finding: Finding) -> dict[str, Json]:
    """A finding as answers print it."""
    return {
        "id": finding.id,
        "check": finding.check,
        "version": finding.version,
        "family": finding.family,
        "strength": finding.strength.value,
        "bits": finding.bits,
        "summary": finding.summary,
        "evidence": [item.as_json() for item in finding.evidence],
        "citation": list(finding.citation),
        "blind_spots": finding.blind_spots,
    }
