"""Verification in numbers: shares that do not flatter, and counts without customers."""

from __future__ import annotations

import json
from datetime import date, timedelta

from tests.accounts.verification.made import NOON, TIMING, TODAY, evidence, owner, record
from vedette.accounts.figures import certification, coverage, resellers
from vedette.accounts.verification import Record, Reseller, Result, State

DECLARED = {"declared": "verified", "declared_state": State.VERIFIED}
OWNERS = (owner("o-1", share_min=60, share_max=60, country="CN"), owner("o-2", share_min=5, share_max=5, country="FR"))
RECORDS: tuple[Record, ...] = (
    record(State.VERIFIED, evidence(), account_id="a-1", opened=NOON - timedelta(days=500), **DECLARED),
    record(State.UNVERIFIED, account_id="a-2", opened=NOON - timedelta(days=3), reseller_id="r-1", **DECLARED),
    record(State.UNVERIFIED, evidence(Result.FAILED), account_id="a-3", reseller_id="r-1", **DECLARED),
    record(State.UNVERIFIABLE, account_id="a-4", kind="organization", owners=OWNERS, country="CN", declared="zork"),
    record(State.UNVERIFIED, evidence(shows_home=True), account_id="a-5", country="US"),
    record(State.CLOSED_UNVERIFIED, account_id="a-6", closed=NOON, country="US"),
)


class TestCoverage:
    def test_declared_and_evidenced_are_kept_apart(self) -> None:
        """A provider that calls everybody verified is told for how many it can show why."""
        found = coverage(RECORDS, TODAY, TIMING)
        assert (found["declared_verified"], found["declared_verified_without_evidence"]) == (3, 2)
        assert found["share_declared_without_evidence"] == 0.6667
        assert (found["with_passed_evidence"], found["declared_word_unknown"]) == (2, 1)
        assert found["states"] == {
            "unverified": 3,
            "pending-limited": 0,
            "verified": 1,
            "unverifiable": 1,
            "redress": 0,
            "closed-unverified": 1,
        }

    def test_nobody_is_no_share(self) -> None:
        assert coverage([], TODAY, TIMING)["share_declared_without_evidence"] is None


class TestResellers:
    def test_one_that_nobody_registered_comes_first(self) -> None:
        register = {"r-2": Reseller(account_id="r-2", programme_received=TODAY, last_attested=TODAY, foreign=False)}
        first, second = resellers(RECORDS, register, TODAY, TIMING)
        assert (first.account_id, first.registered, first.overdue, first.accounts) == ("r-1", False, True, 2)
        assert (second.account_id, second.overdue, second.accounts) == ("r-2", False, 0)
        assert second.as_json()["due"] == (TODAY + timedelta(days=365)).isoformat()


class TestCertification:
    FOUND = certification(
        RECORDS, {"r-1": Reseller(account_id="r-1")}, at=NOON, timing=TIMING, resources={"detection_rules": 40}
    )

    def test_it_says_that_nothing_requires_it(self) -> None:
        assert self.FOUND["label"] == "modelled on a proposed rule"
        assert "nothing requires it" in str(self.FOUND["notice"])

    def test_it_holds_numbers_and_places_and_no_customer(self) -> None:
        told = json.dumps(self.FOUND)
        assert not [record.facts.account_id for record in RECORDS if record.facts.account_id in told]
        assert "r-1" not in told and "o-1" not in told

    def test_counts(self) -> None:
        found = self.FOUND
        assert (found["customers"], found["foreign_customers"], found["foreign_accounts_unverified"]) == (5, 4, 3)
        assert found["foreign_beneficial_owners_by_place"] == {"CN": 1}
        assert found["verified_by_method"] == {"documentary/own": 2}
        assert found["unverified_by_age_days"] == {"0-30": 1, "31-90": 0, "91-365": 0, "over 365": 0, "not known": 2}
        assert found["unverifiable_cases"] == {"open": 1, "in_redress": 0, "closed": 1}
        assert found["resellers"] == {
            "foreign": 1,
            "not_registered": 0,
            "programme_received": 0,
            "overdue": 1,
            "accounts_under_resellers": 2,
        }
        assert found["abuse_detection"] == {"detection_rules": 40}
        assert date.fromisoformat(str(found["as_of"])[:10]) == TODAY
