"""Statistics against published values and by their laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.cases.statistics import Share, alpha, kappa

WORDS = st.sampled_from(("true", "useful", "false"))


class TestShare:
    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"),
        [(0, 30, 0.0, 0.1157), (3, 10, 0.0667, 0.6525), (10, 10, 0.6915, 1.0), (1, 1, 0.025, 1.0), (0, 0, 0.0, 1.0)],
    )
    def test_published_limits(self, hits: int, of: int, low: float, high: float) -> None:
        share = Share(hits, of)

        assert (round(share.low, 4), round(share.high, 4)) == (low, high)

    @given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_the_interval_holds_the_share_and_mirrors(self, pair: tuple[int, int]) -> None:
        share, mirror = Share(*pair), Share(pair[1] - pair[0], pair[1])

        assert share.low <= (share.value or 0.0) <= share.high
        assert share.low == pytest.approx(1 - mirror.high, abs=1e-9)

    def test_more_looks_narrow_it(self) -> None:
        assert Share(0, 300).high < Share(0, 30).high / 5


class TestAgreement:
    def test_kappa_of_the_textbook(self) -> None:
        pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

        assert kappa(pairs) == pytest.approx(0.4)

    def test_alpha_of_krippendorff_s_example(self) -> None:
        left, right = "0100000010", "1110010000"

        assert alpha([pair for pair in zip(left, right, strict=True)]) == pytest.approx(0.095, abs=0.001)

    @pytest.mark.parametrize("measure", [kappa, alpha])
    def test_nothing_can_be_said_of_nothing_or_of_one_word(self, measure: object) -> None:
        assert measure([]) is None  # type: ignore[operator]  # both take a list of pairs
        assert measure([("a", "a"), ("a", "a")]) is None  # type: ignore[operator]

    @given(st.lists(st.tuples(WORDS, WORDS), max_size=30))
    def test_full_agreement_is_one_and_nothing_exceeds_it(self, pairs: list[tuple[str, str]]) -> None:
        same = [(left, left) for left, _ in pairs]
        for measure in (kappa(pairs), alpha(pairs), kappa(same), alpha(same)):
            assert measure is None or measure <= 1 + 1e-9
        if len({left for left, _ in same}) > 1:
            assert kappa(same) == pytest.approx(1)
            assert alpha(same) == pytest.approx(1)
