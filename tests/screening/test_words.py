"""Words in common: rare ones lead to forms, however they are ordered and though a letter is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.screening.words import COMMON, Words, counted, most, worth

_FORMS = ["jong kim su", "dandong hydroacoustic zarvanitsa", "exchange ferry quill", "ferry heron morning"]


class TestSharing:
    @pytest.mark.parametrize(
        ("form", "first"),
        [
            ("zarvanitsa", 1),
            ("hydroacoustic zarvanista", 1),
            ("quil exchange", 2),
            ("mornin heron", 3),
        ],
    )
    def test_leads_to_the_form(self, form: str, first: int) -> None:
        assert Words(_FORMS).sharing(form)[0][0] == first

    def test_other_words_lead_nowhere(self) -> None:
        assert Words(_FORMS).sharing("miller john") == []

    def test_a_word_that_everybody_bears_leads_nowhere(self) -> None:
        assert counted("trading") > COMMON
        assert Words(["trading number one"]).sharing("trading") == []

    @given(st.lists(st.sampled_from(["zarvanitsa ro", "zarvanitsky ro", "quil", "kim jong"]), max_size=4, unique=True))
    def test_whether_a_form_is_found_hangs_on_that_form_only(self, others: list[str]) -> None:
        """A list delta is screened by itself: other entries may neither hide a form nor change its share."""
        forms = sorted({*others, "ro zarvanitsa"})
        found = {forms[number]: share for number, share in Words(forms).sharing("zarvanitsa rho")}
        assert found["ro zarvanitsa"] == Words(["ro zarvanitsa"]).sharing("zarvanitsa rho")[0][1]

    def test_no_forms_share_nothing(self) -> None:
        assert Words([]).sharing("anything") == []

    @given(st.text("abc ", max_size=20), st.lists(st.text("abc ", min_size=1, max_size=12), max_size=12))
    def test_shares_are_shares(self, form: str, forms: list[str]) -> None:
        assert all(0 < share <= 1 and number < len(forms) for number, share in Words(forms).sharing(form))

    @given(st.lists(st.sampled_from(["zarvanitsa", "quil", "kim jong", "heron mornin"]), min_size=1, max_size=4))
    def test_learning_in_one_go_changes_nothing(self, asked: list[str]) -> None:
        together, apart = Words(_FORMS), Words(_FORMS)
        together.learn(asked)
        assert [together.sharing(form) for form in asked] == [apart.sharing(form) for form in asked]


class TestMost:
    @given(st.lists(st.integers(0, 100), max_size=80), st.integers(1, 20))
    def test_equals_a_plain_sort(self, numbers: list[int], kept: int) -> None:
        row = np.array(numbers + [0] * (-len(numbers) % 8), dtype=np.uint8)
        plain = sorted(((at, n) for at, n in enumerate(numbers) if n), key=lambda pair: (-pair[1], pair[0]))
        assert most(row, kept) == plain[:kept]


class TestWorth:
    def test_a_rare_word_is_worth_more_than_a_common_one(self) -> None:
        assert worth("zarvanitsa") > worth("trading") > worth("al") > 0
