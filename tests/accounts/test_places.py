"""The DPRK told apart from everything spelled like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.places import Mention, country_of, mention

PRESENT = [
    "12 Mirae Street, Pyongyang, North Korea",
    "12 Mirae Street; Pyongyang; DPRK",
    "Pyongyang 999093 DPRK",
    "Hamhung, Korea (Democratic People's Republic of)",
    "Hamhung, Korea, Democratic People's Republic of",
    "Box 5, Wonsan, Corée du Nord",
    "Pjöngjang, Nordkorea",
    "조선민주주의인민공화국 평양시 중구역",
    "평양시, 조선민주주의인민공화국",
    "朝鲜平壤市",
    "北朝鮮平壌市",
    "г. Пхеньян, КНДР",
]
PAST = [
    "Hyesan, North Korea (2003)",
    "Hyesan, North Korea 1998-2009",
    "Seoul, formerly Hamhung, North Korea",
    "Seoul (until 2009: Hamhung, North Korea)",
    "born in Hamhung, North Korea",
    "Seoul (Hamhung, North Korea)",
    "ehemals Wonsan, Nordkorea",
    "서울 (이전: 평양, 북한)",
]
NEITHER = [
    "Seoul, South Korea",
    "Seoul, Republic of Korea",
    "Seoul, Korea",
    "Pohang, North Gyeongsang, Korea",
    "Chungcheong North, Korea",
    "850 Main Street, Pensacola, FL 32501, US",
    "서울특별시 종로구 북한대학원대학교",
    "경기도 남양주시 북한강로 12",
    "延边朝鲜族自治州, 中国",
    "Peshawar, KP",
    "Dallas, KRLD",
    "Pyongyang Naengmyeon, Seoul",
    "",
]


class TestMention:
    @pytest.mark.parametrize("text", PRESENT)
    def test_present_country_of_an_address(self, text: str) -> None:
        assert mention(text) is Mention.PRESENT

    @pytest.mark.parametrize("text", PAST)
    def test_a_past_address_is_not_a_present_one(self, text: str) -> None:
        assert mention(text) is Mention.PAST

    @pytest.mark.parametrize("text", NEITHER)
    def test_neighbours_and_namesakes(self, text: str) -> None:
        assert mention(text) is None

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("North Korea Street 4, Berlin", Mention.NAMED),
            ("Research on North Korea and its economy", Mention.NAMED),
            ("Journal on Северной Корее", Mention.NAMED),
            ("12 Road, Pyongyang", Mention.CITY),
        ],
    )
    def test_named_otherwise(self, text: str, found: Mention) -> None:
        assert mention(text) is found

    @given(st.text(max_size=200))
    def test_any_text_is_survived(self, text: str) -> None:
        assert mention(text) in (None, *Mention)

    @given(st.text(alphabet="abcdefghijklm ,", max_size=60))
    def test_south_korea_is_never_meant(self, text: str) -> None:
        assert mention(f"{text}, South Korea") is None

    def test_monstrous_text_is_cut(self) -> None:
        assert mention("x" * 5_000_000) is None


class TestCountryOf:
    @pytest.mark.parametrize(
        "text", ["KP", "kp", "PRK", "North Korea", "DPRK", "Korea, North", "Corea del Norte", "북한", "朝鲜"]
    )
    def test_north_korea(self, text: str) -> None:
        assert country_of(text) == "KP"

    @pytest.mark.parametrize("text", ["Korea", "South or North Korea", "former North Korea", "unknown"])
    def test_no_single_country(self, text: str) -> None:
        assert country_of(text) is None

    @pytest.mark.parametrize(("text", "code"), [("South Korea", "KR"), ("Germany", "DE"), ("us", "US")])
    def test_others(self, text: str, code: str) -> None:
        assert country_of(text) == code
