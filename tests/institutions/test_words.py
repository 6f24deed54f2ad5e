"""How a string is taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.institutions.words import LIMIT, key, read


class TestKey:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("Univ. of Antwerp", "University of Antwerp"),
            ("Universität Bonn", "University Bonn"),
            ("KIM IL-SUNG UNIVERSITY", "Kim Il Sung University"),
            ("Xi'an Jiaotong Univ", "Xian Jiaotong University"),
            ("Institut d’Hématologie", "Institute Hematologie"),
            ("D.P.R. Korea", "DPR Korea"),
            ("P. R. China", "PR China"),
            ("The Chinese Acad Sci", "Chinese Academy of Sciences"),
            ("김일성 종합대학", "김일성종합대학"),
            ("Ｋyoto Univ", "Kyoto University"),
            ("ofUniversity of Bonn", "of University of Bonn"),
            ("Pyŏngyang", "Pyongyang"),
        ],
    )
    def test_two_ways_to_write_it_have_one_form(self, left: str, right: str) -> None:
        assert key(left) == key(right)

    @pytest.mark.parametrize(
        ("left", "right"),
        [("University of Washington", "Washington University"), ("North Korea", "South Korea"), ("平壤", "沈阳")],
    )
    def test_two_things_have_two_forms(self, left: str, right: str) -> None:
        assert key(left) != key(right)


class TestRead:
    def test_commas_part_segments_and_semicolons_part_affiliations(self) -> None:
        text = read("Dept A, Univ B; Univ C")
        assert text.tokens == ("department", "a", "university", "b", "university", "c")
        assert text.segments == (0, 0, 1, 1, 2, 2)
        assert text.parts == (0, 0, 0, 0, 1, 1)

    def test_a_span_can_be_shown_as_it_was_written(self) -> None:
        text = read("Dept., Univ. of  Bonn")
        assert text.written(1, 3) == "Univ. of  Bonn"

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=300))
    def test_any_text_is_read_and_every_token_stands_where_it_says(self, text: str) -> None:
        found = read(text)
        assert len(found.tokens) == len(found.starts) == len(found.ends) == len(found.segments) == len(found.parts)
        assert all(found.tokens)
        assert all(0 <= start < end <= len(found.clean) for start, end in zip(found.starts, found.ends, strict=True))

    def test_a_huge_string_is_cut(self) -> None:
        assert len(read("a1 " * 1_000_000).clean) <= LIMIT
