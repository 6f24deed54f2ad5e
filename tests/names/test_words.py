"""Order-free parts, legal forms and honorifics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names import compare, parts
from vedette.names.legal import split_forms
from vedette.names.words import generation, person_tokens


class TestParts:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("Kim, Jong Un", "Jong Un KIM"),
            ("Dr. Maria Garcia", "GARCIA, María"),
            ("Daesong Trading Co., Ltd.", "TRADING DAESONG"),
            ("Acme GmbH", "ACME"),
            ("The Acme Company LLC", "Acme"),
        ],
    )
    def test_two_writings_give_the_same_parts(self, left: str, right: str) -> None:
        assert parts(left) == parts(right)

    def test_a_short_syllable_is_no_legal_form(self) -> None:
        assert parts("Lee Se Dol") == parts("Dol Se Lee") == ("dol", "lee", "se")

    def test_a_name_of_nothing_but_a_form_stays(self) -> None:
        assert parts("LTD") == ("ltd",)

    @given(
        st.lists(st.sampled_from(["kim", "jong", "un", "ltd", "co", "se", "dr", "gmbh"]), min_size=1, max_size=6),
        st.randoms(),
    )
    def test_order_never_counts(self, tokens: list[str], random: object) -> None:
        shuffled = sorted(tokens, reverse=True)
        assert parts(" ".join(tokens)) == parts(" ".join(shuffled))


class TestPersonTokens:
    def test_honorifics_fall_away(self) -> None:
        assert person_tokens("General Kim Yong Chol") == ("kim", "yong", "chol")

    def test_a_lone_honorific_stays(self) -> None:
        assert person_tokens("Major") == ("major",)


class TestSplitForms:
    @pytest.mark.parametrize(
        ("text", "kept", "classes"),
        [
            ("closed joint stock company alfa", ("alfa",), {"joint stock"}),
            ("alfa oao", ("alfa",), {"joint stock"}),
            ("obshchestvo s ogranichennoy otvetstvennostyu alfa", ("alfa",), {"llc"}),
            ("alfa gmbh", ("alfa",), {"llc"}),
            ("alfa co ltd", ("alfa",), {"limited"}),
            ("alfa beta", ("alfa", "beta"), set()),
        ],
    )
    def test_classes(self, text: str, kept: tuple[str, ...], classes: set[str]) -> None:
        assert split_forms(tuple(text.split())) == (kept, frozenset(classes))


class TestGeneration:
    @pytest.mark.parametrize(
        ("name", "mark"),
        [
            ("John Smith Jr.", "junior"),
            ("John Smith Senior", "senior"),
            ("John Smith II", "second"),
            ("John Smith", ""),
            ("Neymar Jr", ""),
        ],
    )
    def test_the_mark_behind_the_name(self, name: str, mark: str) -> None:
        assert generation(name) == mark

    def test_is_no_word_of_the_name(self) -> None:
        assert person_tokens("John Smith III") == ("john", "smith")

    def test_parts_father_from_son(self) -> None:
        assert compare("John Smith Jr.", "John Smith Sr.", "person").score < 0.7
        assert compare("John Smith Jr.", "John Smith", "person").score > 0.9
