"""No name of a person, however strange, takes long or fails."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.names import analyse, compare, keys

LIMIT = 0.05  # seconds of CPU

STRANGE = {
    "one letter ten thousand times": "x" * 10_000,
    "syllables without end": "ng" * 5_000,
    "Korean syllables without end": "kim" * 3_500,
    "two hundred words": " ".join(f"tok{number}" for number in range(200)),
    "two hundred Kims": "Kim " * 200,
    "hyphens": "a-" * 5_000,
    "combining marks alone": "\u0301" * 10_000,
    "combining marks": "e\u0301" * 5_000,
    "zero width": "K\u200bi\u200bm\u200d " * 2_000,
    "right to left": "\u202e\u2067" + "abc " * 500,
    "Cyrillic words": "иван " * 2_000,
    "one Cyrillic word": "щ" * 10_000,
    "Arabic words": "عبد " * 2_000,
    "nine long Arabic words": " ".join(["عبدالرحمن"] * 9),
    "Han without end": "約翰" * 5_000,
    "Hangul without end": "김" * 10_000,
    "many scripts": "김Kimиванمحمد約" * 1_000,
    "emoji": "😀" * 5_000,
    "control characters": "\x00\x1b[31m\x07" * 1_000,
    "one ligature": "ﷺ",
    "jamo": "ㄱㅏㅁ" * 500,
}
OTHERS = ["Kim Jong Un", "김정은", "Abdul Rahman Mohammed Abdallah Salih Muhammad Kawari", "Иван Петров", "李明"]


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Tables are loaded once, before anything is timed."""
    for text in ("Kim", "Иван", "محمد", "李明", "김정은"):
        compare("Kim Jong Un", text, "person")


def _seconds(left: str, right: str) -> float:
    before = time.process_time()
    one, two = analyse.__wrapped__(left, "person"), analyse.__wrapped__(right, "person")
    found = compare(one, two)
    assert 0.0 <= found.score <= 1.0 and 0.0 < found.probability < 1.0
    return time.process_time() - before


class TestTime:
    @pytest.mark.parametrize("name", STRANGE)
    def test_a_strange_name_is_compared_in_time(self, name: str) -> None:
        for other in (*OTHERS, STRANGE[name] + "b"):
            assert min(_seconds(STRANGE[name], other), _seconds(other, STRANGE[name])) < LIMIT

    @pytest.mark.parametrize("name", STRANGE)
    def test_keys_stay_few(self, name: str) -> None:
        assert len(keys(STRANGE[name], "person")) <= 40

    @settings(max_examples=100, deadline=1_000)
    @given(st.text(max_size=120), st.text(max_size=120))
    def test_any_two_texts(self, left: str, right: str) -> None:
        assert 0.0 <= compare(left, right, "person").score <= 1.0

    @settings(max_examples=60, deadline=1_000)
    @given(st.lists(st.sampled_from("kim ng a- yi иван عبد 約 김 \u0301 \u200b".split()), max_size=120))
    def test_any_mixture(self, pieces: list[str]) -> None:
        assert 0.0 <= compare("".join(pieces), "Kim Jong Un", "person").score <= 1.0
