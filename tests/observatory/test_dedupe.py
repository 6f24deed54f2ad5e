"""Which records are one work: never by a common title, never against two DOIs, never by names alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observatory.publications import work
from vedette.observatory import Authorship
from vedette.observatory.dedupe import first_author, first_page, letters, title_key

LONG = "A long invented title of a work about shoals"


class TestTitleKey:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            (LONG, LONG.upper() + ".", True),
            (LONG, LONG.replace(" of ", " - of: "), True),
            ("Überlange erfundene Überschrift einer Arbeit", "Uberlange erfundene Uberschrift einer Arbeit", True),
            (LONG, LONG + "s", False),
            ("유전알고리즘에 의한 로심 장전", "유전알고리즘에의한 로심장전", True),
        ],
    )
    def test_what_counts_is_letters(self, one: str, other: str, same: bool) -> None:
        assert (title_key(work(title=one)) == title_key(work(title=other))) is same

    @pytest.mark.parametrize("title", ["Editorial", "Erratum", "Preface.", "", "...", "Short one"])
    def test_common_and_short_titles_join_nothing(self, title: str) -> None:
        assert title_key(work(title=title)) == ""

    def test_a_short_title_needs_year_and_page(self) -> None:
        one = title_key(work(title="Short one", pages="11-12"))
        assert one and one == title_key(work(2, title="Short one", pages="11--12"))
        assert one != title_key(work(title="Short one", pages="13"))
        assert one != title_key(work(title="Short one", pages="11", year=2021))

    @settings(max_examples=50)
    @given(title=st.text(max_size=60))
    def test_letters_of_letters_are_the_same(self, title: str) -> None:
        assert letters(letters(title)) == letters(title)


class TestFirstAuthor:
    @pytest.mark.parametrize(
        ("name", "words"),
        [("Kim, C. S.", {"kim"}), ("Chol-Su Kim", {"chol", "su", "kim"}), ("Müller, J", {"muller"}), ("김철수", set())],
    )
    def test_words_of_a_name(self, name: str, words: set[str]) -> None:
        assert set(first_author(work(authors=(Authorship(position=1, name=name),)))) == words

    def test_pages(self) -> None:
        assert first_page(work(pages="S101-9")) == "s101" and first_page(work(pages="")) == ""
