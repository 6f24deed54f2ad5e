"""Cases follow findings: opened once, grown, merged, marked, reopened, escalated; never closed by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.test_open import FINDINGS
from tests.made import ANNA, BERT, JOB, Stores, finding, shared
from vedette import audit, cases, findings
from vedette.base import Finding, FixedClock, Strength
from vedette.cases import Action, Case, CaseStatus, Outcome, Refreshed
from vedette.cases.store import history
from vedette.store import Store

TWELVE = tuple(f"a-{n:02d}" for n in range(12))


def tell(store: Store, clock: FixedClock, *found: Finding) -> None:
    with audit.writing(store, JOB, "find", clock=clock) as act:
        findings.record(act, found)


def withdraw(store: Store, clock: FixedClock, check: str, keep: Iterable[str] = ()) -> None:
    with audit.writing(store, JOB, "settle", clock=clock) as act:
        findings.settle(act, check, tuple(keep))


def refresh(store: Store, clock: FixedClock, *found: Finding) -> Refreshed:
    tell(store, clock, *found)
    return cases.refresh(store, JOB, clock)


def all_cases(store: Store, clock: FixedClock) -> list[Case]:
    return cases.list_cases(store, now=clock.now())


def only(store: Store, clock: FixedClock) -> Case:
    (case,) = all_cases(store, clock)
    return case


def verbs(store: Store, case: Case) -> list[str]:
    return [entry.event.verb for entry in history(store, case.case_id)]


def decided(
    store: Store,
    case: Case,
    clock: FixedClock,
    outcome: Outcome = Outcome.FALSE,
    action: Action = Action.NONE,
    reason: str = "namesake",
) -> None:
    version = cases.get(store, case.case_id).version
    cases.decide(
        store,
        ANNA,
        case.case_id,
        outcome,
        action,
        reason,
        "seen and judged",
        expected_version=version,
        clock=clock,
        versions={},
    )


BOTH = (finding("network/a"), finding("payment/b"))


class TestOpening:
    def test_a_case_opens_with_its_contract_row(self, store: Store, clock: FixedClock) -> None:
        done = refresh(store, clock, *BOTH, finding("behaviour/hint", strength=Strength.CONTEXT))

        case = only(store, clock)
        row = case.row(clock.now())
        assert (done.opened, done.changed) == (1, 0)
        assert row["case_id"] == case.case_id
        assert row["status"] == "open"
        assert row["accounts"] == ["a-1"]
        assert row["actor_id"] is None
        assert row["families"] == ["network", "payment"]
        assert len(case.findings) == 3
        assert row["opened_at"] == "2026-03-01T12:00:00Z"
        assert "network/a at a-1" in case.summary
        assert not case.human_required

    def test_doing_it_again_changes_nothing_and_leaves_no_leaf(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        before = (all_cases(store, clock), audit.verify(store).leaves)
        clock.advance(timedelta(days=1))

        again = refresh(store, clock, *BOTH)

        assert (again.opened, again.changed, again.cursor) == (0, 0, 2)
        assert (all_cases(store, clock), audit.verify(store).leaves) == before

    def test_too_little_evidence_opens_nothing_but_is_remembered(self, store: Store, clock: FixedClock) -> None:
        assert refresh(store, clock, BOTH[0]).opened == 0

        assert refresh(store, clock, BOTH[1]).opened == 1

    def test_a_stop_opens_with_a_hold(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))

        case = only(store, clock)
        assert case.human_required
        assert case.hold_expires == clock.now() + timedelta(hours=72)
        assert case.summary.startswith("Stop: ")

    def test_twelve_accounts_on_one_device_are_one_case(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, shared("device/listed", TWELVE, strength=Strength.STOP))

        assert only(store, clock).accounts == TWELVE

    def test_everything_is_in_the_log(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)

        assert audit.verify(store).problems == []


class TestGrowing:
    def test_new_evidence_folds_in_and_keeps_the_id(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        first = only(store, clock)

        done = refresh(store, clock, finding("device/c", strength=Strength.STRONG))

        case = only(store, clock)
        assert (done.opened, done.changed) == (0, 1)
        assert case.case_id == first.case_id
        assert (case.version, case.priority > first.priority) == (2, True)
        assert verbs(store, case) == ["opened", "evidence added"]

    def test_the_id_stays_when_a_smaller_account_joins(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, shared("device/x", ("b-1", "b-2")), shared("payment/y", ("b-1", "b-2"), thing="card"))
        first = only(store, clock)

        refresh(
            store,
            clock,
            shared("device/x", ("a-0", "b-1", "b-2")),
            shared("payment/y", ("a-0", "b-1", "b-2"), thing="card"),
        )

        case = only(store, clock)
        assert case.case_id == first.case_id
        assert case.accounts == ("a-0", "b-1", "b-2")

    def test_a_claim_survives_new_evidence(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        cases.claim(store, ANNA, only(store, clock).case_id, clock=clock)

        refresh(store, clock, finding("device/c"))

        assert only(store, clock).holder_at(clock.now()) == "person:anna"

    def test_cases_that_turn_out_to_share_merge_into_the_oldest(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("network/a", account="z-1"), finding("payment/b", account="z-1"))
        clock.advance(timedelta(hours=1))
        refresh(store, clock, finding("network/a", account="a-1"), finding("payment/b", account="a-1"))

        done = refresh(store, clock, shared("device/x", ("a-1", "z-1")))

        oldest = cases.of_account(store, "a-1")
        assert oldest is not None
        assert oldest == cases.of_account(store, "z-1")
        assert oldest.accounts == ("a-1", "z-1")
        (merged,) = cases.list_cases(store, [CaseStatus.MERGED], now=clock.now())
        assert (done.merged, merged.merged_into) == (1, oldest.case_id)
        assert cases.find(store, merged.case_id) == oldest

    def test_a_held_case_merges_with_its_earlier_clock(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("network/a", account="b-1"), finding("payment/b", account="b-1"))
        clock.advance(timedelta(hours=1))
        refresh(store, clock, finding("presence/ip", account="a-1", strength=Strength.STOP))
        expires = clock.now() + timedelta(hours=72)
        clock.advance(timedelta(hours=1))

        refresh(store, clock, shared("device/x", ("a-1", "b-1")))

        survivor = cases.of_account(store, "b-1")
        assert survivor is not None
        assert (survivor.accounts, survivor.human_required, survivor.hold_expires) == (("a-1", "b-1"), True, expires)

    def test_of_two_holds_the_earlier_clock_stays(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", account="a-1", strength=Strength.STOP))
        expires = clock.now() + timedelta(hours=72)
        clock.advance(timedelta(hours=5))
        refresh(store, clock, finding("presence/ip", account="b-1", strength=Strength.STOP))

        refresh(store, clock, shared("device/x", ("a-1", "b-1")))

        survivor = cases.of_account(store, "b-1")
        assert survivor is not None
        assert (survivor.accounts, survivor.hold_expires) == (("a-1", "b-1"), expires)

    def test_a_group_that_shrinks_to_its_guilty_part_opens(self, store: Store, clock: FixedClock) -> None:
        """Four accounts bear two checks between them; eight more sharers had diluted them below a quarter."""
        four, crowd = ("k-1", "k-2", "k-3", "k-4"), tuple(f"a-{number}" for number in range(8))
        found = [
            shared("device/four", four, thing="d-4", bits=0.0),
            *(finding("network/x", account=account) for account in four[:2]),
            *(finding("payment/y", account=account) for account in four[2:]),
        ]
        assert refresh(store, clock, *found, shared("device/crowd", ("k-1", *crowd), bits=0.0)).opened == 0

        assert refresh(store, clock, shared("device/crowd", crowd, bits=0.0)).opened == 1

        assert only(store, clock).accounts == four


class TestWithdrawal:
    def test_a_case_below_the_threshold_is_marked_and_stays_open(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        withdraw(store, clock, "payment/b")

        done = cases.refresh(store, JOB, clock)

        case = only(store, clock)
        assert done.unsupported == 1
        assert (case.status, case.supported) == (CaseStatus.OPEN, False)
        assert "No longer supported" in case.summary
        assert verbs(store, case)[-1] == "no longer supported"

    def test_it_recovers_when_the_finding_is_back(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        withdraw(store, clock, "payment/b")
        cases.refresh(store, JOB, clock)

        refresh(store, clock, *BOTH)

        case = only(store, clock)
        assert case.supported
        assert verbs(store, case)[-1] == "supported again"

    def test_a_withdrawn_stop_does_not_release_the_hold(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        withdraw(store, clock, "presence/ip")

        cases.refresh(store, JOB, clock)

        assert only(store, clock).human_required

    def test_a_case_is_supported_by_any_of_its_accounts_whichever_was_touched(
        self, store: Store, clock: FixedClock
    ) -> None:
        refresh(
            store,
            clock,
            shared("device/x", ("a-1", "b-1"), strength=Strength.STOP),
            finding("network/a", account="b-1"),
            finding("payment/b", account="b-1"),
        )
        withdraw(store, clock, "device/x")
        cases.refresh(store, JOB, clock)
        assert only(store, clock).supported

        refresh(store, clock, finding("network/a", account="a-1", strength=Strength.WEAK))

        assert only(store, clock).supported, "b-1 still qualifies although only a-1 was touched"

    def test_an_account_that_a_shared_finding_no_longer_names_leaves_its_case(
        self, store: Store, clock: FixedClock
    ) -> None:
        refresh(store, clock, shared("device/x", TWELVE, strength=Strength.STOP))

        refresh(store, clock, shared("device/x", TWELVE[:6], strength=Strength.STOP))

        case = only(store, clock)
        assert case.accounts == TWELVE[:6]
        assert cases.of_account(store, TWELVE[7]) is None
        assert verbs(store, case)[-1] == "left"
        assert audit.verify(store).problems == []
        assert refresh(store, clock).changed == 0

    def test_whoever_left_and_is_found_again_gets_a_case_with_an_id_of_its_own(
        self, store: Store, clock: FixedClock
    ) -> None:
        refresh(store, clock, shared("device/x", TWELVE[:3], strength=Strength.STOP))
        first = only(store, clock)
        refresh(store, clock, shared("device/x", TWELVE[1:3], strength=Strength.STOP))

        refresh(store, clock, finding("network/a", account=TWELVE[0], strength=Strength.STOP))

        again = cases.of_account(store, TWELVE[0])
        assert again is not None
        assert again.case_id != first.case_id
        assert cases.get(store, first.case_id).accounts == TWELVE[1:3]


class TestReopening:
    @pytest.fixture(autouse=True)
    def _settled(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        decided(store, only(store, clock), clock)
        assert only(store, clock).status is CaseStatus.CLOSED

    def test_a_new_finding_reopens(self, store: Store, clock: FixedClock) -> None:
        done = refresh(store, clock, finding("device/c"))

        case = only(store, clock)
        assert (done.reopened, case.status) == (1, CaseStatus.OPEN)
        assert "reopened" in verbs(store, case)

    def test_a_change_of_a_known_finding_does_not(self, store: Store, clock: FixedClock) -> None:
        changed = finding("network/a", count=9, strength=Strength.STRONG)

        done = refresh(store, clock, changed)

        assert (done.reopened, only(store, clock).status) == (0, CaseStatus.CLOSED)

    def test_a_known_finding_that_becomes_a_stop_reopens_with_a_hold(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("network/a", strength=Strength.STOP))

        case = only(store, clock)
        assert (case.status, case.human_required) == (CaseStatus.OPEN, True)

    def test_context_does_not(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("device/c", strength=Strength.CONTEXT))

        assert only(store, clock).status is CaseStatus.CLOSED

    def test_a_finding_that_comes_back_is_not_new(self, store: Store, clock: FixedClock) -> None:
        withdraw(store, clock, "payment/b")
        cases.refresh(store, JOB, clock)

        done = refresh(store, clock, *BOTH)

        assert (done.reopened, only(store, clock).status) == (0, CaseStatus.CLOSED)

    def test_a_new_finding_that_does_not_suffice_yet_counts_when_it_does(self, store: Store, clock: FixedClock) -> None:
        withdraw(store, clock, "payment/b")
        withdraw(store, clock, "network/a")
        assert refresh(store, clock, finding("device/c")).reopened == 0

        done = refresh(store, clock, *BOTH)

        assert done.reopened == 1

    def test_a_settled_case_stays_apart_until_it_has_new_evidence(self, store: Store, clock: FixedClock) -> None:
        settled = only(store, clock)
        clock.advance(timedelta(hours=1))
        refresh(store, clock, finding("network/a", account="b-1"), finding("payment/b", account="b-1"))
        assert len(all_cases(store, clock)) == 2

        refresh(store, clock, shared("device/x", ("a-1", "b-1")))

        joined = cases.of_account(store, "b-1")
        assert joined is not None
        assert (joined.case_id, joined.accounts, joined.status) == (
            settled.case_id,
            ("a-1", "b-1"),
            CaseStatus.OPEN,
        )


class TestHolds:
    def test_a_hold_that_runs_out_escalates_and_is_set_again(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        clock.advance(timedelta(hours=72))

        done = cases.refresh(store, JOB, clock)

        case = only(store, clock)
        assert done.escalated == 1
        assert (case.status, case.priority, case.escalations) == (CaseStatus.OPEN, 100, 1)
        assert case.hold_expires == clock.now() + timedelta(hours=72)
        assert case.human_required, "an unanswered hold neither clears nor refuses"

    def test_it_does_so_again_and_again_but_once_each(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        for _ in range(3):
            clock.advance(timedelta(hours=73))
            assert cases.refresh(store, JOB, clock).escalated == 1
            assert cases.refresh(store, JOB, clock).escalated == 0

        assert only(store, clock).escalations == 3

    def test_it_runs_on_while_a_decision_waits_for_a_second_person(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        decided(store, only(store, clock), clock, Outcome.TRUE, Action.SUSPEND, "sanctioned_territory")
        clock.advance(timedelta(hours=72))

        assert cases.refresh(store, JOB, clock).escalated == 1
        assert only(store, clock).status is CaseStatus.WAITING_APPROVAL

    def test_a_decision_ends_it(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        decided(store, only(store, clock), clock, Outcome.FALSE, Action.NONE, "stale_or_wrong_data")
        clock.advance(timedelta(days=30))

        assert cases.refresh(store, JOB, clock).escalated == 0
        assert only(store, clock).hold_expires is None

    def test_it_escalates_although_new_evidence_comes_at_the_same_time(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, finding("presence/ip", strength=Strength.STOP))
        clock.advance(timedelta(hours=72))

        done = refresh(store, clock, finding("device/c"))

        case = only(store, clock)
        assert (done.changed, done.escalated, case.priority) == (1, 1, 100)
        assert verbs(store, case)[-2:] == ["evidence added", "escalated"]


class TestWaitingApproval:
    def test_new_evidence_is_added_without_disturbing_the_decision(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        decided(store, only(store, clock), clock, Outcome.TRUE, Action.SUSPEND, "false_identity")

        refresh(store, clock, finding("device/c"))

        case = only(store, clock)
        assert (case.status, len(case.findings)) == (CaseStatus.WAITING_APPROVAL, 3)
        assert cases.approve(store, BERT, case.case_id, clock=clock).state.value == "final"


STEPS = st.lists(FINDINGS, min_size=1, max_size=4)


def supported(store: Store, clock: FixedClock) -> set[tuple[str, ...]]:
    """Which accounts stand together in a case that is supported, and with how many bits."""
    return {case.accounts for case in all_cases(store, clock) if case.supported}


@pytest.fixture(scope="module")
def fresh(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Callable[[ExitStack], Store]:
    def make(stack: ExitStack) -> Store:
        return stack.enter_context(stores.store(tmp_path_factory.mktemp("law") / "ws"))

    return make


class TestLaws:
    @given(steps=STEPS)
    @settings(deadline=None, max_examples=25)
    def test_reading_in_steps_covers_what_reading_at_once_covers(
        self, fresh: Callable[[ExitStack], Store], steps: list[list[Finding]]
    ) -> None:
        clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
        with ExitStack() as stack:
            stepwise, at_once = fresh(stack), fresh(stack)
            for step in steps:
                refresh(stepwise, clock, *step)
                tell(at_once, clock, *step)
            cases.refresh(at_once, JOB, clock)

            members = {a for accounts in supported(stepwise, clock) for a in accounts}
            for case in all_cases(at_once, clock):
                assert set(case.accounts) <= members, "whoever qualifies now is in a supported case"
            assert audit.verify(stepwise).problems == []
            assert cases.refresh(stepwise, JOB, clock).changed == 0

    @given(steps=STEPS)
    @settings(deadline=None, max_examples=25)
    def test_an_account_stands_in_one_open_case_only(
        self, fresh: Callable[[ExitStack], Store], steps: list[list[Finding]]
    ) -> None:
        clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
        with ExitStack() as stack:
            store = fresh(stack)
            for step in steps:
                refresh(store, clock, *step)
                clock.advance(timedelta(hours=1))
                active = [case for case in all_cases(store, clock) if case.status is not CaseStatus.MERGED]
                members = [account for case in active for account in case.accounts]
                assert len(members) == len(set(members))
                for case in active:
                    for account in case.accounts:
                        assert cases.of_account(store, account) == case
