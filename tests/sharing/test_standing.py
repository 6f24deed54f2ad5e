"""The standing of sources: from what people decided, with honest uncertainty, and telling nothing that would name a case."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import ANNA, BERT, JOB, finding
from vedette import audit, cases, findings
from vedette.base import Evidence, FixedClock, Strength
from vedette.cases import Outcome
from vedette.cases.model import Action
from vedette.sharing.model import Inbound, Kind, Marking, Shared, State, inbound_id
from vedette.sharing.standing import LEAST_JUDGED, Standing, cumulative, order, quantile, standing, standings
from vedette.sharing.store.inbound import keep_inbound
from vedette.sharing.watch import CHECK
from vedette.store import Store

TIME = "2026-03-01T12:00:00.000Z"


def item(source: str, number: int, state: State) -> Inbound:
    shared = Shared(
        id=f"indicator--{number}",
        kind=Kind.ADDRESS,
        created=TIME,
        modified=TIME,
        valid_from=TIME,
        valid_until="2027-03-01T12:00:00.000Z",
        marking=Marking.GREEN,
        value=f"192.0.2.{number % 250}",
    )
    return Inbound(id=inbound_id(source, shared.id), source=source, item=shared, state=state, received_at=TIME)


def keep(store: Store, clock: FixedClock, source: str, **counts: int) -> list[Inbound]:
    """So many items of a source in each state."""
    states = [State(word) for word, count in counts.items() for _ in range(count)]
    made = [item(source, number, state) for number, state in enumerate(states)]
    with audit.writing(store, JOB, "take", clock=clock) as act:
        keep_inbound(act, made)
    return made


def meet(store: Store, clock: FixedClock, found: Inbound, outcome: Outcome) -> None:
    """A case that rests on a watched item, decided so."""
    shared = finding(
        CHECK, account="a-1", family="shared", evidence=(Evidence("shared_indicator", found.id),), window=found.id
    )
    stop = finding("presence/ip", account="a-1", strength=Strength.STOP)
    with audit.writing(store, JOB, "find", clock=clock) as act:
        findings.record(act, [shared, stop])
    cases.refresh(store, JOB, clock)
    case = cases.of_account(store, "a-1")
    assert case is not None
    reason = "namesake" if outcome is Outcome.FALSE else "listed_party"
    values = {"expected_version": case.version, "clock": clock, "versions": {}}
    cases.decide(store, ANNA, case.case_id, outcome, Action.NONE, reason, "Seen.", **values)  # type: ignore[arg-type]  # mixed values
    if cases.get(store, case.case_id).status is cases.CaseStatus.WAITING_APPROVAL:
        cases.approve(store, BERT, case.case_id, clock=clock)


class TestStandings:
    def test_accepted_is_right_rejected_and_recalled_is_wrong_and_waiting_is_nothing(
        self, store: Store, clock: FixedClock
    ) -> None:
        keep(store, clock, "peer:a", accepted=7, rejected=2, recalled=1, waiting=50, expired=3)

        (found,) = standings(store)

        assert (found.right, found.wrong, found.waiting, found.proven) == (7, 3, 53, 0)
        assert found.as_json()["precision"] == round(8 / 12, 4)

    def test_below_the_least_number_nothing_is_told(self, store: Store, clock: FixedClock) -> None:
        keep(store, clock, "peer:a", accepted=LEAST_JUDGED - 1)

        told = standing(store, "peer:a").as_json()

        assert (told["precision"], told["low"], told["high"]) == (None, None, None)
        assert "nothing can be said" in str(told["note"])

    def test_right_often_stands_before_right_once_and_the_unknown_between_good_and_bad(
        self, store: Store, clock: FixedClock
    ) -> None:
        keep(store, clock, "peer:once", accepted=1)
        keep(store, clock, "peer:often", accepted=40, rejected=2)
        keep(store, clock, "peer:bad", rejected=20)
        keep(store, clock, "peer:new", waiting=5)

        found = order(store)

        assert sorted(found, key=lambda name: -found[name]) == ["peer:often", "peer:once", "peer:new", "peer:bad"]

    @pytest.mark.parametrize(
        ("outcome", "right", "wrong", "proven"),
        [(Outcome.TRUE, 1, 0, 1), (Outcome.FALSE, 0, 1, 0)],
    )
    def test_a_case_that_rests_on_an_item_counts_for_or_against_its_source(
        self, store: Store, clock: FixedClock, outcome: Outcome, right: int, wrong: int, proven: int
    ) -> None:
        (found,) = keep(store, clock, "peer:a", accepted=1)
        meet(store, clock, found, outcome)

        made = standing(store, "peer:a")

        assert (made.right, made.wrong, made.proven) == (right, wrong, proven)

    def test_what_a_peer_is_shown_names_no_item_and_no_case(self, store: Store, clock: FixedClock) -> None:
        (found, *_) = keep(store, clock, "peer:a", accepted=12)
        meet(store, clock, found, Outcome.TRUE)
        told = json.dumps(standing(store, "peer:a").as_json())

        assert "inb_" not in told and "case_" not in told and "192.0.2" not in told

    def test_a_stranger_stands_open(self, store: Store) -> None:
        assert standing(store, "peer:none").expected == 0.5


class TestBeta:
    @pytest.mark.parametrize(
        ("x", "a", "b", "expected"),
        [
            (0.5, 1, 1, 0.5),
            (0.3, 1, 2, 1 - 0.7**2),
            (0.9, 3, 1, 0.9**3),
            (0.5, 7, 7, 0.5),
            (0.0, 2, 2, 0.0),
            (1.0, 2, 2, 1.0),
        ],
    )
    def test_values_known_in_closed_form(self, x: float, a: int, b: int, expected: float) -> None:
        assert cumulative(x, a, b) == pytest.approx(expected, abs=1e-10)

    @settings(max_examples=40, deadline=None)
    @given(right=st.integers(0, 50_000), wrong=st.integers(0, 50_000))
    def test_the_interval_holds_the_mean_and_shrinks_with_more_of_the_same(self, right: int, wrong: int) -> None:
        made = Standing(source="s", right=right, wrong=wrong, proven=0, waiting=0)
        low, high = made.interval
        more = replace(made, right=right * 4, wrong=wrong * 4).interval
        assert 0 <= low <= high <= 1
        assert low <= made.expected <= high
        assert more[1] - more[0] <= high - low + 1e-9
        assert cumulative(quantile(0.05, 1 + right, 1 + wrong), 1 + right, 1 + wrong) == pytest.approx(0.05, abs=1e-6)
