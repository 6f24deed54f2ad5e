"""A pool of texts: the most alike are found without a miss, whatever else is asked in the same go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from vedette.screening.pool import LIKENESS, Pool

_TEXTS = st.lists(st.text("abcd ", min_size=1, max_size=14).map(str.strip).filter(bool), max_size=30, unique=True)


def _pool(texts: list[str]) -> Pool:
    return Pool(texts, [[(number, 0)] for number in range(len(texts))])


class TestPool:
    def test_stands_from_the_shortest_with_its_bearers(self) -> None:
        pool = _pool(["long text", "a", "mid"])
        assert (pool.texts, pool.owners) == (["a", "mid", "long text"], [[(1, 0)], [(2, 0)], [(0, 0)]])

    @given(_TEXTS, _TEXTS)
    def test_misses_nothing_that_is_alike(self, known: list[str], wanted: list[str]) -> None:
        pool = _pool(known)
        found = pool.alike(set(wanted))
        for text in wanted:
            near = {number for number, _ in found[text]}
            assert {n for n, other in enumerate(pool.texts) if fuzz.ratio(text, other) >= LIKENESS} <= near

    @given(_TEXTS, _TEXTS)
    def test_an_answer_does_not_depend_on_the_others(self, known: list[str], wanted: list[str]) -> None:
        pool = _pool(known)
        assert pool.alike(set(wanted)) == {text: pool.alike({text})[text] for text in wanted}

    def test_an_empty_pool_is_like_nothing(self) -> None:
        assert _pool([]).alike({"a"}) == {"a": []}
