"""Working through the queue: nobody gets what another holds, everything given is given to one, words stay sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_refresh import refresh, verbs
from tests.made import ANNA, BERT, JOB, finding
from vedette import audit, cases
from vedette.base import FixedClock, Principal, Strength
from vedette.cases import CaseError, CaseStatus, parse
from vedette.cases.model import CaseHeld
from vedette.cases.store import remarks
from vedette.store import Store


@pytest.fixture(autouse=True)
def three(store: Store, clock: FixedClock) -> None:
    """A stop at s-1, then a-1 and b-1, the heavier first."""
    refresh(
        store,
        clock,
        finding("presence/ip", account="s-1", strength=Strength.STOP),
        *(finding(check, account="b-1", strength=Strength.STRONG) for check in ("network/a", "payment/b")),
        *(finding(check, account="a-1") for check in ("network/a", "payment/b")),
    )


def held(store: Store, clock: FixedClock, who: Principal = ANNA, **wanted: Any) -> str | None:
    claim = cases.next_case(store, who, clock=clock, **wanted)
    return None if claim is None else claim.case.accounts[0]


def case_of(store: Store, account: str) -> cases.Case:
    found = cases.of_account(store, account)
    assert found is not None
    return found


class TestNext:
    def test_the_most_urgent_first_and_one_s_own_again(self, store: Store, clock: FixedClock) -> None:
        assert held(store, clock) == "s-1"
        assert held(store, clock) == "s-1", "asking again gives what I already hold"

    def test_two_people_never_get_the_same(self, store: Store, clock: FixedClock) -> None:
        assert [held(store, clock, who) for who in (ANNA, BERT)] == ["s-1", "b-1"]

    def test_a_lease_that_ran_out_frees_the_case(self, store: Store, clock: FixedClock) -> None:
        held(store, clock)
        clock.advance(timedelta(minutes=60))

        assert held(store, clock, BERT) == "s-1"

    def test_what_is_assigned_to_me_comes_first_and_to_nobody_else(self, store: Store, clock: FixedClock) -> None:
        cases.assign(store, ANNA, case_of(store, "a-1").case_id, "bert", clock=clock)

        assert held(store, clock, BERT) == "a-1"
        assert [held(store, clock), held(store, clock, skip=case_of(store, "s-1").case_id)] == ["s-1", "b-1"]

    def test_what_sleeps_is_left_out_until_it_wakes(self, store: Store, clock: FixedClock) -> None:
        cases.snooze(store, ANNA, case_of(store, "s-1").case_id, clock.now() + timedelta(hours=1), clock=clock)

        assert held(store, clock) == "b-1"
        clock.advance(timedelta(hours=1))
        assert held(store, clock, BERT) == "s-1"

    def test_a_filter_narrows_it(self, store: Store, clock: FixedClock) -> None:
        assert held(store, clock, wanted=parse("priority_max=79")) == "b-1"
        assert held(store, clock, BERT, wanted=parse("account=nobody")) is None

    def test_a_job_is_no_reviewer(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(CaseError, match="no person"):
            cases.next_case(store, JOB, clock=clock)


class TestRelease:
    def test_gives_it_back(self, store: Store, clock: FixedClock) -> None:
        held(store, clock)

        after = cases.release(store, ANNA, case_of(store, "s-1").case_id, clock=clock)

        assert (after.status, after.claimed_by) == (CaseStatus.OPEN, None)
        assert held(store, clock, BERT) == "s-1"

    def test_only_by_its_holder(self, store: Store, clock: FixedClock) -> None:
        held(store, clock)

        with pytest.raises(CaseError, match="do not hold"):
            cases.release(store, BERT, case_of(store, "s-1").case_id, clock=clock)


class TestEscalate:
    def test_moves_to_the_top_and_keeps_the_hold(self, store: Store, clock: FixedClock) -> None:
        before = case_of(store, "s-1")

        after = cases.escalate(store, ANNA, before.case_id, "A ministry.", clock=clock)

        assert (after.priority, after.escalations, after.version) == (100, 1, before.version + 1)
        assert (after.human_required, after.hold_expires) == (True, before.hold_expires)
        assert after.status is CaseStatus.OPEN
        assert [item.text for item in remarks(store, before.case_id)] == ["A ministry."]

    def test_not_what_another_holds_nor_without_a_reason(self, store: Store, clock: FixedClock) -> None:
        held(store, clock)
        case_id = case_of(store, "s-1").case_id

        with pytest.raises(CaseHeld):
            cases.escalate(store, BERT, case_id, "mine", clock=clock)
        with pytest.raises(CaseError, match="nothing was said"):
            cases.escalate(store, ANNA, case_id, "  ", clock=clock)


class TestRemark:
    def test_is_sealed_and_in_the_history(self, store: Store, clock: FixedClock) -> None:
        case = case_of(store, "a-1")

        cases.remark(store, ANNA, case.case_id, "Asked Ms Example.", clock=clock)

        assert verbs(store, case)[-1] == "remarked"
        assert remarks(store, case.case_id)[0].made_by == "person:anna"
        assert case_of(store, "a-1").version == case.version, "words change nothing that is judged"
        with store.database.reading() as connection:
            stored = connection.exec_driver_sql("SELECT * FROM case_remark").all()
        assert b"Example" not in repr(stored).encode()
        assert audit.verify(store).problems == []


class TestAssign:
    @pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201])
    def test_nobody_is_called_so(self, store: Store, clock: FixedClock, name: str) -> None:
        with pytest.raises(CaseError):
            cases.assign(store, ANNA, case_of(store, "a-1").case_id, name, clock=clock)

    def test_it_can_be_taken_away(self, store: Store, clock: FixedClock) -> None:
        case_id = case_of(store, "a-1").case_id
        cases.assign(store, ANNA, case_id, "bert", clock=clock)

        cases.assign(store, ANNA, case_id, None, clock=clock)

        assert len(cases.view(store, parse("unassigned=yes"), now=clock.now()).cases) == 3
