"""A cursor leads back to its own question only; nobody can write one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.doors.web.paging import Cursors
from vedette.doors.web.problem import Problem

CURSORS = Cursors(b"k" * 32)


class TestCursors:
    @given(st.text(max_size=50), st.integers(0, 2**53))
    def test_what_is_written_is_read_back(self, question: str, seq: int) -> None:
        assert CURSORS.read(question, CURSORS.write(question, {"seq": seq})) == {"seq": seq}

    @pytest.mark.parametrize("text", ["", "a", "====", "é", "\0", "AAAA", "A" * 399, "../.."])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(Problem) as told:
            CURSORS.read("q", text)
        assert told.value.status == 400

    @given(st.text(alphabet="ABCabc012-_=", max_size=80))
    def test_no_text_breaks_it(self, text: str) -> None:
        with pytest.raises(Problem):
            CURSORS.read("q", text)

    def test_another_question_or_another_key_is_refused(self) -> None:
        text = CURSORS.write("a", {"seq": 1})
        with pytest.raises(Problem):
            CURSORS.read("b", text)
        with pytest.raises(Problem):
            Cursors(b"x" * 32).read("a", text)

    def test_question_and_place_cannot_trade_letters(self) -> None:
        text = CURSORS.write("a", {"seq": 1})
        with pytest.raises(Problem):
            CURSORS.read('a{"seq":1}', text)
