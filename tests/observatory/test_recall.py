"""Capture and recapture: known answers, laws of the intervals, and doubts that are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.institutions import Organisation
from vedette.observatory import ObservatoryError
from vedette.observatory.recall import chao, chapman, recall
from vedette.observatory.search import of_lists
from vedette.observatory.strategies import fold, matcher, strategies

KP = {
    item.name: item
    for item in strategies(
        "KP",
        [
            Organisation(
                id="x:1", names=("Invented Academy",), country="KP", domains=("academy.example",), postcodes=("999093",)
            )
        ],
    )
}


class TestChapman:
    @pytest.mark.parametrize(
        ("first", "second", "both", "total"), [(10, 15, 5, 28.333333), (20, 20, 20, 20.0), (171, 100, 79, 216.15)]
    )
    def test_known_answers(self, first: int, second: int, both: int, total: float) -> None:
        assert chapman(first, second, both).total == pytest.approx(total, abs=0.01)

    def test_counts_that_cannot_be_are_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot be"):
            chapman(3, 5, 4)

    @settings(max_examples=100)
    @given(only_a=st.integers(0, 500), only_b=st.integers(0, 500), both=st.integers(1, 500))
    def test_what_was_found_is_the_least_and_the_interval_holds_the_estimate(
        self, only_a: int, only_b: int, both: int
    ) -> None:
        found = chapman(only_a + both, only_b + both, both)
        assert found.found <= found.low <= found.total + 1e-6 and found.total <= found.high + 1e-6

    def test_the_interval_covers_a_simulated_truth(self) -> None:
        import random

        draw, covered = random.Random(5), 0
        for _ in range(200):
            first = {n for n in range(300) if draw.random() < 0.5}
            second = {n for n in range(300) if draw.random() < 0.4}
            found = chapman(len(first), len(second), len(first & second))
            covered += found.low <= 300 <= found.high
        assert covered >= 180


class TestChao:
    @settings(max_examples=100)
    @given(once=st.integers(0, 300), twice=st.integers(0, 300), thrice=st.integers(0, 300))
    def test_never_below_what_was_found(self, once: int, twice: int, thrice: int) -> None:
        found = chao({1: once, 2: twice, 3: thrice}, 3)
        assert found.low >= found.found == once + twice + thrice and found.low <= found.total <= found.high

    def test_nothing_found_once_means_nothing_missed(self) -> None:
        assert chao({2: 10, 3: 5}, 3).total == 15


class TestRecall:
    def test_each_strategy_pair_and_all(self) -> None:
        found = recall({"city": frozenset("abcdef"), "name": frozenset("defgh"), "none": frozenset()})
        rows = list(found.rows())
        assert [row["row"] for row in rows] == ["strategy", "strategy", "strategy", "pair", "all"]
        assert rows[0]["found"] == 6 and rows[3]["both"] == 3 and rows[-1]["found"] == 8
        assert 0 < float(str(rows[0]["recall_low"])) <= float(str(rows[0]["recall"])) <= 1
        assert any("'none' found nothing" in doubt for doubt in found.doubts)

    def test_searches_that_share_nothing_give_no_estimate(self) -> None:
        (pair,) = recall({"a": frozenset("ab"), "b": frozenset("cd")}).pairs
        assert pair.estimate is None and "share nothing" in pair.doubts[0]

    def test_one_inside_the_other_is_told(self) -> None:
        (pair,) = recall({"a": frozenset("abcdefgh"), "b": frozenset("abcdefghi")}).pairs
        assert any("not independent" in doubt for doubt in pair.doubts)

    def test_nothing_at_all_is_no_number(self) -> None:
        rows = list(recall({"a": frozenset(), "b": frozenset()}).rows())
        assert rows[-1]["recall"] is None

    def test_lists_of_ids_are_folded(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("https://doi.org/10.5555/A1\nid-2\n\n")
        (tmp_path / "b.txt").write_text("10.5555/a1\nID-2\nx\n")
        found = of_lists([f"a={tmp_path / 'a.txt'}", f"b={tmp_path / 'b.txt'}"])
        assert found.union == 3 and found.pairs[0].both == 2

    @pytest.mark.parametrize("item", ["nofile", "x=/no/such/file", "=f"])
    def test_lists_that_cannot_be_read_are_refused(self, item: str) -> None:
        with pytest.raises(ObservatoryError):
            of_lists([item])


class TestStrategies:
    @pytest.mark.parametrize(
        ("name", "text", "found"),
        [
            ("country", "Univ X, Pyongyang, D.P.R. of Korea", False),
            ("country", "Univ X, DPR Korea", True),
            ("country", "Univ X, North Koreatown", False),
            ("city", "Somewhere, P'yŏngyang", True),
            ("city", "대학, 평양시", True),
            ("city", "Pyongyanggu, Seoul", False),
            ("institution", "Dept A, INVENTED  academy", True),
            ("domain", "x, [address]@star-co.net.kp", True),
            ("domain", "x, [address]@academy.example", True),
            ("domain", "x, [address]@kp.example", False),
            ("postcode", "Pyongyang 999093", True),
            ("postcode", "1999093", False),
        ],
    )
    def test_terms_are_whole_words(self, name: str, text: str, found: bool) -> None:
        assert bool(matcher(KP[name]).search(fold(text))) is found

    @pytest.mark.parametrize("form", ["wos", "scopus", "pubmed", "openalex"])
    def test_no_term_can_end_a_query(self, form: str) -> None:
        odd = strategies("KP", [Organisation(id="x:1", names=('A" OR 1=1',), country="KP")])
        query = next(item for item in odd if item.name == "institution").query(form)
        assert query.count('"') == 2 and "A  OR 1=1" in query

    def test_every_strategy_tells_what_it_misses(self) -> None:
        assert set(KP) == {"country", "city", "institution", "domain", "postcode"}
        assert all(item.blind_spots.endswith(".") for item in KP.values())
