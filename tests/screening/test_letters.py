"""The sieve of letters: whatever is alike passes it, whatever letters it has."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from vedette.screening.letters import Letters

_TEXTS = st.lists(
    st.one_of(st.text(max_size=30), st.text("aab c", max_size=40), st.text("aé김정은", max_size=9)),
    min_size=1,
    max_size=12,
)


def _near(text: str, texts: list[str], least: int) -> list[int]:
    found: list[int] = Letters(texts).near(Letters([text]), 0, slice(0, len(texts)), least).tolist()
    return found


class TestNear:
    @given(
        st.one_of(st.text(max_size=30), st.text("aab c", max_size=40)), _TEXTS, st.sampled_from([1, 50, 66, 90, 100])
    )
    def test_nothing_alike_is_lost(self, text: str, texts: list[str], least: int) -> None:
        alike = {number for number, other in enumerate(texts) if fuzz.ratio(text, other) >= least}
        assert alike <= set(_near(text, texts, least))

    def test_other_letters_are_passed_over(self) -> None:
        assert _near("kim jong su", ["kim jong sok", "albrecht dvorak", ""], 66) == [0]

    def test_letters_beyond_those_counted_may_all_be_shared(self) -> None:
        """Seven of one letter are more than are counted: the text must still find itself."""
        assert _near("aaaaaaa", ["aaaaaaa", "bbbbbbb"], 100)[0] == 0

    def test_an_empty_window_holds_nothing(self) -> None:
        assert np.array_equal(Letters(["a"]).near(Letters(["a"]), 0, slice(0, 0), 66), [])
