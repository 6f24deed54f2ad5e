"""What the tests of reports share: invented material about a case, and a store with accounts, findings and a decided case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vedette.reports.model import Ask, Held, Material, Report

FINDING: dict[str, Any] = {
    "id": "fnd_one",
    "check": "network/console_from_dprk",
    "version": "3",
    "subject": {"kind": "account", "id": "a-1"},
    "accounts": ["a-1"],
    "family": "network",
    "strength": "stop",
    "bits": 12.0,
    "summary": "1 sign-in came from an address of the DPRK.",
    "evidence": [
        {"kind": "event", "ref": "s-77"},
        {"kind": "list_entry", "ref": "us_ofac_sdn@2026-02-01#4711", "name": "Invented Trading"},
    ],
    "citation": ["OFAC-01", "OFAC-02"],
    "blind_spots": "Operators rarely show this range.",
    "first_seen": "2026-02-01T03:00:00Z",
    "last_seen": "2026-02-03T04:00:00Z",
    "count": 2,
}
DECISION: dict[str, Any] = {
    "decision_id": "dec_one",
    "action": "block-property",
    "outcome": "true",
    "state": "final",
    "decided_at": "2026-02-20T10:00:00Z",
    "reason_code": "listed_party",
}
LINE: dict[str, Any] = {
    "id": "a-1",
    "from": "2026-01-01T00:00:00Z",
    "to": "2026-02-01T00:00:00Z",
    "flop_p5": 1e22,
    "flop_p50": 3e22,
    "flop_p95": 9e22,
    "method": "tensor",
    "coverage": 0.8,
}
CUSTOMER: dict[str, Any] = {
    "name": "Kim Example",
    "name_native": "김예시",
    "email": "kim@example.org",
    "phone": "+82 2 555 0100",
    "address": "1 Sample Street",
    "country": "KR",
    "declared_purpose": "Rendering",
    "owners": [{"owner_name": "张样本", "share_min": 40.0, "share_max": 60.0}],
}
HOUSE: dict[str, Any] = {
    "certification": {
        "customers": 3,
        "customers_by_place": {"KR": 1, "US": 2},
        "foreign_customers": 1,
        "foreign_customers_by_place": {"KR": 1},
        "foreign_accounts_unverified": 0,
        "unverified_by_age_days": {"0-30": 0, "31-90": 0},
        "verified_by_method": {"document/vendor": 2},
        "abuse_detection": {"network": 12},
        "resellers": {"foreign": 0},
        "unverifiable_cases": {"open": 0, "closed": 1},
    },
    "customers": 3,
    "rules_by_family": {"network": 12, "payment": 9},
    "cases_by_status": {"open": 1, "decided": 2},
    "waiting_by_age": {"within a day": 1},
    "lists": {"us_ofac_sdn": "2026-02-01"},
    "findings_standing": 4,
}
MATERIAL = Material(
    made_at="2026-03-01T12:00:00Z",
    home="us",
    subject="case_one",
    accounts=("a-1",),
    case={"case_id": "case_one", "summary": "Stop: a sign-in from the DPRK.", "version": 4, "status": "decided"},
    findings=(FINDING,),
    decision=DECISION,
    reason="The customer is a listed party, by name and by a second identifier.",
    customers={"a-1": CUSTOMER},
    clocks=(
        {
            "clock_id": "clk_one",
            "case_id": "case_one",
            "rule": "us_ofac_block_reject_report",
            "started_at": "2026-02-20T10:00:00Z",
            "due_on": "2026-03-06",
        },
    ),
    freezes=({"account_id": "a-1", "decision_id": "dec_one", "since": "2026-02-20T10:00:00Z", "released_at": None},),
    history=({"time": "2026-02-02T00:00:00Z", "verb": "opened"}, {"time": "2026-02-20T10:00:00Z", "verb": "decided"}),
    addresses=(
        {
            "account_id": "a-1",
            "ip": "203.0.113.7",
            "ip_country": "KP",
            "first_us": 1769914800000000,
            "last_us": 1770091200000000,
            "count": 2,
        },
    ),
    devices=({"account_id": "a-1", "device_id": "d-9", "count": 2},),
    payments=(
        {
            "account_id": "a-1",
            "payment_id": "p-1",
            "time_us": 1769914800000000,
            "instrument_kind": "crypto",
            "payer_country": "CN",
            "amount": 1200.5,
            "currency": "USD",
            "wallet": "bc1qexample",
        },
    ),
    machines=({"account_id": "a-1", "gpu_model": "H100", "most": 64, "count": 3},),
    compute=(LINE,),
    screened={
        "lists": [{"list": "us_ofac_sdn", "version": "2026-02-01", "entries": 17000}],
        "compared": ["names", "phone"],
        "parties": 2,
        "waiting": 0,
        "nearest": [
            {"party": "account", "list": "us_ofac_sdn@2026-02-01", "entity_id": "9", "score": 0.41, "why": "weak; note"}
        ],
    },
    redress={"answer_days": 14, "correctable": [{"data": "Name", "how": "Show a paper."}]},
    house=HOUSE,
)
#: Words with which every field that only a person knows is filled.
BY_HAND = {"scope": "Everywhere, until answered", "outside": "A court"}


def filled(report: Report, text: str | None = None) -> Material:
    """The material with every field that is empty entered by hand."""
    empty = [ask for ask in report.asks if ask.find(MATERIAL) is None]
    return replace(MATERIAL, entered={ask.key: _entry(ask, text) for ask in empty})


def _entry(ask: Ask, text: str | None) -> Held:
    return Held(text if text is not None else BY_HAND.get(ask.key, f"[{ask.label}]"), "entered by anna on 2026-03-01")
