"""A sign-up answer as data and back, for the sealed record: what was said can be said again, word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vedette.app.checks import Customer
from vedette.app.verify import Outcome, Verdict, brief
from vedette.base import Evidence, Finding, Json, Strength, Subject, iso, parse_time


def pack_customer(customer: Customer) -> dict[str, Json]:
    """The facts as given."""
    return {
        "query_id": customer.query_id,
        "fields": dict(customer.fields),
        "owners": [dict(owner) for owner in customer.owners],
        "never_stored": list(customer.never_stored),
    }


def unpack_customer(packed: Mapping[str, Any]) -> Customer:
    """The customer of ``pack_customer``."""
    return Customer(packed["query_id"], packed["fields"], tuple(packed["owners"]), tuple(packed["never_stored"]))


def pack(verdict: Verdict) -> dict[str, Json]:
    """Everything that was answered, with each finding's times and window."""
    return {**verdict.as_json(), "findings": [_finding(finding) for finding in verdict.findings]}


def unpack(packed: Mapping[str, Any]) -> Verdict:
    """The verdict of ``pack``."""
    return Verdict(
        query_id=packed["query_id"],
        outcome=Outcome(packed["outcome"]),
        hold_expires=parse_time(packed["hold_expires"]) if packed["hold_expires"] else None,
        findings=tuple(_found(item, packed["query_id"]) for item in packed["findings"]),
        checks_run=tuple(packed["checks_run"]),
        checks_missing={item["check"]: item["why"] for item in packed["checks_missing"]},
        list_versions=packed["list_versions"],
        policy_versions=packed["policy_versions"],
        model_versions=packed["model_versions"],
        never_stored=tuple(packed["never_stored"]),
        verification_id=packed["verification_id"] or "",
        decided_at=parse_time(packed["decided_at"]) if packed["decided_at"] else None,
    )


def repeated(verdict: Verdict) -> Verdict:
    """The same answer, marked as given before."""
    return replace(verdict, replayed=True)


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        **brief(finding),
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id},
        "first_seen": iso(finding.first_seen),
        "last_seen": iso(finding.last_seen),
        "count": finding.count,
        "window": finding.window,
    }


def _found(packed: Mapping[str, Any], query_id: str) -> Finding:
    evidence = (dict(item) for item in packed["evidence"])
    return Finding(
        check=packed["check"],
        version=packed["version"],
        subject=Subject(packed["subject"]["kind"], packed["subject"]["id"]),
        accounts=(query_id,),
        family=packed["family"],
        strength=Strength(packed["strength"]),
        bits=packed["bits"],
        summary=packed["summary"],
        evidence=tuple(Evidence(item.pop("kind"), item.pop("ref"), item) for item in evidence),
        citation=tuple(packed["citation"]),
        blind_spots=packed["blind_spots"],
        first_seen=parse_time(packed["first_seen"]),
        last_seen=parse_time(packed["last_seen"]),
        count=packed["count"],
        window=packed["window"],
    )
