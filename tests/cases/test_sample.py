"""The weekly sample: nobody chooses it, anybody can draw it again, and what it finds missing counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cases.test_decide import decide
from tests.cases.test_refresh import BOTH, only, refresh
from tests.made import ANNA, BERT, JOB, finding
from vedette import audit, cases
from vedette.base import FixedClock, digest
from vedette.cases import CaseError, CaseStatus, Outcome
from vedette.cases.quality import Quality, quality
from vedette.cases.sample import chosen, draw, judge, missed, second_opinion, to_judge, week_of
from vedette.cases.store import sample_items
from vedette.cases.words import SampleItem
from vedette.store import Store

WEEK = "2026-W09"
PEOPLE = [f"p-{number:03d}" for number in range(200)]


class TestChosen:
    def test_the_same_seed_draws_the_same_whatever_the_order(self) -> None:
        assert chosen("s", PEOPLE, 30) == chosen("s", PEOPLE[::-1], 30)
        assert chosen("s", PEOPLE, 30) != chosen("t", PEOPLE, 30)

    def test_everybody_has_the_same_chance(self) -> None:
        drawn = [account for seed in range(400) for account in chosen(str(seed), PEOPLE, 20)]
        counts = [drawn.count(account) for account in PEOPLE]

        assert 12 < min(counts) <= max(counts) < 75, "40 expected each; six standard deviations either way"

    @pytest.mark.parametrize(("day", "week"), [((2026, 3, 1), "2026-W09"), ((2027, 1, 1), "2026-W53")])
    def test_weeks(self, day: tuple[int, int, int], week: str) -> None:
        assert week_of(datetime(*day, tzinfo=UTC).date()) == week


class TestDraw:
    def test_accounts_without_a_case_by_a_seed_that_nobody_chose(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)

        made, items = draw(store, ANNA, WEEK, 30, [*PEOPLE, "a-1"], clock=clock)

        assert (made.population, made.size, len(items)) == (200, 30, 30)
        assert made.seed == digest("vedette weekly sample", WEEK, made.log_head).hex()
        assert [item.account_id for item in items] == chosen(made.seed, PEOPLE, 30)
        assert made.population_hash == digest(*PEOPLE).hex()
        assert audit.verify(store).problems == []

    def test_a_week_is_drawn_once(self, store: Store, clock: FixedClock) -> None:
        draw(store, ANNA, WEEK, 30, PEOPLE, clock=clock)

        with pytest.raises(CaseError, match="has been drawn"):
            draw(store, BERT, WEEK, 30, PEOPLE, clock=clock)

    @pytest.mark.parametrize(
        ("week", "size", "told"),
        [
            ("2026-W10", 30, "not begun"),
            ("2026-9", 30, "no week"),
            ("2025-W53", 30, "does not exist"),
            (WEEK, 0, "1 to 1000"),
        ],
    )
    def test_wrong_weeks(self, store: Store, clock: FixedClock, week: str, size: int, told: str) -> None:
        with pytest.raises(CaseError, match=told):
            draw(store, ANNA, week, size, PEOPLE, clock=clock)

    def test_a_job_does_not_draw_and_nobody_draws_from_nothing(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(CaseError, match="no person"):
            draw(store, JOB, WEEK, 3, PEOPLE, clock=clock)
        with pytest.raises(CaseError, match="outside cases"):
            draw(store, ANNA, WEEK, 3, [], clock=clock)


class TestJudge:
    def test_a_miss_opens_a_case_and_counts(self, store: Store, clock: FixedClock) -> None:
        made, items = draw(store, ANNA, WEEK, 5, PEOPLE, clock=clock)
        for item, verdict in zip(items, (Outcome.TRUE, Outcome.FALSE, Outcome.UNDETERMINED), strict=False):
            judge(store, ANNA, WEEK, item.account_id, verdict, "looked at everything held", clock=clock)

        told = missed(made, _items(store))

        assert (told.judged, told.waiting, told.undetermined) == (3, 2, 1)
        assert (told.share.hits, told.as_json()["missed_accounts"]) == (1, 67)
        opened = cases.of_account(store, items[0].account_id)
        assert opened is not None
        assert opened.status is CaseStatus.OPEN
        assert cases.of_account(store, items[1].account_id) is None
        assert len(to_judge(store, WEEK)) == 2
        assert audit.verify(store).problems == []
        refresh(store, clock, finding("network/a", account=items[0].account_id))
        assert cases.get(store, opened.case_id).status is CaseStatus.OPEN

    def test_once_and_only_what_was_drawn(self, store: Store, clock: FixedClock) -> None:
        _, items = draw(store, ANNA, WEEK, 2, PEOPLE, clock=clock)
        judge(store, ANNA, WEEK, items[0].account_id, Outcome.FALSE, "quiet", clock=clock)

        with pytest.raises(CaseError, match="has been judged"):
            judge(store, BERT, WEEK, items[0].account_id, Outcome.TRUE, "no", clock=clock)
        with pytest.raises(CaseError, match="not in the sample"):
            judge(store, BERT, WEEK, "a-1", Outcome.TRUE, "no", clock=clock)
        with pytest.raises(CaseError, match="needs a note"):
            judge(store, BERT, WEEK, items[1].account_id, Outcome.TRUE, "", clock=clock)


class TestSecondOpinion:
    def test_another_person_s_only_and_once(self, store: Store, clock: FixedClock) -> None:
        refresh(store, clock, *BOTH)
        case = only(store, clock)
        with pytest.raises(CaseError, match="decided case"):
            second_opinion(store, BERT, case.case_id, Outcome.FALSE, clock=clock)
        decide(store, clock, case)

        second_opinion(store, BERT, case.case_id, Outcome.TRUE, clock=clock)

        assert only(store, clock).status is CaseStatus.CLOSED, "an opinion changes nothing"
        with pytest.raises(CaseError, match="one's own"):
            second_opinion(store, ANNA, case.case_id, Outcome.TRUE, clock=clock)
        with pytest.raises(CaseError, match="given"):
            second_opinion(store, BERT, case.case_id, Outcome.TRUE, clock=clock)


class TestQuality:
    @pytest.fixture
    def told(self, store: Store, clock: FixedClock) -> Quality:
        """Two cases: one claimed and found true after twelve minutes, one found false; a third waits for two days."""
        for account in ("a-1", "b-1", "c-1"):
            refresh(store, clock, finding("network/a", account=account), finding(f"payment/{account}", account=account))
        for account, changes in (
            ("a-1", {"outcome": Outcome.TRUE, "reason_code": "false_identity"}),
            ("b-1", {}),
        ):
            case = cases.of_account(store, account)
            assert case is not None
            cases.claim(store, ANNA, case.case_id, clock=clock)
            clock.advance(timedelta(minutes=12))
            decide(store, clock, case, **changes)
            second_opinion(store, BERT, case.case_id, Outcome.FALSE, clock=clock)
        clock.advance(timedelta(days=2))
        return quality(store, now=clock.now())

    def test_precision_of_every_check(self, told: Quality) -> None:
        by_check = {item.check: item.true for item in told.checks}

        assert [(by_check["network/a"].hits, by_check["network/a"].of)] == [(1, 2)]
        assert (by_check["payment/a-1"].value, by_check["payment/b-1"].value) == (1.0, 0.0)
        assert "payment/c-1" not in by_check, "undecided cases say nothing"

    def test_agreement(self, told: Quality) -> None:
        assert told.agreement.reviewed_twice == 2
        assert (told.agreement.agreed.hits, told.agreement.kappa) == (1, pytest.approx(0))

    def test_time_and_load(self, told: Quality) -> None:
        assert (told.load.minutes_median, told.load.minutes_known) == (12.0, 2)
        assert (told.load.waiting, told.load.oldest_days) == (1, 2.0)
        assert told.load.ages["within a day"] == 0
        assert told.load.days_to_clear is None, "three came in and two went out"


def _items(store: Store) -> list[SampleItem]:
    with store.database.reading() as connection:
        return sample_items(connection, WEEK)
