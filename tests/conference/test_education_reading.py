"""How hard texts are to read: the measures on texts whose value is known by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.conference.education import content, reading


class TestGrade:
    def test_by_hand(self) -> None:
        # 6 words, 1 sentence, 6 syllables.
        assert reading.grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)

    def test_longer_words_and_sentences_are_harder(self) -> None:
        easy = "We ask. You tell us. We read it."
        hard = (
            "Organisational representatives systematically interrogate applicants regarding institutional affiliations."
        )
        assert reading.grade(easy) < 3 < 15 < reading.grade(hard)

    def test_no_words_have_no_grade(self) -> None:
        assert reading.grade("1234 -- !") == 0.0

    @settings(max_examples=40)
    @given(st.text(max_size=200))
    def test_any_text_has_a_number(self, text: str) -> None:
        assert isinstance(reading.grade(text), float)
        assert reading.mean_words(text) >= 0
        assert reading.mean_characters(text) >= 0


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("One. Two! Three?", 3),
            ("第一句。第二句！", 2),
            ("첫 문장입니다. 둘째 문장입니다.", 2),
            ("“Quoted.” After.", 2),
            ("A line\nand another", 2),
            ("... !!", 0),
        ],
    )
    def test_they_end_with_a_stop_or_the_line(self, text: str, count: int) -> None:
        assert len(reading.sentences(text)) == count

    def test_means(self) -> None:
        assert reading.mean_words("Один два три. Четыре пять.") == 2.5
        assert reading.mean_characters("甲乙丙。丁。") == 2.0


class TestMeasure:
    def test_each_language_has_its_own(self) -> None:
        found = {code: language.level.measure for code, language in content.languages().items()}
        assert found == {"en": "grade", "ko": "words", "zh": "characters", "ru": "words", "ja": "characters"}
        assert reading.measure(content.languages()["zh"], "甲乙丙。丁。") == 2.0
