"""Where an account stands: silence is never "clear", and a newer list or newer data makes an answer stale."""

from __future__ import annotations

import pytest

from tests.made import finding
from vedette.base import Strength
from vedette.screening.standing import State, outcome_of, standing
from vedette.screening.store import Coverage, Screened

_COVERED = Coverage(lists={"un": "v1"}, conditions="c", covered_at="2026-03-01T12:00:00Z", whole_at="2026-03-01")


def _screened(outcome: str = "clear") -> Screened:
    return Screened("a-1", "print", outcome, "2026-02-01T12:00:00Z")


class TestOutcome:
    @pytest.mark.parametrize(
        ("strengths", "outcome"),
        [
            ((), State.CLEAR),
            ((Strength.CONTEXT,), State.CLEAR),
            ((Strength.WEAK,), State.ASK),
            ((Strength.CONTEXT, Strength.MEDIUM), State.REVIEW),
            ((Strength.WEAK, Strength.STRONG), State.REVIEW),
            ((Strength.MEDIUM, Strength.STOP), State.STOP),
        ],
    )
    def test_the_strongest_finding_decides(self, strengths: tuple[Strength, ...], outcome: State) -> None:
        assert outcome_of([finding(strength=one) for one in strengths], screenable=True) is outcome

    def test_nobody_without_a_name_is_clear(self) -> None:
        """A blank name compared with nothing is no screening."""
        assert outcome_of([], screenable=False) is State.NEVER
        assert outcome_of([finding(strength=Strength.STOP)], screenable=False) is State.STOP


class TestStanding:
    @pytest.mark.parametrize(
        ("screened", "covered", "in_force", "held", "state", "why"),
        [
            (_screened(), _COVERED, {"un": "v1"}, "print", State.CLEAR, ""),
            (_screened("stop"), _COVERED, {"un": "v1"}, "print", State.STOP, ""),
            (_screened("ask"), _COVERED, {"un": "v1"}, "print", State.ASK, ""),
            (None, _COVERED, {"un": "v1"}, "print", State.NEVER, "never screened"),
            (_screened(), None, {"un": "v1"}, "print", State.NEVER, "never screened"),
            (_screened(), _COVERED, {"un": "v2"}, "print", State.STALE, "un"),
            (_screened(), _COVERED, {"un": "v1", "eu": "v9"}, "print", State.STALE, "eu"),
            (_screened("stop"), _COVERED, {"un": "v1"}, "other", State.STALE, "data"),
            (_screened("never"), _COVERED, {"un": "v1"}, "print", State.NEVER, "neither a name"),
            (_screened("never"), _COVERED, {"un": "v2"}, "print", State.NEVER, "un"),
        ],
    )
    def test_says_what_holds_today_and_why(
        self,
        screened: Screened | None,
        covered: Coverage | None,
        in_force: dict[str, str],
        held: str,
        state: State,
        why: str,
    ) -> None:
        found = standing("a-1", screened, covered, in_force=in_force, held_print=held)
        assert found.state is state
        assert why in found.why and bool(why) == bool(found.why)

    def test_a_clear_answer_names_the_versions_it_holds_for(self) -> None:
        row = standing("a-1", _screened(), _COVERED, in_force={"un": "v1"}, held_print="print").as_json()
        assert (row["state"], row["lists"], row["covered_at"]) == ("clear", {"un": "v1"}, "2026-03-01T12:00:00Z")

    def test_a_stale_stop_still_says_that_it_was_one(self) -> None:
        found = standing("a-1", _screened("stop"), _COVERED, in_force={"un": "v2"}, held_print="print")
        assert (found.state, found.outcome) == (State.STALE, State.STOP)
