"""What written syllables say about Hangul."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names.korean.learn import align, count
from vedette.names.korean.letters import compose, decompose, northern, southern
from vedette.names.korean.model import SyllableModel, syllable_model
from vedette.names.korean.reading import read, tidy
from vedette.names.korean.scoring import best

_HANGUL = st.integers(0xAC00, 0xD7A3).map(chr)


class TestLetters:
    @given(_HANGUL)
    def test_composing_undoes_decomposing(self, syllable: str) -> None:
        assert compose(*decompose(syllable)) == syllable

    @pytest.mark.parametrize(
        ("north", "south"), [("리", "이"), ("로", "노"), ("류", "유"), ("녀", "여"), ("룡", "용"), ("김", "김")]
    )
    def test_initial_sound_law(self, north: str, south: str) -> None:
        assert southern(north) == south
        assert north == south or north in northern(south)


class TestDistributions:
    @pytest.mark.parametrize(
        ("sign", "syllable"),
        [
            ("ljong", "정"),
            ("ljong", "종"),
            ("lchŏng", "정"),
            ("lchol", "철"),
            ("lch'ol", "철"),
            ("lyoung", "영"),
            ("lhee", "희"),
            ("cчен", "정"),
            ("j正", "정"),
            ("pwen", "문"),
        ],
    )
    def test_may_stand_for(self, sign: str, syllable: str) -> None:
        assert syllable_model().given(sign).get(syllable, 0.0) > 0.02

    @pytest.mark.parametrize("sign", ["ljong", "lhye", "h정", "cчен", "j正", "pwen"])
    def test_sums_to_one(self, sign: str) -> None:
        assert isclose(sum(syllable_model().given(sign).values()), 1.0, abs_tol=1e-3)

    def test_a_breve_narrows(self) -> None:
        model = syllable_model()
        assert model.given("lchŏng").get("종", 0.0) < model.given("lchong").get("종", 0.0)

    @pytest.mark.parametrize(
        ("sign", "name"),
        [
            ("lri", "이"),
            ("lyi", "이"),
            ("lrhee", "이"),
            ("lnoh", "노"),
            ("lro", "노"),
            ("lgim", "김"),
            ("lryu", "유"),
            ("lim", "임"),
            ("lrim", "임"),
            ("h리", "이"),
            ("j金", "김"),
            ("pjin", "김"),
        ],
    )
    def test_family_names(self, sign: str, name: str) -> None:
        assert syllable_model().family(sign).get(name, 0.0) > 0.05

    def test_nonsense_stands_for_nothing(self) -> None:
        assert not syllable_model().given("lxqzw")
        assert not syllable_model().family("lxqzw")

    @given(st.sampled_from(["ljong", "lun", "h정", "cчен", "lxx"]), st.sampled_from(["ljong", "leun", "h은", "j恩"]))
    def test_bits_are_symmetric(self, left: str, right: str) -> None:
        assert isclose(syllable_model().bits(left, right), syllable_model().bits(right, left), abs_tol=1e-9)


class TestReading:
    def test_given_name_written_together(self) -> None:
        assert read(syllable_model(), "Kim Jongun")[0].given == ("ljong", "lun")

    def test_family_name_last(self) -> None:
        assert read(syllable_model(), "Jong Un KIM")[0].family == "lkim"

    def test_double_family_name(self) -> None:
        assert any(reading.family == "h남궁" for reading in read(syllable_model(), "남궁민수"))

    @pytest.mark.parametrize("text", ["", "x", "John Smith", "Владимир Путин", "محمد", "가" * 50, "12 34"])
    def test_other_names_have_no_reading(self, text: str) -> None:
        assert read(syllable_model(), text) == ()

    @pytest.mark.parametrize(
        ("text", "plain"), [("Cha-hyo'ng", "cha-hyŏng"), ("Ch'ŏl", "ch'ŏl"), ("Jong’un", "jongun"), ("Pak É", "pak e")]
    )
    def test_marks(self, text: str, plain: str) -> None:
        assert tidy(text) == plain


class TestAgreement:
    def test_common_name_about_ten_bits(self) -> None:
        model = syllable_model()
        found = best(model, read(model, "김정은"), read(model, "Kim Jong Un"))
        assert found and 8 < found.bits < 13

    def test_rare_syllables_carry_more(self) -> None:
        model = syllable_model()
        found = best(model, read(model, "박진혁"), read(model, "Park Jin Hyok"))
        assert found and found.bits > 14

    def test_a_clashing_syllable_takes_bits_away(self) -> None:
        model = syllable_model()
        found = best(model, read(model, "김정은"), read(model, "Kim Jong Nam"))
        assert found and min(found.given) < 0


class TestLearning:
    PAIRS = [("김정은", "Kim Jong-un"), ("박지성", "Park Ji-sung"), ("이민호", "Lee Minho")]

    def test_counts_syllables_not_names(self) -> None:
        surnames, given_counts = count(self.PAIRS)
        assert surnames["박"] == {"park": 1}
        assert given_counts["민"] == {"min": 1} and given_counts["호"] == {"ho": 1}
        assert all(len(char) == 1 for char in given_counts)

    def test_cuts_a_joined_name(self) -> None:
        assert align("민호", "minho") == ("min", "ho")
        assert align("민호", "qqq") is None

    def test_slips_do_not_count(self) -> None:
        assert "chun" not in count([("김기수", "Kim Chun-su")])[1].get("기", {})

    def test_learnt_spellings_shift_the_distribution(self) -> None:
        taught = SyllableModel({}, {"정": {"jong": 50}, "종": {"jong": 1}})
        assert taught.given("ljong")["정"] > 0.8
