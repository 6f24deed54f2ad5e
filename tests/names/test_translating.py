"""Names of organisations in other scripts: cut, put into English, read by sound."""

from __future__ import annotations

import pytest

from vedette.names import compare
from vedette.names.translating import across, kin, reads, spread, translate

ALERT = 0.7


class TestTranslate:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("김일성종합대학", "kim il sung university"),
            ("조선콤퓨터쎈터", "korea computer center"),
            ("清华大学", "tsinghua university"),
            ("清華大學", "tsinghua university"),
            ("московский институт", "moscow institute"),
            ("Российская академия наук", "russia academy science"),
            ("وزارة الصحة", "ministry health"),
            ("دانشگاه تهران", "university tehran"),
            ("トウキョウ ダイガク", "tokyo university"),
            ("広島大学", "hiroshima university"),
            ("公益財団法人国際協会", "international association"),
            ("Τράπεζα", "bank"),
            ("Acme", ""),
        ],
    )
    def test_known_words_become_english(self, text: str, words: str) -> None:
        assert " ".join(word for word, _ in translate(text)) == words

    def test_each_word_keeps_what_was_written(self) -> None:
        assert translate("清華大學") == (("tsinghua", "清華"), ("university", "大學"))

    @pytest.mark.parametrize(("text", "unknown"), [("熊本大学", "熊本"), ("荊門大学", "荊門"), ("Банк Аваль", "аваль")])
    def test_a_name_stays_as_written(self, text: str, unknown: str) -> None:
        assert unknown in [word for word, _ in translate(text)]


class TestReads:
    @pytest.mark.parametrize(
        ("native", "latin"),
        [
            ("대성", "daesong"),
            ("南京", "nanjing"),
            ("熊本", "kumamoto"),
            ("トヨタ", "toyota"),
            ("аваль", "aval"),
            ("حقاني", "haqqani"),
            ("ヤマックス", "yamax"),
        ],
    )
    def test_the_sound_of_a_name(self, native: str, latin: str) -> None:
        assert reads(native, latin) >= 0.6

    @pytest.mark.parametrize(
        ("native", "latin"), [("대성", "moranbong"), ("南京", "beijing"), ("トヨタ", "nissan"), ("аваль", "sberbank")]
    )
    def test_another_name_is_not_heard(self, native: str, latin: str) -> None:
        assert reads(native, latin) < 0.6

    def test_native_pieces_are_cut_and_latin_words_joined(self) -> None:
        assert spread(("南京东方",), ("nanjing", "dongfang")) == (("南京东方",), ("nanjingdongfang",))


class TestKin:
    def test_words_that_translate_one_word(self) -> None:
        assert kin("institute", "university") and not kin("bank", "hospital")
        assert across("academy", "institute") == 0.8 and across("bank", "hospital") < 0.6


SAME = [
    ("北京航空航天大学", "Beihang University"),
    ("哈尔滨工业大学", "Harbin Institute of Technology"),
    ("國立臺灣大學", "National Taiwan University"),
    ("中国船舶重工集团公司", "China Shipbuilding Industry Corporation"),
    ("日本電気株式会社", "Nippon Electric Company"),
    ("평양과학기술대학", "Pyongyang University of Science and Technology"),
    ("김책공업종합대학", "Kim Chaek University of Technology"),
    ("조선무역은행", "Foreign Trade Bank of the DPRK"),
    ("조선광업개발무역회사", "Korea Mining Development Trading Corporation"),
    ("국방과학원", "Academy of National Defense Science"),
    ("Московский авиационный институт", "Moscow Aviation Institute"),
    ("Конструкторское бюро приборостроения", "KB Priborostroeniya"),
    ("ООО Ромашка", "Romashka LLC"),
    ("دانشگاه صنعتی شریف", "Sharif University of Technology"),
    ("شبکه حقانی", "Haqqani Network"),
    ("شركة النور للصرافة", "Al-Noor Exchange Company"),
]
OTHER = [
    ("김일성종합대학", "Kim Chaek University of Technology"),
    ("清华大学", "Peking University"),
    ("哈尔滨工业大学", "Harbin Engineering University"),
    ("Московский авиационный институт", "Moscow Power Engineering Institute"),
    ("دانشگاه تهران", "Shiraz University"),
    ("大学", "Harvard University"),
    ("조선무역회사", "Korea Computer Center"),
]


class TestOrganizations:
    @pytest.mark.parametrize(("left", "right"), SAME)
    def test_one_organisation_in_two_scripts(self, left: str, right: str) -> None:
        assert compare(left, right, "organization").score >= ALERT

    @pytest.mark.parametrize(("left", "right"), OTHER)
    def test_two_organisations(self, left: str, right: str) -> None:
        assert compare(left, right, "organization").score < ALERT
