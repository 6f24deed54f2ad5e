"""What a body may hold: one JSON value of modest depth, without NUL and without endless texts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.doors.web.body import decoded
from vedette.doors.web.problem import Problem

PLAIN = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=12,
)


class TestDecoded:
    @given(VALUES)
    def test_sound_values_come_through(self, value: object) -> None:
        try:
            found = decoded(json.dumps(value).encode())
        except Problem as told:
            assert told.slug == "too-deep"
        else:
            assert found == value

    @given(st.binary(max_size=60))
    def test_no_bytes_break_it(self, data: bytes) -> None:
        try:
            decoded(data)
        except Problem as told:
            assert told.status in (400, 422)

    @pytest.mark.parametrize(("depth", "fits"), [(1, True), (16, True), (17, False), (900, False), (100_000, False)])
    def test_depth(self, depth: int, fits: bool) -> None:
        data = b"[" * depth + b"]" * depth
        if fits:
            decoded(data)
            return
        with pytest.raises(Problem) as told:
            decoded(data)
        assert told.value.slug == "too-deep"

    @pytest.mark.parametrize(
        ("data", "slug"),
        [
            (b'"\\u0000"', "nul"),
            (b'{"\\u0000": 1}', "nul"),
            (b'[[{"a": ["b\\u0000"]}]]', "nul"),
            (b'"' + b"x" * 20_001 + b'"', "text-too-long"),
            (b'"\\ud800x"', "no-json"),
            (b"1e999", "no-json"),
            (b'{"a": 1}{', "no-json"),
        ],
    )
    def test_refused(self, data: bytes, slug: str) -> None:
        with pytest.raises(Problem) as told:
            decoded(data)
        assert told.value.slug == slug
        assert "xxx" not in told.value.detail

    def test_an_escaped_backslash_is_no_nul(self) -> None:
        assert decoded(b'"\\\\u0000"') == "\\u0000"

    def test_the_longest_text_fits(self) -> None:
        assert len(decoded(b'"' + b"x" * 20_000 + b'"')) == 20_000
