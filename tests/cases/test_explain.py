"""A reviewer reads why a case is open, what it rests on, what would change it; an export proves it elsewhere."""

from __future__ import annotations

import base64
import json

import pytest

from tests.cases.test_decide import decide, suspended
from tests.cases.test_refresh import BOTH, refresh, withdraw
from tests.made import ANNA, BERT, JOB, finding, shared
from vedette import cases
from vedette.audit.checkpoint import opened, public_bytes
from vedette.audit.store import leaves, signing_key
from vedette.audit.tree import leaf_hash, root_from_inclusion
from vedette.base import FixedClock, Strength
from vedette.cases import Case, CaseError
from vedette.cases.store import history
from vedette.store import Store


@pytest.fixture
def case(store: Store, clock: FixedClock) -> Case:
    refresh(
        store,
        clock,
        *BOTH,
        finding("network/x", strength=Strength.STRONG, blind_spots="an office looks the same"),
        finding("behaviour/hint", strength=Strength.CONTEXT),
    )
    (found,) = cases.list_cases(store, now=clock.now())
    return found


class TestExplain:
    def test_the_rule_in_words_with_the_numbers(self, store: Store, clock: FixedClock, case: Case) -> None:
        (why,) = cases.explain(store, case.case_id, clock=clock)["why"]

        assert "network 8 bits (of 13 found, capped)" in why
        assert "payment 5 bits" in why
        assert "Together 13 bits from 2; without a stop a case needs 2 sources and 10 bits: enough." in why

    def test_evidence_by_strength_with_everything_to_check(self, store: Store, clock: FixedClock, case: Case) -> None:
        told = cases.explain(store, case.case_id, clock=clock)

        assert [item["strength"] for item in told["evidence"]] == ["strong", "medium", "medium", "context"]
        assert told["evidence"][0]["evidence"] == [{"kind": "event", "ref": "e-1", "country": "US"}]
        assert told["blind_spots"] == ["an office looks the same", "absence proves nothing"]
        assert len(told["look_next"]) == 3
        assert any("pays" in text for text in told["would_close"])

    def test_what_would_change_it(self, store: Store, clock: FixedClock, case: Case) -> None:
        told = cases.explain(store, case.case_id, clock=clock)

        assert told["what_if"] == [
            {"without": "network", "bits": 5.0, "corroborated": False},
            {"without": "payment", "bits": 8.0, "corroborated": False},
        ]

    def test_a_checks_own_advice_comes_first(self, store: Store, clock: FixedClock, case: Case) -> None:
        told = cases.explain(
            store, case.case_id, clock=clock, next_steps=lambda check: "Ask her." if check == "payment/b" else None
        )

        assert told["look_next"][0] == "Ask her."

    def test_a_stop_says_that_it_holds_and_does_not_refuse(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))

        why = cases.explain(store, cases.list_cases(store, now=clock.now())[0].case_id, clock=clock)["why"]

        assert why[0] == ("A stop stands, which opens a case at once and asks for a person: presence/ip at a-1")
        assert "never clears by itself" in why[-1]

    def test_neighbours_are_named_apart(self, store: Store, clock: FixedClock, case: Case) -> None:
        refresh(store, clock, shared("device/office", ("a-1", "n-1", "n-2")))

        told = cases.explain(store, case.case_id, clock=clock)

        assert told["accounts"] == ["a-1"]
        assert [item["account_id"] for item in told["neighbours"]] == ["n-1", "n-2"]

    def test_lost_support_is_said(self, store: Store, clock: FixedClock, case: Case) -> None:
        withdraw(store, clock, "payment/b")
        cases.refresh(store, JOB, clock)

        assert any("No longer supported" in text for text in cases.explain(store, case.case_id, clock=clock)["why"])

    def test_decisions_carry_the_reasons_text(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)

        (told,) = cases.explain(store, case.case_id, clock=clock)["decisions"]
        assert told["reason"].startswith("Another person or organisation of the same name")

    def test_it_is_plain_data(self, store: Store, clock: FixedClock, case: Case) -> None:
        told = cases.explain(store, case.case_id, clock=clock)

        assert json.loads(json.dumps(told)) == told


class TestFind:
    def test_by_id_by_beginning_and_by_account(self, store: Store, clock: FixedClock, case: Case) -> None:
        assert cases.find(store, case.case_id) == case
        assert cases.find(store, case.case_id[:9]) == case
        assert cases.find(store, "a-1") == case

    def test_an_ambiguous_beginning_is_refused(self, store: Store, clock: FixedClock, case: Case) -> None:
        refresh(store, clock, finding("network/a", account="b-1"), finding("payment/b", account="b-1"))

        with pytest.raises(CaseError, match="begin with"):
            cases.find(store, "case_")

    @pytest.mark.parametrize("text", ["case_x", "%", "_", "' OR 1=1 --"])
    def test_wildcards_and_quotes_are_only_text(self, store: Store, clock: FixedClock, case: Case, text: str) -> None:
        with pytest.raises(CaseError, match="no case"):
            cases.find(store, text)


class TestRevealed:
    def test_a_leaf_is_written_before_anything_is_shown(self, store: Store, clock: FixedClock, case: Case) -> None:
        leaves_then: list[str] = []

        def reveal(account: str) -> dict[str, str]:
            with store.database.reading() as connection:
                leaves_then.extend(json.loads(body)["act"] for _, body, _ in leaves(connection))
            return {"name": f"Name of {account}"}

        shown = cases.revealed(store, ANNA, case.case_id, reveal, clock=clock)

        assert shown == {"a-1": {"name": "Name of a-1"}}
        assert leaves_then[-1] == "cases.reveal"
        assert history(store, case.case_id)[-1].principal == "person:anna"

    def test_it_is_no_change_of_the_case(self, store: Store, clock: FixedClock, case: Case) -> None:
        cases.revealed(store, ANNA, case.case_id, lambda _account: {}, clock=clock)

        assert cases.get(store, case.case_id) == case


class TestExport:
    def test_every_proof_verifies_against_the_signed_checkpoint(
        self, store: Store, clock: FixedClock, case: Case
    ) -> None:
        suspended(store, clock, case)
        cases.approve(store, BERT, case.case_id, clock=clock)
        refresh(store, clock, finding("device/later", account="z-9"))

        told = cases.export(store, case.case_id, clock=clock)

        assert [item["leaf"]["act"] for item in told["proofs"]] == ["cases.refresh", "cases.decide", "cases.approve"]
        for item in told["proofs"]:
            signed = opened(item["checkpoint"], public_bytes(signing_key(store)))
            hashed = leaf_hash(base64.b64decode(item["leaf_bytes"]))
            path = [base64.b64decode(node) for node in item["proof"]]
            assert root_from_inclusion(hashed, item["index"], signed.size, path) == signed.root

    def test_it_tells_approvals_and_no_note(self, store: Store, clock: FixedClock, case: Case) -> None:
        suspended(store, clock, case)

        told = cases.export(store, case.case_id, clock=clock)

        assert told["kind"] == "vedette-case"
        assert told["approvals"][0]["state"] == "waiting"
        assert "Example" not in json.dumps(told)
