"""A decision names what was shown, gives its reason, and waits for a second person where it harms a customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_refresh import BOTH, refresh, verbs
from tests.made import ANNA, BERT, JOB, finding
from vedette import approvals, audit, cases
from vedette.audit.store import leaves
from vedette.base import FixedClock, Principal, PrincipalKind, Strength
from vedette.cases import Action, Case, CaseError, CaseStatus, Outcome, StaleCase
from vedette.cases.model import CaseHeld, Decision, DecisionState
from vedette.cases.store import decisions, note
from vedette.store import Store

NOTE = "Birth dates differ by thirty years; called Ms Example."


@pytest.fixture
def case(store: Store, clock: FixedClock) -> Case:
    refresh(store, clock, *BOTH)
    (found,) = cases.list_cases(store, now=clock.now())
    return found


@pytest.fixture
def stopped(store: Store, clock: FixedClock) -> Case:
    refresh(store, clock, finding("presence/ip", account="s-1", strength=Strength.STOP))
    found = cases.of_account(store, "s-1")
    assert found is not None
    return found


def decide(store: Store, clock: FixedClock, case: Case, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "principal": ANNA,
        "outcome": Outcome.FALSE,
        "action": Action.NONE,
        "reason_code": "namesake",
        "note": NOTE,
        "expected_version": case.version,
        "versions": {"list/us_ofac_sdn": "2024-05-03"},
        **changes,
    }
    order = ("principal", "outcome", "action", "reason_code", "note")
    principal, *rest = (values.pop(name) for name in order)
    return cases.decide(store, principal, case.case_id, *rest, clock=clock, **values)


def suspended(store: Store, clock: FixedClock, case: Case) -> Decision:
    return decide(store, clock, case, outcome=Outcome.TRUE, action=Action.SUSPEND, reason_code="false_identity")


def log_text(store: Store) -> str:
    with store.database.reading() as connection:
        return b"\n".join(body for _, body, _ in leaves(connection)).decode()


class TestDecide:
    def test_a_false_alarm_closes_the_case(self, store: Store, clock: FixedClock, case: Case) -> None:
        made = decide(store, clock, case)

        after = cases.get(store, case.case_id)
        assert made.state is DecisionState.FINAL
        assert (after.status, after.version, after.decision_id) == (CaseStatus.CLOSED, 2, made.decision_id)

    def test_a_harmless_action_takes_effect_at_once(self, store: Store, clock: FixedClock, case: Case) -> None:
        made = decide(
            store,
            clock,
            case,
            outcome=Outcome.UNDETERMINED,
            action=Action.ASK,
            reason_code="awaiting_answer",
        )

        assert made.state is DecisionState.FINAL
        assert cases.get(store, case.case_id).status is CaseStatus.DECIDED

    def test_what_was_known_and_in_force_is_kept(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)

        (kept,) = decisions(store, case.case_id)
        assert kept.findings == case.findings
        assert kept.case_version == 1
        assert kept.versions["list/us_ofac_sdn"] == "2024-05-03"
        for name in ("cases/opening.yml", "cases/reasons.yml", "approvals/actions.yml"):
            assert store.archive.has(str(kept.versions[name])), f"{name} can be read again for a replay"

    def test_the_note_is_sealed_and_never_in_the_log(self, store: Store, clock: FixedClock, case: Case) -> None:
        made = decide(store, clock, case)

        assert note(store, made.decision_id) == NOTE
        assert "Example" not in log_text(store)
        with store.database.reading() as connection:
            for table in ("case_note", "case_decision", "case_event", "case_file"):
                stored = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
                assert b"Example" not in repr(stored).encode()

    def test_the_leaf_names_ids_and_codes(self, store: Store, clock: FixedClock, case: Case) -> None:
        made = decide(store, clock, case)

        leaf = json.loads(log_text(store).splitlines()[-1])
        assert leaf["act"] == "cases.decide"
        assert leaf["principal"] == {"kind": "person", "id": "anna"}
        assert leaf["facts"]["case_id"] == case.case_id
        assert leaf["facts"]["decision"] == made.decision_id
        assert (leaf["facts"]["outcome"], leaf["facts"]["reason_code"]) == ("false", "namesake")
        assert audit.verify(store).problems == []

    def test_shredding_a_note_leaves_the_decision_provable(self, store: Store, clock: FixedClock, case: Case) -> None:
        from vedette.cases.store import NOTE as NOTES

        made = decide(store, clock, case)
        with audit.writing(store, ANNA, "shred", clock=clock) as act:
            act.delete(NOTES, [{"decision_id": made.decision_id}])

        assert note(store, made.decision_id) is None
        assert audit.verify(store).problems == []

    @pytest.mark.parametrize(
        ("why", "changes", "problem"),
        [
            ("an unknown reason", {"reason_code": "because"}, "no reason code"),
            ("a reason of another outcome", {"reason_code": "listed_party"}, "does not fit"),
            ("no note", {"note": "  \n"}, "needs a note"),
            ("an endless note", {"note": "x" * 20_001}, "longer than"),
            ("harm where nothing was true", {"action": Action.SUSPEND}, "nothing was true"),
            ("a stale version", {"expected_version": 0}, "you looked at version 0"),
            ("a job", {"principal": JOB}, "no person"),
            ("an API key", {"principal": Principal(PrincipalKind.KEY, "k-1")}, "no person"),
        ],
    )
    def test_refusals_leave_no_trace(
        self, store: Store, clock: FixedClock, case: Case, why: str, changes: dict[str, Any], problem: str
    ) -> None:
        before = audit.verify(store).leaves

        with pytest.raises(CaseError, match=problem):
            decide(store, clock, case, **changes)

        assert cases.get(store, case.case_id) == case, why
        assert audit.verify(store).leaves == before

    def test_new_evidence_makes_an_older_look_stale(self, store: Store, clock: FixedClock, case: Case) -> None:
        refresh(store, clock, finding("device/c"))

        with pytest.raises(StaleCase, match="cases show"):
            decide(store, clock, case)

    def test_a_claim_by_another_is_respected(self, store: Store, clock: FixedClock, case: Case) -> None:
        cases.claim(store, BERT, case.case_id, clock=clock)

        with pytest.raises(CaseHeld, match="person:bert"):
            decide(store, clock, case)

        clock.advance(timedelta(minutes=60))
        assert decide(store, clock, case).state is DecisionState.FINAL

    def test_a_stop_is_not_let_go_undetermined(self, store: Store, clock: FixedClock, stopped: Case) -> None:
        with pytest.raises(CaseError, match="cannot be let go"):
            decide(store, clock, stopped, outcome=Outcome.UNDETERMINED, reason_code="evidence_insufficient")

        assert cases.get(store, stopped.case_id).human_required

    def test_a_later_decision_replaces_the_standing_one(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)
        clock.advance(timedelta(days=1))
        again = cases.get(store, case.case_id)

        decide(store, clock, again, outcome=Outcome.USEFUL, action=Action.PRESERVE, reason_code="suspicious_unproven")

        assert [item.state.value for item in decisions(store, case.case_id)] == ["replaced", "final"]

    def test_an_unknown_case_is_said(self, store: Store, clock: FixedClock, case: Case) -> None:
        with pytest.raises(CaseError, match="no case"):
            cases.approve(store, BERT, "case_nothing", clock=clock)


class TestSecondPerson:
    @pytest.mark.parametrize(
        "action", [Action.SUSPEND, Action.REJECT, Action.BLOCK_PROPERTY, Action.UNBLOCK, Action.REPORT]
    )
    def test_adverse_actions_wait(self, store: Store, clock: FixedClock, case: Case, action: Action) -> None:
        made = decide(store, clock, case, outcome=Outcome.TRUE, action=action, reason_code="listed_party")

        assert made.state is DecisionState.WAITING
        assert cases.get(store, case.case_id).status is CaseStatus.WAITING_APPROVAL

    def test_the_second_person_makes_it_final(self, store: Store, clock: FixedClock, case: Case) -> None:
        suspended(store, clock, case)

        made = cases.approve(store, BERT, case.case_id, clock=clock)

        after = cases.get(store, case.case_id)
        assert (made.state, after.status, after.human_required) == (DecisionState.FINAL, CaseStatus.DECIDED, False)
        assert verbs(store, after) == ["opened", "decided", "approved"]

    @pytest.mark.parametrize(
        "maker", [ANNA, Principal(PrincipalKind.COMMAND_LINE, "anna"), Principal(PrincipalKind.PERSON, "Anna")]
    )
    def test_the_maker_can_never_approve_by_any_door(
        self, store: Store, clock: FixedClock, case: Case, maker: Principal
    ) -> None:
        suspended(store, clock, case)

        with pytest.raises(approvals.NotAllowed):
            cases.approve(store, maker, case.case_id, clock=clock)

        assert cases.get(store, case.case_id).status is CaseStatus.WAITING_APPROVAL

    def test_a_rejection_opens_the_case_again_with_its_hold(
        self, store: Store, clock: FixedClock, stopped: Case
    ) -> None:
        suspended(store, clock, stopped)

        made = cases.reject(store, BERT, stopped.case_id, clock=clock)

        after = cases.get(store, stopped.case_id)
        assert made.state is DecisionState.REJECTED
        assert (after.status, after.human_required, after.hold_expires) == (
            CaseStatus.OPEN,
            True,
            stopped.hold_expires,
        )

    def test_nothing_can_be_decided_while_one_waits(self, store: Store, clock: FixedClock, case: Case) -> None:
        suspended(store, clock, case)

        with pytest.raises(CaseError, match="already waits"):
            decide(store, clock, cases.get(store, case.case_id), principal=BERT)

    def test_the_standing_decision_stands_until_the_next_is_approved(
        self, store: Store, clock: FixedClock, case: Case
    ) -> None:
        decide(store, clock, case)
        suspended(store, clock, cases.get(store, case.case_id))
        assert [item.state.value for item in decisions(store, case.case_id)] == ["final", "waiting"]

        cases.approve(store, BERT, case.case_id, clock=clock)

        assert [item.state.value for item in decisions(store, case.case_id)] == ["replaced", "final"]

    def test_nothing_waits_nothing_to_approve(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)

        with pytest.raises(CaseError, match="waits for no approval"):
            cases.approve(store, BERT, case.case_id, clock=clock)


class TestUndo:
    def test_a_slip_is_taken_back_within_ten_seconds(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)
        clock.advance(timedelta(seconds=10))

        after = cases.undo(store, ANNA, case.case_id, clock=clock)

        assert (after.status, after.decision_id) == (CaseStatus.OPEN, None)
        assert [item.state for item in decisions(store, case.case_id)] == [DecisionState.UNDONE]

    def test_not_later(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)
        clock.advance(timedelta(seconds=10, microseconds=1))

        with pytest.raises(CaseError, match="time to undo has passed"):
            cases.undo(store, ANNA, case.case_id, clock=clock)

    def test_not_by_another(self, store: Store, clock: FixedClock, case: Case) -> None:
        decide(store, clock, case)

        with pytest.raises(CaseError, match="only the person who decided"):
            cases.undo(store, BERT, case.case_id, clock=clock)

    def test_a_waiting_request_is_withdrawn_with_it(self, store: Store, clock: FixedClock, case: Case) -> None:
        suspended(store, clock, case)

        cases.undo(store, ANNA, case.case_id, clock=clock)

        assert approvals.waiting(store) == []
        with pytest.raises(CaseError):
            cases.approve(store, BERT, case.case_id, clock=clock)

    def test_what_a_second_person_approved_is_final(self, store: Store, clock: FixedClock, case: Case) -> None:
        suspended(store, clock, case)
        cases.approve(store, BERT, case.case_id, clock=clock)

        with pytest.raises(CaseError, match="made this decision final"):
            cases.undo(store, ANNA, case.case_id, clock=clock)

    def test_the_hold_is_back_as_it_was(self, store: Store, clock: FixedClock, stopped: Case) -> None:
        decide(store, clock, stopped, reason_code="stale_or_wrong_data")

        after = cases.undo(store, ANNA, stopped.case_id, clock=clock)

        assert (after.human_required, after.hold_expires) == (True, stopped.hold_expires)

    def test_the_decision_before_stands_again(self, store: Store, clock: FixedClock, case: Case) -> None:
        first = decide(store, clock, case)
        decide(store, clock, cases.get(store, case.case_id), reason_code="travel_or_move")

        after = cases.undo(store, ANNA, case.case_id, clock=clock)

        assert (after.status, after.decision_id) == (CaseStatus.CLOSED, first.decision_id)
        assert [item.state.value for item in decisions(store, case.case_id)] == ["final", "undone"]


class TestClaim:
    def test_the_first_gets_it_for_an_hour(self, store: Store, clock: FixedClock, case: Case) -> None:
        answer = cases.claim(store, ANNA, case.case_id, clock=clock)

        assert (answer.given, answer.held_by, answer.also_viewing) == (True, "person:anna", ())
        assert answer.until == clock.now() + timedelta(minutes=60)
        assert cases.get(store, case.case_id).row(clock.now())["status"] == "claimed"

    def test_the_second_learns_who_and_the_first_learns_of_the_second(
        self, store: Store, clock: FixedClock, case: Case
    ) -> None:
        cases.claim(store, ANNA, case.case_id, clock=clock)

        second = cases.claim(store, BERT, case.case_id, clock=clock)
        renewed = cases.claim(store, ANNA, case.case_id, clock=clock)

        assert (second.given, second.held_by) == (False, "person:anna")
        assert renewed.also_viewing == ("person:bert",)

    def test_an_unused_claim_goes_back_to_the_queue(self, store: Store, clock: FixedClock, case: Case) -> None:
        cases.claim(store, ANNA, case.case_id, clock=clock)
        clock.advance(timedelta(minutes=60))

        assert cases.get(store, case.case_id).row(clock.now())["status"] == "open"
        assert cases.claim(store, BERT, case.case_id, clock=clock).given

    def test_a_claim_does_not_age_what_others_saw(self, store: Store, clock: FixedClock, case: Case) -> None:
        cases.claim(store, ANNA, case.case_id, clock=clock)

        assert decide(store, clock, case).state is DecisionState.FINAL

    def test_settled_cases_and_machines_cannot(self, store: Store, clock: FixedClock, case: Case) -> None:
        with pytest.raises(CaseError, match="no person"):
            cases.claim(store, JOB, case.case_id, clock=clock)
        decide(store, clock, case)
        with pytest.raises(CaseError, match="closed"):
            cases.claim(store, ANNA, case.case_id, clock=clock)


class TestSnooze:
    def test_it_always_wakes(self, store: Store, clock: FixedClock, case: Case) -> None:
        cases.snooze(store, ANNA, case.case_id, clock.now() + timedelta(days=7), clock=clock)
        assert cases.get(store, case.case_id).status_at(clock.now()) is CaseStatus.SNOOZED

        clock.advance(timedelta(days=7))

        assert cases.get(store, case.case_id).status_at(clock.now()) is CaseStatus.OPEN

    @pytest.mark.parametrize("days", [0, -1, 31, 4000])
    def test_neither_into_the_past_nor_for_ever(self, store: Store, clock: FixedClock, case: Case, days: int) -> None:
        with pytest.raises(CaseError, match="not for ever"):
            cases.snooze(store, ANNA, case.case_id, clock.now() + timedelta(days=days), clock=clock)

    def test_a_hold_does_not_sleep_past_its_expiry(self, store: Store, clock: FixedClock, stopped: Case) -> None:
        with pytest.raises(CaseError):
            cases.snooze(store, ANNA, stopped.case_id, clock.now() + timedelta(hours=73), clock=clock)


class TestDecisionsAtOnce:
    @pytest.fixture
    def lookers(self) -> Iterator[tuple[Principal, ...]]:
        yield tuple(Principal(PrincipalKind.PERSON, f"p{n}") for n in range(8))

    def test_of_many_who_saw_the_same_version_one_decides(
        self, store: Store, clock: FixedClock, case: Case, lookers: tuple[Principal, ...]
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor

        def attempt(who: Principal) -> bool:
            try:
                decide(store, clock, case, principal=who)
            except StaleCase:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(attempt, lookers))

        assert sum(results) == 1
        assert len(decisions(store, case.case_id)) == 1
        assert audit.verify(store).problems == []
