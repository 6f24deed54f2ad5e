"""Birth dates: which differences speak for, and which against."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.screening.births import compare_births
from vedette.screening.model import Outcome, Side

_DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: f"{day.year:04d}"),
    st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}"),
)


class TestCompareBirths:
    @pytest.mark.parametrize(
        ("customer", "listed", "outcome", "second", "grave"),
        [
            ("1961-03-14", "1961-03-14", Outcome.AGREES, True, False),
            ("1961-03", "1961-03-14", Outcome.AGREES, False, False),
            ("1961", "1961-03-14", Outcome.AGREES, False, False),
            ("1961-03-14", "1961", Outcome.AGREES, False, False),
            ("1961-01-01", "1961-03-14", Outcome.AGREES, False, False),
            ("1961-11-04", "1961-04-11", Outcome.NEARLY, False, False),
            ("1962-03-14", "1961-03-14", Outcome.NEARLY, False, False),
            ("1916-03-14", "1961-03-14", Outcome.NEARLY, False, False),
            ("1961-03-24", "1961-03-14", Outcome.NEARLY, False, False),
            ("1962", "1961", Outcome.NEARLY, False, False),
            ("1961-07-29", "1961-03-14", Outcome.DIFFERS, False, True),
            ("1961-04", "1961-03", Outcome.DIFFERS, False, True),
            ("1962-05-01", "1961-03-14", Outcome.DIFFERS, False, True),
            ("1985-03-02", "1961-03-14", Outcome.DIFFERS, False, True),
            ("1963", "1961", Outcome.DIFFERS, False, True),
            ("14.3.61", "1961-03-14", Outcome.ABSENT, False, False),
            ("", "1961-03-14", Outcome.ABSENT, False, False),
        ],
    )
    def test_two_dates(self, customer: str, listed: str, outcome: Outcome, second: bool, grave: bool) -> None:
        found = compare_births((customer,), (listed,))
        assert (found.outcome, found.second, found.grave) == (outcome, second, grave)

    def test_the_best_of_several_dates_counts(self) -> None:
        assert compare_births(("1968-05-01",), ("1967", "1968", "1969")).outcome is Outcome.AGREES

    def test_a_missing_date_counts_for_nothing(self) -> None:
        found = compare_births((), ("1961",))
        assert (found.outcome, found.bits, found.pull) == (Outcome.ABSENT, 0, 0)

    def test_a_contradiction_weighs_more_than_an_absence(self) -> None:
        assert compare_births(("1990",), ("1961",)).bits < compare_births((), ("1961",)).bits

    @given(_DATES, _DATES)
    def test_both_directions_say_the_same(self, one: str, other: str) -> None:
        there, back = compare_births((one,), (other,)), compare_births((other,), (one,))
        assert replace(back, customer=back.listed, listed=back.customer) == there

    @pytest.mark.parametrize(
        ("dates", "side"),
        [((), Side.MISSING), (("1970",), Side.YEAR), (("1970-02",), Side.MONTH), (("1970", "1970-02-03"), Side.DAY)],
    )
    def test_says_how_much_either_side_holds(self, dates: tuple[str, ...], side: Side) -> None:
        assert compare_births(dates, ("1970",)).customer is side
        assert compare_births(("1970",), dates).listed is side

    @given(_DATES)
    def test_a_date_never_contradicts_itself(self, day: str) -> None:
        assert compare_births((day,), (day,)).outcome is Outcome.AGREES

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_any_text_gets_an_answer_without_its_value(self, one: str, other: str) -> None:
        assert compare_births((one,), (other,)).field == "birth_date"
