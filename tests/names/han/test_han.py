"""Readings of Han names."""

from __future__ import annotations

import pytest

from vedette.names.han.characters import is_han, plain, table
from vedette.names.han.japanese import reads
from vedette.names.han.mandarin import agreement, of_han, of_latin, pinyin_of


class TestCharacters:
    def test_simplified_forms(self) -> None:
        assert plain("張偉") == "张伟"

    def test_readings(self) -> None:
        assert table()["金"].hangul == ("금", "김")
        assert table()["张"].hangul == ("장",)

    def test_what_is_han(self) -> None:
        assert is_han("金") and not is_han("김") and not is_han("a")


class TestMandarin:
    @pytest.mark.parametrize(
        ("han", "pinyin"),
        [
            ("单雄信", "shan"),
            ("曾庆红", "zeng"),
            ("查良镛", "zha"),
            ("仇和", "qiu"),
            ("解振华", "xie"),
            ("任正非", "ren"),
            ("歐陽修", "ou"),
        ],
    )
    def test_surname_readings(self, han: str, pinyin: str) -> None:
        assert of_han(han)[0][0] == pinyin

    @pytest.mark.parametrize(
        ("han", "latin"),
        [
            ("张伟", "Zhang Wei"),
            ("张伟", "Wei Zhang"),
            ("习近平", "Xi Jinping"),
            ("毛泽东", "Mao Tse-tung"),
            ("蒋经国", "Chiang Ching-kuo"),
            ("吕布", "Lyu Bu"),
            ("欧阳修", "Ouyang Xiu"),
        ],
    )
    def test_latin_agrees(self, han: str, latin: str) -> None:
        found = agreement(of_han(han), of_latin(tuple(latin.lower().replace("-", " ").split())))
        assert found and found[0] > 3 * len(of_han(han)[0])

    def test_another_syllable_clashes(self) -> None:
        found = agreement(of_han("张伟"), of_latin(("zhang", "min")))
        assert found and found[0] < 6

    @pytest.mark.parametrize("words", [(), ("smith",), ("john", "smith"), ("a" * 30, "b")])
    def test_other_names_have_no_reading(self, words: tuple[str, ...]) -> None:
        assert of_latin(words) == ()

    def test_wade_giles_becomes_pinyin(self) -> None:
        assert pinyin_of(("hsi", "tzu")) in {("xi", "zi"), ("xi", "ci")}


class TestJapanese:
    @pytest.mark.parametrize(
        ("han", "latin"),
        [
            ("山田太郎", "yamadataro"),
            ("山田太郎", "yamadatarou"),
            ("田中花子", "tanakahanako"),
            ("鈴木一郎", "suzukiichiro"),
        ],
    )
    def test_reads(self, han: str, latin: str) -> None:
        assert reads(han, latin) == len(han)

    @pytest.mark.parametrize(("han", "latin"), [("山田太郎", "tanakahanako"), ("山田太郎", ""), ("山田", "yamadataro")])
    def test_does_not_read(self, han: str, latin: str) -> None:
        assert reads(han, latin) == 0
