"""A probability that says what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names import Comparison, compare
from vedette.names.probability import _curves, at_prior, probability

_CHANNELS = st.sampled_from(["same", "korean", "han", "across", "words", "organization"])
_SCORES = st.floats(0, 1)


class TestProbability:
    @given(_SCORES, _CHANNELS)
    def test_is_a_probability_and_never_certain(self, score: float, channel: str) -> None:
        assert 0.0 < probability(score, channel) < 1.0

    @given(_SCORES, _SCORES, _CHANNELS)
    def test_never_falls_as_the_score_rises(self, one: float, two: float, channel: str) -> None:
        low, high = sorted((one, two))
        assert probability(low, channel) <= probability(high, channel)

    @pytest.mark.parametrize("channel", ["korean", "across", "words", "organization"])
    def test_knots_rise(self, channel: str) -> None:
        scores, chances = _curves()[channel]
        assert list(scores) == sorted(set(scores)) and list(chances) == sorted(chances)

    def test_an_alert_is_more_likely_than_not_one_name(self) -> None:
        for left, right in (
            ("김정은", "Kim Jong Un"),
            ("Maria Garcia", "GARCIA, Maria"),
            ("Иван Петров", "Ivan Petrov"),
        ):
            assert compare(left, right, "person").probability > 0.5

    def test_another_name_is_not(self) -> None:
        assert compare("김정은", "Kim Jong Nam", "person").probability < 0.5

    def test_the_channel_chooses_the_curve(self) -> None:
        assert Comparison(0.6, 5.0, (), "korean").probability != Comparison(0.6, 5.0, (), "across").probability


class TestPrior:
    @given(st.floats(0.01, 0.99))
    def test_even_odds_change_nothing(self, chance: float) -> None:
        assert at_prior(chance, 0.5) == pytest.approx(chance)

    @given(st.floats(0.01, 0.99), st.floats(0.01, 0.49))
    def test_a_rarer_match_is_less_likely(self, chance: float, prior: float) -> None:
        assert at_prior(chance, prior) < chance


class TestTable:
    def test_says_where_it_comes_from(self) -> None:
        import vedette.names.probability as module

        text = (Path(module.__file__).parent / "data" / "probability.tsv").read_text(encoding="utf-8")
        assert "calibrate.py" in text[:120] and "OFAC" in text[:900]
