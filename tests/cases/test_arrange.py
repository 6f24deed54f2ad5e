"""What a person merged stays together, what a person split stays apart, however often cases are refreshed."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest

from tests.cases.test_refresh import all_cases, decided, refresh, verbs, withdraw
from tests.made import ANNA, BERT, JOB, finding, shared
from vedette import audit, cases
from vedette.base import Finding, FixedClock, Strength
from vedette.cases import Case, CaseError, CaseStatus, StaleCase
from vedette.cases.model import CaseHeld
from vedette.store import Store

NOTE = "Another firm in the same building."


def two_kinds(account: str) -> tuple[Finding, Finding]:
    return finding("network/a", account=account), finding("payment/b", account=account)


def of(store: Store, account: str) -> Case:
    found = cases.of_account(store, account)
    assert found is not None
    return found


@pytest.fixture
def joined(store: Store, clock: FixedClock) -> Case:
    """Two accounts in one case, each qualifying alone, joined by a device."""
    refresh(store, clock, *two_kinds("a-1"), *two_kinds("b-1"), shared("device/x", ("a-1", "b-1")))
    return of(store, "a-1")


@pytest.fixture
def pair(store: Store, clock: FixedClock) -> tuple[Case, Case]:
    refresh(store, clock, *two_kinds("z-1"))
    clock.advance(timedelta(hours=1))
    refresh(store, clock, *two_kinds("a-1"))
    return of(store, "z-1"), of(store, "a-1")


class TestSplit:
    def test_two_cases_each_with_its_own_accounts(self, store: Store, clock: FixedClock, joined: Case) -> None:
        rest, new = cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=1, clock=clock)

        assert (of(store, "a-1"), of(store, "b-1")) == (rest, new)
        assert (rest.accounts, new.accounts) == (("a-1",), ("b-1",))
        assert verbs(store, rest)[-1] == "split"
        assert verbs(store, new) == ["split from"]
        assert audit.verify(store).problems == []

    def test_no_refresh_joins_them_again(self, store: Store, clock: FixedClock, joined: Case) -> None:
        rest, new = cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=1, clock=clock)

        for _ in range(2):
            refresh(store, clock, finding("device/y", account="b-1"), shared("payment/card", ("a-1", "b-1"), thing="c"))

        assert (of(store, "a-1").case_id, of(store, "b-1").case_id) == (rest.case_id, new.case_id)
        assert cases.refresh(store, JOB, clock).changed == 0

    def test_they_stay_apart_when_one_has_merged_on(self, store: Store, clock: FixedClock, joined: Case) -> None:
        clock.advance(timedelta(hours=-1))
        refresh(store, clock, *two_kinds("c-1"))
        clock.advance(timedelta(hours=2))
        cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=1, clock=clock)
        refresh(store, clock, shared("device/z", ("b-1", "c-1"), thing="d-2"))
        assert of(store, "b-1") == of(store, "c-1")

        refresh(store, clock, shared("device/x", ("a-1", "b-1"), count=2), finding("device/n", account="a-1"))

        assert of(store, "a-1").accounts == ("a-1",)

    def test_a_hold_goes_on_by_its_clock(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, shared("device/x", ("a-1", "b-1"), strength=Strength.STOP))
        expires = of(store, "a-1").hold_expires
        clock.advance(timedelta(hours=5))

        rest, new = cases.split(store, ANNA, of(store, "a-1").case_id, ["b-1"], NOTE, expected_version=1, clock=clock)

        assert (rest.hold_expires, new.hold_expires) == (expires, expires)
        assert rest.human_required
        assert new.human_required

    @pytest.mark.parametrize("accounts", [[], ["a-1", "b-1"], ["nobody"]])
    def test_some_but_not_all(self, store: Store, clock: FixedClock, joined: Case, accounts: list[str]) -> None:
        with pytest.raises(CaseError, match="not none and not all"):
            cases.split(store, ANNA, joined.case_id, accounts, NOTE, expected_version=1, clock=clock)

    def test_not_a_stale_one_nor_without_a_note_nor_another_s(
        self, store: Store, clock: FixedClock, joined: Case
    ) -> None:
        with pytest.raises(StaleCase):
            cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=9, clock=clock)
        with pytest.raises(CaseError, match="need a note"):
            cases.split(store, ANNA, joined.case_id, ["b-1"], " ", expected_version=1, clock=clock)
        cases.claim(store, BERT, joined.case_id, clock=clock)
        with pytest.raises(CaseHeld):
            cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=1, clock=clock)


class TestMerge:
    def test_into_the_oldest(self, store: Store, clock: FixedClock, pair: tuple[Case, Case]) -> None:
        older, younger = pair

        whole = cases.merge(store, ANNA, [younger.case_id, older.case_id], "One owner.", clock=clock)

        assert (whole.case_id, whole.accounts) == (older.case_id, ("a-1", "z-1"))
        assert cases.get(store, younger.case_id).merged_into == older.case_id
        assert audit.verify(store).problems == []

    def test_no_refresh_takes_them_apart(self, store: Store, clock: FixedClock, pair: tuple[Case, Case]) -> None:
        whole = cases.merge(store, ANNA, [case.case_id for case in pair], "One owner.", clock=clock)

        refresh(store, clock, finding("device/y", account="z-1"), finding("device/y", account="q-1"))

        assert of(store, "a-1").case_id == of(store, "z-1").case_id == whole.case_id

    def test_who_was_placed_by_hand_stays_although_nothing_is_found_any_longer(
        self, store: Store, clock: FixedClock, pair: tuple[Case, Case]
    ) -> None:
        cases.merge(store, ANNA, [case.case_id for case in pair], "One owner.", clock=clock)
        for found in two_kinds("z-1"):
            withdraw(store, clock, found.check, [found.id])

        cases.refresh(store, JOB, clock)

        assert of(store, "z-1").accounts == ("a-1", "z-1")

    def test_a_merge_by_hand_ends_a_split(self, store: Store, clock: FixedClock, joined: Case) -> None:
        rest, new = cases.split(store, ANNA, joined.case_id, ["b-1"], NOTE, expected_version=1, clock=clock)

        cases.merge(store, BERT, [rest.case_id, new.case_id], "One firm after all.", clock=clock)
        refresh(store, clock, finding("device/y", account="b-1"))

        assert of(store, "a-1") == of(store, "b-1")

    def test_not_what_is_settled_nor_one_alone(self, store: Store, clock: FixedClock, pair: tuple[Case, Case]) -> None:
        older, younger = pair
        with pytest.raises(CaseError, match="two cases"):
            cases.merge(store, ANNA, [older.case_id, older.case_id], "x", clock=clock)
        decided(store, older, clock)
        with pytest.raises(CaseError, match="closed"):
            cases.merge(store, ANNA, [older.case_id, younger.case_id], "x", clock=clock)


class TestOneCasePerActor:
    @pytest.fixture
    def actor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = {"a-1": "actor_1", "z-1": "actor_1", "y-1": "actor_1"}
        monkeypatch.setattr(import_module("vedette.cases.refresh"), "by_account", lambda _store: known)

    def test_cases_of_one_hand_become_one(
        self, store: Store, clock: FixedClock, pair: tuple[Case, Case], actor: None
    ) -> None:
        done = cases.refresh(store, JOB, clock)

        assert done.merged == 1
        assert of(store, "a-1") == of(store, "z-1")
        assert cases.of_account(store, "y-1") is None, "a link alone accuses nobody"
        assert cases.refresh(store, JOB, clock).changed == 0

    def test_new_evidence_about_the_hand_joins_its_case(
        self, store: Store, clock: FixedClock, pair: tuple[Case, Case], actor: None
    ) -> None:
        refresh(store, clock, *two_kinds("y-1"))

        (case,) = [item for item in all_cases(store, clock) if item.status is not CaseStatus.MERGED]
        assert case.accounts == ("a-1", "y-1", "z-1")

    def test_a_split_by_a_person_stands_against_the_link(
        self, store: Store, clock: FixedClock, pair: tuple[Case, Case], actor: None
    ) -> None:
        cases.refresh(store, JOB, clock)
        whole = of(store, "a-1")
        cases.split(store, ANNA, whole.case_id, ["a-1"], NOTE, expected_version=whole.version, clock=clock)

        refresh(store, clock, finding("device/y", account="a-1"))

        assert of(store, "a-1").case_id != of(store, "z-1").case_id
