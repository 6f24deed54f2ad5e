"""Names across scripts, word by word."""

from __future__ import annotations

import time
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.names import compare
from vedette.names.crossing.channel import Channel, channel, weigh
from vedette.names.crossing.comparing import cross
from vedette.names.crossing.learn import learn
from vedette.names.crossing.signs import SCRIPTS, heard, signs

SAME = [
    ("Vladimir Putin", "Владимир Путин"),
    ("PUTIN, Vladimir", "Владимир Путин"),
    ("Vladimir Putin", "Владимир Владимирович Путин"),
    ("Yevgeny Prigozhin", "Евгений Пригожин"),
    ("Oleksandr Shevchenko", "Олександр Шевченко"),
    ("Mohamed Ali", "محمد علي"),
    ("ABD AL-RAHMAN AL-IRAQI", "عبد الرحمن العراقي"),
    ("Sirajuddin Haqqani", "سراج الدین حقانی"),
    ("Khaled Mahmoud", "خالد محمود"),
    ("John Smith", "约翰·史密斯"),
    ("Barack Obama", "巴拉克·奥巴马"),
    ("Shakespeare", "莎士比亚"),
]
OTHER = [
    ("Vladimir Putin", "Владимир Петров"),
    ("Dmitry Medvedev", "Владимир Путин"),
    ("Mohamed Ali", "محمد حسن"),
    ("Khaled Mahmoud", "خالد إبراهيم"),
    ("John Smith", "约翰·奥巴马"),
    ("Zhang Wei", "李伟"),
    ("Wang Fang", "王刚"),
    ("Putin", "Владимир Путин Иванович"),
]


class TestNames:
    @pytest.mark.parametrize(("latin", "native"), SAME)
    def test_one_name_in_two_scripts_alerts(self, latin: str, native: str) -> None:
        assert compare(latin, native, "person").score >= 0.7

    @pytest.mark.parametrize(("latin", "native"), OTHER)
    def test_another_name_does_not(self, latin: str, native: str) -> None:
        assert compare(latin, native, "person").score < 0.7

    @pytest.mark.parametrize(("latin", "native"), SAME + OTHER)
    def test_the_side_does_not_matter(self, latin: str, native: str) -> None:
        assert isclose(compare(latin, native, "person").score, compare(native, latin, "person").score, abs_tol=1e-9)

    def test_a_patronymic_left_out_costs_less_than_another_family_name(self) -> None:
        left_out = compare("Ivan Petrov", "Иван Сергеевич Петров", "person").score
        assert left_out > compare("Ivan Petrov", "Иван Сидоров", "person").score

    def test_more_agreement_scores_more(self) -> None:
        scores = [compare(name, "Дмитрий Медведев", "person").score for name in ("Dmitry Medvedev", "Dmitry Medvedov")]
        assert scores[0] > scores[1]

    def test_explains_which_words_were_paired(self) -> None:
        assert "putin and путин" in " ".join(compare("Vladimir Putin", "Владимир Путин", "person").explanation)

    def test_a_list_of_words_is_no_name(self) -> None:
        assert cross(("a",) * 12, ("иван",), "cyrillic") is None and cross((), ("иван",), "cyrillic") is None


class TestSigns:
    def test_the_last_sign_is_marked(self) -> None:
        assert signs("иван", "cyrillic") == ("и", "в", "а", "н$")

    def test_han_is_cut_into_initials_and_finals(self) -> None:
        assert signs("史", "han") == ("sh", "i$")

    def test_forms_of_one_arabic_letter_are_one_sign(self) -> None:
        assert signs("أحمد", "arabic") == signs("احمد", "arabic")

    def test_arabic_does_not_tell_doubled_letters(self) -> None:
        assert heard("haqqani", "arabic") == "haqani" and heard("anna", "cyrillic") == "anna"

    @given(st.text(max_size=60), st.sampled_from(SCRIPTS))
    def test_bounded(self, word: str, script: str) -> None:
        assert len(signs(word, script)) <= 24


class TestChannel:
    def test_spellings_of_a_sign_are_shares(self) -> None:
        for script in SCRIPTS:
            known = channel(script)
            assert all(0.9 < sum(row.values()) <= 1.0 for row in known._spellings.values())

    def test_agreement_carries_bits_and_clash_takes_them(self) -> None:
        assert weigh("putin", "путин", "cyrillic").bits > 8 > 0 > weigh("ivanov", "путин", "cyrillic").bits

    def test_an_unknown_sign_says_nothing(self) -> None:
        toy = Channel({"а": {"a": 1.0}, "б": {"b": 1.0}}, {"а": 0.5, "б": 0.5}, {1: 0.5, 2: 0.5})
        assert toy.weigh("ab", ("а", "б")).bits > toy.weigh("ab", ("а", "э")).bits > toy.weigh("ab", ("а", "а")).bits

    @settings(max_examples=60, deadline=400)
    @given(st.text("abcdefghiklmnoprstuvyz", max_size=90), st.text("абвгдежзийклмн", max_size=90))
    def test_always_an_answer_in_time(self, latin: str, native: str) -> None:
        assert weigh(latin, native, "cyrillic").bits >= -400

    @pytest.mark.parametrize("script", [("ива" * 9 + " ") * 9, "абв " * 200, "محمد " * 200, "约翰史密斯" * 50])
    def test_no_slow_path(self, script: str) -> None:
        compare("Abdul Rahman " * 30, script, "person")  # tables are loaded
        before = time.process_time()
        compare("Vladimir Vladimirovich " * 40, script, "person")
        assert time.process_time() - before < 0.25


class TestLearning:
    def test_finds_which_letters_stand_for_a_sign(self) -> None:
        pairs = [
            ("basha", ("б", "а", "ш", "а$"), 1.0),
            ("shab", ("ш", "а", "б$"), 1.0),
            ("abash", ("а", "б", "а", "ш$"), 1.0),
        ]
        spelt, shares, lengths = learn(pairs * 20)
        assert max(spelt["ш"], key=spelt["ш"].__getitem__) == "sh"
        assert isclose(sum(shares.values()), 1.0) and isclose(lengths[3], 1 / 3)

    def test_the_shipped_tables_say_where_they_come_from(self) -> None:
        from vedette.names import tables

        for script in SCRIPTS:
            assert "NETransliteration" in (tables._DATA / f"crossing_{script}.tsv").read_text(encoding="utf-8")[:400]
