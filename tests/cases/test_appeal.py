"""An appeal is heard in time by somebody else; it is never taken as refused, and no complaint unblocks by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cases.test_clocks import IN_FORCE
from tests.cases.test_decide import decide
from tests.cases.test_refresh import BOTH, only, refresh, verbs
from tests.made import ANNA, BERT
from vedette import audit, cases
from vedette.base import ContentError, FixedClock, Principal, PrincipalKind
from vedette.cases import Action, Case, CaseError, CaseStatus, Outcome
from vedette.cases.appeal import answer, appeal, appeals, read_redress, redress
from vedette.cases.read import content
from vedette.cases.store import appeal_texts
from vedette.cases.words import AppealState
from vedette.store import Store

CARA = Principal(PrincipalKind.PERSON, "cara")
TEXT = "I am another Ms Example."


@pytest.fixture
def blocked(store: Store, clock: FixedClock) -> Case:
    refresh(store, clock, *BOTH)
    harm = {"outcome": Outcome.TRUE, "action": Action.BLOCK_PROPERTY, "reason_code": "listed_party"}
    decide(store, clock, only(store, clock), **harm, versions=IN_FORCE)
    cases.approve(store, BERT, only(store, clock).case_id, clock=clock)
    return only(store, clock)


class TestAppeal:
    def test_sealed_with_a_day_until_which_it_is_answered(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        made = appeal(store, CARA, blocked.case_id, TEXT, clock=clock)

        assert (made.due_on, made.state) == ("2026-03-15", AppealState.OPEN)
        assert appeal_texts(store, made.appeal_id) == (TEXT, None)
        assert verbs(store, blocked)[-1] == "appealed"
        with store.database.reading() as connection:
            assert b"Example" not in repr(connection.exec_driver_sql("SELECT * FROM case_appeal").all()).encode()
        assert audit.verify(store).problems == []

    def test_overdue_it_says_so_and_is_not_refused(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        appeal(store, CARA, blocked.case_id, TEXT, clock=clock)
        clock.advance(timedelta(days=15))

        (row,) = [item.row(clock.now()) for item in appeals(store)]

        assert (row["overdue"], row["days_left"], row["state"]) == (True, -1, "open")

    def test_only_against_a_decision_and_one_at_a_time(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        with pytest.raises(CaseError, match="a text"):
            appeal(store, CARA, blocked.case_id, " ", clock=clock)
        appeal(store, CARA, blocked.case_id, TEXT, clock=clock)
        with pytest.raises(CaseError, match="is open"):
            appeal(store, CARA, blocked.case_id, TEXT, clock=clock)

    def test_an_undecided_case_has_nothing_to_appeal_against(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)

        with pytest.raises(CaseError, match="no decision"):
            appeal(store, CARA, only(store, clock).case_id, TEXT, clock=clock)


class TestAnswer:
    @pytest.mark.parametrize("who", [ANNA, BERT, Principal(PrincipalKind.COMMAND_LINE, "Anna")])
    def test_never_by_those_who_made_or_approved_the_decision(
        self, store: Store, clock: FixedClock, blocked: Case, who: Principal
    ) -> None:
        made = appeal(store, CARA, blocked.case_id, TEXT, clock=clock)

        with pytest.raises(CaseError, match="does not judge"):
            answer(store, who, made.appeal_id, changed=False, note="It stands.", clock=clock)

    def test_upheld_the_decision_stands(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        made = appeal(store, CARA, blocked.case_id, TEXT, clock=clock)

        answer(store, CARA, made.appeal_id, changed=False, note="Two identifiers agree.", clock=clock)

        assert only(store, clock).status is CaseStatus.DECIDED
        assert appeals(store) == []
        assert appeal_texts(store, made.appeal_id) == (TEXT, "Two identifiers agree.")

    def test_changed_the_case_is_open_again_and_what_the_law_blocks_stays_blocked(
        self, store: Store, clock: FixedClock, blocked: Case
    ) -> None:
        made = appeal(store, CARA, blocked.case_id, TEXT, clock=clock)

        answer(store, CARA, made.appeal_id, changed=True, note="Birth dates differ.", clock=clock)

        again = only(store, clock)
        assert (again.status, again.version) == (CaseStatus.OPEN, blocked.version + 1)
        assert len(cases.frozen(store)) == 1
        with pytest.raises(CaseError, match="is changed"):
            answer(store, CARA, made.appeal_id, changed=False, note="x", clock=clock)
        assert audit.verify(store).problems == []


class TestRedress:
    def test_says_what_may_be_corrected_and_what_not(self) -> None:
        told = redress().as_json()

        assert told["answer_days"] == 14
        assert len(redress().correctable) >= 5
        assert "authority" in redress().not_correctable[0][1]

    def test_is_read_strictly(self) -> None:
        with pytest.raises(ContentError):
            read_redress(content("redress.yml").replace("how:", "hwo:", 1), "redress.yml")
