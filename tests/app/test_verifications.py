"""Stored sign-up decisions: one answer for one request key, sealed, audited, and safe under many callers at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.scene import Desk as Commands
from tests.made import ANNA, BERT
from vedette.app import store as state
from vedette.app.checks import Customer
from vedette.app.desk import desk
from vedette.app.opening import open_store
from vedette.app.verifications import KeyReused, KeyUnfit, decide, decide_many
from vedette.app.verify import Desk, Outcome, Verdict
from vedette.audit.verify import verify as verify_log
from vedette.base import FixedClock
from vedette.store import Store

ANN = Customer("q-1", {"name": "Tovah Quillfeather", "email": "tovah@example.org", "country": "US"})
BO = Customer("q-2", {"name": "Bo Sample", "country": "KP"})


@pytest.fixture
def store(equipped: Commands) -> Iterator[Store]:
    """A workspace with one list and address references."""
    opened = open_store(equipped.root)
    yield opened
    opened.close()


@pytest.fixture
def open_desk(store: Store, clock: FixedClock) -> Desk:
    return desk(store, "us", clock)


def leaves(store: Store) -> int:
    return verify_log(store).leaves


def told(verdict: Verdict) -> dict[str, Any]:
    """The answer without the mark of repetition."""
    return {**verdict.as_json(), "replayed": None}


class TestDecide:
    def test_a_decision_is_stored_in_an_audited_act_before_it_is_told(self, store: Store, open_desk: Desk) -> None:
        before = leaves(store)
        verdict = decide(store, open_desk, ANN, key=None, principal=ANNA)
        assert verdict.outcome is Outcome.CLEAR and not verdict.replayed
        held = state.verification(store, verdict.verification_id)
        assert held is not None
        assert (held.outcome, held.principal) == ("clear", "person:anna")
        assert held.checks == {"run": ["presence", "screening"], "missing": {}}
        assert leaves(store) == before + 1
        assert verify_log(store).holds

    def test_the_answer_names_list_policy_reference_and_model_versions(self, store: Store, open_desk: Desk) -> None:
        row = decide(store, open_desk, ANN, key=None, principal=ANNA).as_json()
        assert {"references", "simulated_list"} <= set(row["list_versions"])  # type: ignore[arg-type]  # a mapping
        assert row["policy_versions"]
        assert set(row["model_versions"]) == {"names", "screening", "presence"}  # type: ignore[arg-type]  # a mapping

    def test_personal_data_lies_in_no_file_in_clear(self, store: Store, open_desk: Desk) -> None:
        """Who steals the state database learns that somebody was cleared, and not who."""
        decide(store, open_desk, ANN, key="sign-up of tovah@example.org", principal=ANNA)
        held = b"".join(path.read_bytes() for path in Path(store.workspace.root).glob("state.db*"))
        assert b"Quillfeather" not in held and b"tovah@" not in held and b"q-1" not in held

    def test_without_a_key_every_question_is_a_decision_of_its_own(self, store: Store, open_desk: Desk) -> None:
        first, second = (decide(store, open_desk, ANN, key=None, principal=ANNA) for _ in range(2))
        assert first.verification_id != second.verification_id


class TestRequestKey:
    def test_the_same_key_and_facts_give_the_stored_answer(
        self, store: Store, open_desk: Desk, clock: FixedClock
    ) -> None:
        """A caller whose connection broke asks again and learns what was decided, not a second decision."""
        first = decide(store, open_desk, BO, key="k-1", principal=ANNA)
        before = leaves(store)
        again = decide(store, open_desk, BO, key="k-1", principal=ANNA)
        assert again.replayed and told(again) == told(first)
        assert again.findings == first.findings
        assert leaves(store) == before

    def test_the_same_key_with_other_facts_is_a_clear_error(self, store: Store, open_desk: Desk) -> None:
        decide(store, open_desk, ANN, key="k-1", principal=ANNA)
        with pytest.raises(KeyReused, match="key reused with another body"):
            decide(store, open_desk, BO, key="k-1", principal=ANNA)

    def test_keys_of_two_principals_are_two_keys(self, store: Store, open_desk: Desk) -> None:
        """Nobody learns another caller's answer by trying keys."""
        mine = decide(store, open_desk, ANN, key="k-1", principal=ANNA)
        theirs = decide(store, open_desk, BO, key="k-1", principal=BERT)
        assert mine.verification_id != theirs.verification_id and not theirs.replayed

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "a\x00"])
    def test_an_unfit_key_is_refused(self, store: Store, open_desk: Desk, key: str) -> None:
        with pytest.raises(KeyUnfit, match="printable"):
            decide(store, open_desk, ANN, key=key, principal=ANNA)


class TestMany:
    def test_a_batch_is_one_act_and_answers_in_order(self, store: Store, open_desk: Desk) -> None:
        before = leaves(store)
        asked = [(BO, "b"), (ANN, None), (ANN, "b"), (BO, "b")]
        first, second, reused, again = decide_many(store, open_desk, asked, principal=ANNA)
        assert isinstance(first, Verdict) and first.outcome is Outcome.STOP
        assert isinstance(second, Verdict) and second.outcome is Outcome.CLEAR
        assert isinstance(reused, KeyReused)
        assert isinstance(again, Verdict) and again.replayed
        assert leaves(store) == before + 1

    def test_nothing_asked_writes_nothing(self, store: Store, open_desk: Desk) -> None:
        before = leaves(store)
        assert decide_many(store, open_desk, [], principal=ANNA) == []
        assert leaves(store) == before

    def test_many_callers_at_once_share_commits_and_one_key_is_decided_once(
        self, store: Store, open_desk: Desk
    ) -> None:
        """Two clicks on "sign up" at the same instant must not be two decisions."""
        before = leaves(store)

        def ask(number: int) -> Verdict:
            return decide(store, open_desk, ANN, key=f"k-{number % 5}", principal=ANNA if number % 2 else BERT)

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(ask, range(40)))
        assert len({verdict.verification_id for verdict in found}) == 10
        assert sum(not verdict.replayed for verdict in found) == 10
        assert leaves(store) - before <= 10
        assert verify_log(store).holds

    def test_whoever_waits_hears_of_a_failure(
        self, store: Store, open_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A disk that is full must reach the caller: an answer that was not stored is never given."""

        def full(*_arguments: object) -> None:
            raise sqlite3.OperationalError("disk is full")

        monkeypatch.setattr(state, "keep_verifications", full)
        with pytest.raises(sqlite3.OperationalError):
            decide(store, open_desk, ANN, key="k", principal=ANNA)
        monkeypatch.undo()
        assert not decide(store, open_desk, ANN, key="k", principal=ANNA).replayed


class TestOneCallersFault:
    def test_a_customer_who_breaks_the_program_does_not_break_his_neighbours(
        self, store: Store, open_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever finds an input that crashes a check must not keep others from being decided."""
        from vedette.app import verifications
        from vedette.app.desk import ScreeningCheck

        judged = ScreeningCheck.look_all

        def brittle(self: ScreeningCheck, customers: Any, moment: Any) -> Any:
            if any(customer.query_id == "poison" for customer in customers):
                raise ZeroDivisionError
            return judged(self, customers, moment)

        monkeypatch.setattr(ScreeningCheck, "look_all", brittle)
        items = [verifications._Judging(open_desk, [who]) for who in (ANN, Customer("poison", {"name": "X"}), BO)]
        first, fault, last = verifications._judge_all(items)
        assert isinstance(fault, ZeroDivisionError)
        assert not isinstance(first, Exception) and not isinstance(last, Exception)
        assert [first[0].query_id, last[0].query_id] == ["q-1", "q-2"]
