"""What a reviewer would expect of two written names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.names import Comparison, Kind, analyse, compare

ALERT = 0.7

SAME = [
    ("김정은", "Kim Jong Un", "person"),
    ("金正恩", "Kim Jong Un", "person"),
    ("김정은", "金正恩", "person"),
    ("김정은", "Jong Un KIM", "person"),
    ("김정은", "Kim Chŏng-ŭn", "person"),
    ("김정은", "Gim Jeongeun", "person"),
    ("Kim Jongun", "Kim Jong-un", "person"),
    ("이민호", "Lee Min Ho", "person"),
    ("리민호", "Lee Min-ho", "person"),
    ("박지성", "Park Ji Sung", "person"),
    ("Ким Чен Ын", "김정은", "person"),
    ("Ким Чен Ын", "Kim Jong Un", "person"),
    ("KANG Mun Kil", "Jiang Wen-ji", "person"),
    ("KU, Ja Hyong", "KU, Cha-hyo'ng", "person"),
    ("张伟", "Zhang Wei", "person"),
    ("張偉", "张伟", "person"),
    ("习近平", "Hsi Chin-p'ing", "person"),
    ("曾庆红", "Zeng Qinghong", "person"),
    ("单雄信", "Shan Xiongxin", "person"),
    ("山田太郎", "Yamada Taro", "person"),
    ("田中花子", "Hanako Tanaka", "person"),
    ("Владимир Путин", "Vladimir Putin", "person"),
    ("Дмитрий Медведев", "Dmitry Medvedev", "person"),
    ("محمد علي", "Mohamed Ali", "person"),
    ("أحمد حسن", "Ahmed Hassan", "person"),
    ("عبد الله", "Abdullah", "person"),
    ("משה", "Moshe", "person"),
    ("Νικόλαος", "Nikolaos", "person"),
    ("สมชาย", "Somchai", "person"),
    ("Mohammed Ali", "Muhammad Aly", "person"),
    ("Osama bin Laden", "Usama bin Ladin", "person"),
    ("Jon Smith", "John Smith", "person"),
    ("Jon", "John", "person"),
    ("J. Smithson", "John Smithson", "person"),
    ("Abdul Rahman Yasin", "Abdulrahman Yasin", "person"),
    ("Dr. Maria Garcia", "GARCIA, Maria", "person"),
    ("김일성종합대학", "Kim Il Sung University", "organization"),
    ("조선콤퓨터쎈터", "Korea Computer Center", "organization"),
    ("北京航空航天大学", "Beihang University", "organization"),
    ("KCC", "Korea Computer Center", "organization"),
    ("KOMID", "Korea Mining Development Trading Corporation", "organization"),
    ("Daesong Trading", "Daesong Trading Co., Ltd.", "organization"),
    ("Huawei Technologies Company Limited", "HUAWEI TECH CO LTD", "organization"),
    ("Green Pine Associated Corporation", "Green Pine Assoc. Corp", "organization"),
    ("Joint Stock Company Almaz", "АО Алмаз", "organization"),
    ("Bank of East Land", "East Land Bank", "organization"),
]

DIFFERENT = [
    ("Kim Jong Un", "Kim Jong Nam", "person"),
    ("김정은", "김정남", "person"),
    ("김정은", "Kim Jong Nam", "person"),
    ("Pak Chun Il", "Pak Mun Il", "person"),
    ("Kwak Chong-chol", "Ri Chong Chol", "person"),
    ("Kim Chol", "Kim Tong Chol", "person"),
    ("Li", "Lu", "person"),
    ("张伟", "Li Wei", "person"),
    ("张伟", "李伟", "person"),
    ("Wang Mingming", "Wang Mingjing", "person"),
    ("Maria Garcia", "Maria Lopez", "person"),
    ("Jane Smith", "June Smith", "person"),
    ("Mario Rossi", "Maria Rossi", "person"),
    ("Kamal Hassan Tikriti", "Jamal Hassan Tikriti", "person"),
    ("Ali", "Ali Hassan Omar", "person"),
    ("山田太郎", "Tanaka Hanako", "person"),
    ("CORP", "Acme Corp", "organization"),
    ("TRADING", "Daesong Trading", "organization"),
    ("General Trading Company", "General Shipping Company", "organization"),
    ("First Division Syrian Army", "Fourth Division Syrian Army", "organization"),
    ("Plant 10", "Plant 13", "organization"),
    ("Korea Computer Center", "Korea Mining Development", "organization"),
    ("ABC", "Korea Computer Center", "organization"),
]


class TestSameBearer:
    @pytest.mark.parametrize(("left", "right", "kind"), SAME)
    def test_a_reviewer_sees_an_alert(self, left: str, right: str, kind: Kind) -> None:
        assert compare(left, right, kind).score >= ALERT

    @pytest.mark.parametrize(("left", "right", "kind"), SAME)
    def test_only_identical_forms_reach_one(self, left: str, right: str, kind: Kind) -> None:
        assert compare(left, right, kind).score < 1.0


class TestDifferentBearers:
    @pytest.mark.parametrize(("left", "right", "kind"), DIFFERENT)
    def test_nobody_is_alarmed(self, left: str, right: str, kind: Kind) -> None:
        assert compare(left, right, kind).score < ALERT


class TestIdenticalForms:
    @pytest.mark.parametrize(
        ("left", "right"), [("Kim Jong Un", "KIM, Jong-un"), ("Huawei", "HUAWEI."), ("김정은", "김정은")]
    )
    def test_case_and_punctuation_do_not_count(self, left: str, right: str) -> None:
        assert compare(left, right).score == 1.0

    def test_two_han_characters_of_one_sound_are_not_identical(self) -> None:
        assert compare("李明", "里明", "person").score < ALERT

    def test_a_common_name_carries_few_bits_even_when_identical(self) -> None:
        assert compare("Kim Jong Un", "Kim Jong Un", "person").bits < 16


class TestOrderOfScores:
    def test_omission_costs_less_than_contradiction(self) -> None:
        omitted = compare("John Smithson", "John Michael Smithson", "person").score
        contradicted = compare("John Peter Smithson", "John Michael Smithson", "person").score
        assert omitted > contradicted

    def test_a_rare_name_carries_more_bits_than_a_common_one(self) -> None:
        assert compare("박진혁", "Park Jin Hyok", "person").bits > compare("김정은", "Kim Jong Un", "person").bits


class TestExplanation:
    def test_names_both_strings_and_the_reading(self) -> None:
        why = " ".join(compare("김정은", "Kim Jong Un", "person").explanation)
        for expected in ("“김정은”", "“Kim Jong Un”", "3 of 3", "bits", "common name", "kim jong-un"):
            assert expected in why

    def test_says_which_words_differ(self) -> None:
        why = " ".join(compare("Maria Garcia", "Maria Lopez", "person").explanation)
        assert "same words: maria" in why and "garcia" in why and "lopez" in why

    def test_says_what_an_acronym_stands_for(self) -> None:
        assert "KCC stands for" in " ".join(compare("KCC", "Korea Computer Center", "organization").explanation)

    def test_says_when_a_chinese_reading_is_assumed(self) -> None:
        assert "Chinese reading" in " ".join(compare("KANG Mun Kil", "Jiang Wen-ji", "person").explanation)


HOSTILE = st.text(max_size=80) | st.sampled_from(
    [
        "",
        " ",
        "\u200b",
        "\u202eabc",
        "a" * 10_000,
        "김" * 10_000,
        "́" * 500,
        "😀😀",
        "\x00\x01",
        "<script>",
        "a-" * 5000,
        "kimkimkim " * 900,
        "ㅋㅋㅋ",
        "ﷺ",
    ]
)


class TestHostileInput:
    @settings(max_examples=150, deadline=None)
    @given(left=HOSTILE, right=HOSTILE, kind=st.sampled_from(["person", "organization", "unknown"]))
    def test_always_an_answer_within_bounds(self, left: str, right: str, kind: Kind) -> None:
        found = compare(left, right, kind)
        assert isinstance(found, Comparison) and 0.0 <= found.score <= 1.0 and found.explanation

    @settings(max_examples=100, deadline=None)
    @given(left=HOSTILE, right=HOSTILE)
    def test_the_side_does_not_matter(self, left: str, right: str) -> None:
        assert compare(left, right).score == pytest.approx(compare(right, left).score, abs=0.02)

    @pytest.mark.parametrize(
        "text", ["a-" * 50_000, "kim " * 30_000, "ngngng" * 20_000, "가" * 100_000, "張" * 100_000, "́" * 100_000]
    )
    def test_no_slow_path(self, text: str) -> None:
        before = time.process_time()
        compare(text, "Kim Jong Un", "unknown")
        assert time.process_time() - before < 2.0


class TestAnalyse:
    def test_is_reused(self) -> None:
        assert analyse("Kim Jong Un", "person") is analyse("Kim Jong Un", "person")

    def test_a_bank_of_unknown_kind_is_taken_as_an_organisation(self) -> None:
        assert analyse("East Land Bank").kind == "organization"

    def test_analysed_and_plain_names_compare_alike(self) -> None:
        left, right = analyse("김정은", "person"), analyse("Kim Jong Un", "person")
        assert compare(left, right) == compare("김정은", "Kim Jong Un", "person")
