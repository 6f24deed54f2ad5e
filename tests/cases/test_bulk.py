"""Bulk acts touch exactly what was counted, leave a leaf a case, and wait for a second person over the policy's number."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_decide import log_text
from tests.cases.test_refresh import refresh
from tests.made import ANNA, BERT, finding
from vedette import approvals, audit, cases
from vedette.base import FixedClock, Strength
from vedette.cases import Action, CaseError, CaseStatus, Done, Outcome, StaleCase, Wanted, parse
from vedette.cases.store import bulk as stored_bulk
from vedette.cases.store import decisions, note
from vedette.store import Store


def accounts(store: Store, clock: FixedClock, count: int) -> None:
    names = [f"a-{number:02d}" for number in range(count)]
    refresh(store, clock, *(finding(check, account=name) for name in names for check in ("network/a", "payment/b")))


def wanted(query: str = "status=open", **changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "selection": parse(query),
        "outcome": Outcome.FALSE,
        "action": Action.NONE,
        "reason_code": "shared_premises",
        "note": "One campus, asked its office.",
        **changes,
    }
    return Wanted(**values)


def run(store: Store, clock: FixedClock, what: Wanted, fingerprint: str | None = None) -> Done:
    seen = fingerprint or cases.plan(store, ANNA, what, now=clock.now()).fingerprint
    return cases.bulk(store, ANNA, what, fingerprint=seen, clock=clock, versions={})


class TestPlan:
    def test_counts_before_anything_happens(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 3)
        refresh(store, clock, finding("presence/ip", account="s-1", strength=Strength.STOP))
        held = cases.of_account(store, "a-00")
        assert held is not None
        cases.claim(store, BERT, held.case_id, clock=clock)
        leaves = audit.verify(store).leaves

        planned = cases.plan(store, ANNA, wanted("status=open&status=claimed"), now=clock.now())

        assert len(planned.items) == 2
        assert planned.as_json()["left_out_because"] == {"a stop is judged one by one": 1, "held by somebody else": 1}
        assert audit.verify(store).leaves == leaves

    def test_a_decision_that_no_case_allows_is_refused_at_once(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 1)

        with pytest.raises(CaseError, match="nothing was true"):
            cases.plan(store, ANNA, wanted(action=Action.SUSPEND), now=clock.now())


class TestBulk:
    def test_a_leaf_for_every_case_with_one_reason_and_note(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 4)

        done = run(store, clock, wanted())

        assert (done.state, len(done.decided), done.refused) == ("done", 4, {})
        told = [json.loads(line) for line in log_text(store).splitlines()]
        assert [leaf["facts"].get("bulk") for leaf in told if leaf["act"] == "cases.decide"] == [done.bulk_id] * 4
        assert {case.status for case in cases.list_cases(store, now=clock.now())} == {CaseStatus.CLOSED}
        (made,) = decisions(store, done.decided[0])
        assert note(store, made.decision_id) == "One campus, asked its office."
        assert made.versions["check/network/a"] == "1"
        assert audit.verify(store).problems == []
        assert "campus" not in log_text(store)

    def test_exactly_the_filtered_set(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 3)

        done = run(store, clock, wanted("account=a-01"))

        assert len(done.decided) == 1
        assert len(cases.list_cases(store, [CaseStatus.OPEN], now=clock.now())) == 2

    def test_a_set_that_changed_since_it_was_counted_is_refused(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 2)
        seen = cases.plan(store, ANNA, wanted(), now=clock.now()).fingerprint
        refresh(store, clock, finding("device/new", account="a-00"))

        with pytest.raises(StaleCase):
            run(store, clock, wanted(), seen)
        assert len(cases.list_cases(store, [CaseStatus.OPEN], now=clock.now())) == 2

    def test_an_empty_set_is_refused(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(CaseError, match="no case"):
            run(store, clock, wanted())

    def test_actions_that_harm_wait_for_a_second_person_each(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 2)

        run(store, clock, wanted(outcome=Outcome.TRUE, action=Action.SUSPEND, reason_code="false_identity"))

        assert len(cases.list_cases(store, [CaseStatus.WAITING_APPROVAL], now=clock.now())) == 2


class TestOverTheNumber:
    @pytest.fixture
    def waiting(self, store: Store, clock: FixedClock) -> Done:
        accounts(store, clock, 26)
        return run(store, clock, wanted())

    def test_nothing_is_decided_until_a_second_person_agrees(
        self, store: Store, clock: FixedClock, waiting: Done
    ) -> None:
        assert waiting.state == "waiting"
        assert len(cases.list_cases(store, [CaseStatus.OPEN], now=clock.now())) == 26
        with pytest.raises(approvals.NotAllowed, match="maker"):
            cases.answer_bulk(store, ANNA, waiting.bulk_id, agree=True, clock=clock)

        done = cases.answer_bulk(store, BERT, waiting.bulk_id, agree=True, clock=clock)

        assert len(done.decided) == 26
        (made,) = decisions(store, done.decided[0])
        assert made.decided_by == "person:anna", "the second person agreed, the first decided"
        assert cases.waiting_bulks(store) == []

    def test_a_rejection_ends_it(self, store: Store, clock: FixedClock, waiting: Done) -> None:
        cases.answer_bulk(store, BERT, waiting.bulk_id, agree=False, clock=clock)

        assert len(cases.list_cases(store, [CaseStatus.OPEN], now=clock.now())) == 26
        with store.database.reading() as connection:
            assert stored_bulk(connection, waiting.bulk_id)[0].state == "rejected"

    def test_a_case_that_changed_meanwhile_is_left_alone_and_named(
        self, store: Store, clock: FixedClock, waiting: Done
    ) -> None:
        refresh(store, clock, finding("device/new", account="a-07"))

        done = cases.answer_bulk(store, BERT, waiting.bulk_id, agree=True, clock=clock)

        changed = cases.of_account(store, "a-07")
        assert changed is not None
        assert changed.status is CaseStatus.OPEN
        assert list(done.refused or {}) == [changed.case_id]
        assert len(done.decided) == 25


class TestView:
    def test_pages_and_totals(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 5)

        page = cases.view(store, parse("status=open"), now=clock.now(), limit=2, offset=2)

        assert (len(page.cases), page.total) == (2, 5)

    @pytest.mark.parametrize("query", ["", "status=open", "status=claimed", "status=snoozed&status=closed", "hold=no"])
    def test_the_short_way_and_the_long_way_agree(self, store: Store, clock: FixedClock, query: str) -> None:
        accounts(store, clock, 4)
        first, second, third, _ = cases.list_cases(store, now=clock.now())
        cases.claim(store, BERT, first.case_id, clock=clock)
        cases.snooze(store, ANNA, second.case_id, clock.now() + timedelta(minutes=90), clock=clock)
        run(store, clock, wanted(f"case={third.case_id}"))
        for minutes in (0, 60, 31):
            clock.advance(timedelta(minutes=minutes))
            short = cases.view(store, parse(query), now=clock.now())
            long = cases.view(store, parse(f"{query}&contains=account".lstrip("&")), now=clock.now())
            assert (short.cases, short.total) == (long.cases, long.total)

    def test_csv_is_the_same_view_and_no_formula(self, store: Store, clock: FixedClock) -> None:
        evil = '=HYPERLINK("http://x")'
        refresh(store, clock, finding("presence/ip", account="-a", strength=Strength.STOP, summary="\t" + evil))
        refresh(store, clock, finding("presence/ip", account="@b", strength=Strength.STOP, summary="plain, quiet"))

        rows = cases.view(store, parse("status=open"), now=clock.now()).rows(clock.now())
        rows.append({**rows[0], "summary": evil, "families": [" +1"]})
        read = list(csv.DictReader(io.StringIO(cases.as_csv(rows))))

        assert [row["case_id"] for row in read] == [row["case_id"] for row in rows]
        assert {row["accounts"] for row in read} == {"'-a", "'@b"}
        assert (read[-1]["summary"], read[-1]["families"]) == ("'" + evil, "' +1")

    def test_saved_filters_belong_to_one_person(self, store: Store, clock: FixedClock) -> None:
        cases.save_filter(store, ANNA, "stops", "hold=yes&status=open", clock=clock)

        assert [item.query for item in cases.saved_filters(store, ANNA)] == ["status=open&hold=yes"]
        assert cases.saved_filters(store, BERT) == []
        with pytest.raises(CaseError, match="stops"):
            cases.forget_filter(store, BERT, "stops", clock=clock)
        cases.forget_filter(store, ANNA, "stops", clock=clock)
        assert cases.saved_filters(store, ANNA) == []
        assert audit.verify(store).problems == []

    def test_what_changed_since(self, store: Store, clock: FixedClock) -> None:
        accounts(store, clock, 2)
        clock.advance(timedelta(hours=1))
        refresh(store, clock, finding("device/new", account="a-00"))

        found = cases.view(store, parse("updated_since=2026-03-01T13:00:00Z"), now=clock.now())

        assert [case.accounts for case in found.cases] == [("a-00",)]
