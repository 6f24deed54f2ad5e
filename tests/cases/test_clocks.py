"""Legal clocks: the day they end, what starts them, and that they only ever tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cases.test_decide import decide
from tests.cases.test_refresh import BOTH, only, refresh
from tests.made import ANNA, BERT
from vedette import audit, cases
from vedette.base import ContentError, FixedClock
from vedette.cases import Action, Case, CaseError, Outcome
from vedette.cases.holidays import federal, last_day, read_holidays
from vedette.cases.read import content
from vedette.store import Store

RULE = "us_ofac_block_reject_report"
IN_FORCE = {f"policy/{RULE}": "0123456789abcdef"}


class TestHolidays:
    @pytest.mark.parametrize(
        ("year", "days"),
        [
            (2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"),
            (2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"),
            (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
            (2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24"),
        ],
    )
    def test_the_days_that_are_kept(self, year: int, days: str) -> None:
        assert federal().of(year) == {date.fromisoformat(f"{year}-{day}") for day in days.split()}

    def test_a_new_year_s_day_on_a_saturday_is_kept_the_year_before(self) -> None:
        assert not federal().counts(date(2027, 12, 31))

    @pytest.mark.parametrize(
        ("start", "unit", "number", "end"),
        [
            ("2026-03-02", "business days", 10, "2026-03-16"),
            ("2026-03-06", "business days", 1, "2026-03-09"),
            ("2026-03-07", "business days", 1, "2026-03-09"),
            ("2026-12-18", "business days", 10, "2027-01-05"),
            ("2026-06-26", "business days", 10, "2026-07-13"),
            ("2026-03-02", "calendar days", 15, "2026-03-17"),
            ("2026-01-31", "days", 30, "2026-03-02"),
        ],
    )
    def test_last_days(self, start: str, unit: str, number: int, end: str) -> None:
        assert last_day(date.fromisoformat(start), number, unit, federal()) == date.fromisoformat(end)

    def test_years_are_no_term(self) -> None:
        with pytest.raises(ValueError, match="no term"):
            last_day(date(2026, 1, 1), 10, "years", federal())

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("month: 6, day: 19", "month: 6, day: 31"),
            ("weekday: thursday", "weekday: thorsday"),
            ("number: 4", "number: 5"),
            ("fixed:", "fixd:"),
        ],
    )
    def test_they_are_read_strictly(self, old: str, new: str) -> None:
        with pytest.raises(ContentError):
            read_holidays(content("holidays.yml").replace(old, new), "holidays.yml")


@pytest.fixture
def case(store: Store, clock: FixedClock) -> Case:
    refresh(store, clock, *BOTH)
    return only(store, clock)


@pytest.fixture
def blocked(store: Store, clock: FixedClock, case: Case) -> Case:
    decide(
        store,
        clock,
        case,
        outcome=Outcome.TRUE,
        action=Action.BLOCK_PROPERTY,
        reason_code="listed_party",
        versions=IN_FORCE,
    )
    return cases.get(store, case.case_id)


class TestBlocking:
    def test_nothing_starts_while_a_second_person_is_awaited(self, store: Store, blocked: Case) -> None:
        assert (cases.clocks(store), cases.frozen(store)) == ([], [])

    def test_agreed_it_freezes_and_starts_the_clock(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        cases.approve(store, BERT, blocked.case_id, clock=clock)

        (running,) = cases.clocks(store)
        row = running.row(clock.now())
        assert (row["rule"], row["required"], row["due_on"]) == (RULE, True, "2026-03-13")
        (freeze,) = [item.as_json() for item in cases.frozen(store)]
        assert (freeze["account_id"], freeze["service"], freeze["balance"]) == ("a-1", "frozen", "frozen")
        assert freeze["refund_allowed"] is False
        assert audit.verify(store).problems == []

    def test_unblocking_releases(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        cases.approve(store, BERT, blocked.case_id, clock=clock)
        current = cases.get(store, blocked.case_id)
        decide(store, clock, current, outcome=Outcome.FALSE, action=Action.UNBLOCK, reason_code="delisted")
        assert len(cases.frozen(store)) == 1, "not before the second person"

        cases.approve(store, BERT, blocked.case_id, clock=clock)

        assert cases.frozen(store) == []
        assert cases.frozen(store, everything=True)[0].as_json()["service"] == "released"

    def test_it_is_due_by_the_earlier_of_two_days(self, store: Store, case: Case, blocked: Case) -> None:
        cases.approve(store, BERT, case.case_id, clock=FixedClock(datetime(2026, 3, 3, 2, tzinfo=UTC)))

        assert cases.clocks(store)[0].due_on == "2026-03-16", "in New York it is still the second of March"

    def test_overdue_it_tells_and_does_nothing_else(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        cases.approve(store, BERT, blocked.case_id, clock=clock)
        before = cases.get(store, blocked.case_id)
        clock.advance(timedelta(days=14))

        row = cases.clocks(store)[0].row(clock.now())

        assert (row["overdue"], row["days_left"]) == (True, -2)
        assert cases.get(store, blocked.case_id) == before

    def test_met_with_a_reference_it_rests(self, store: Store, clock: FixedClock, blocked: Case) -> None:
        cases.approve(store, BERT, blocked.case_id, clock=clock)
        (running,) = cases.clocks(store)
        with pytest.raises(CaseError, match="reference"):
            cases.meet(store, ANNA, running.clock_id, " ", clock=clock)

        cases.meet(store, ANNA, running.clock_id, "ORS-2026-17", clock=clock)

        assert cases.clocks(store) == []
        assert cases.clocks(store, everything=True)[0].reference == "ORS-2026-17"
        with pytest.raises(CaseError, match="met"):
            cases.meet(store, ANNA, running.clock_id, "again", clock=clock)


class TestByHand:
    def test_a_proposed_rule_is_labelled_and_starts_only_by_hand(
        self, store: Store, clock: FixedClock, case: Case
    ) -> None:
        decide(store, clock, case, versions={"policy/us_bis_iaas_training_report": "x"})
        assert cases.clocks(store) == []

        made = cases.start(store, ANNA, case.case_id, "us_bis_iaas_training_report", clock=clock)

        row = made.row(clock.now())
        assert (row["status_of_rule"], row["required"], row["due_on"]) == ("proposed", False, "2026-03-16")

    def test_an_undecided_case_starts_none(self, store: Store, clock: FixedClock, case: Case) -> None:
        with pytest.raises(CaseError, match="undecided"):
            cases.start(store, ANNA, case.case_id, "us_bis_iaas_training_report", clock=clock)
