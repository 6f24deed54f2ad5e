"""Which country is meant: the two Koreas apart, never guessed, never from a person."""

from __future__ import annotations

import pytest

from vedette.institutions.index import Index
from vedette.institutions.resolve import resolve


class TestCountry:
    @pytest.mark.parametrize(
        "text",
        [
            "Pyongyang, RPDC",
            "Pyongyang Korea, North",
            "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF",
            "Kim Chaek University of Technology, Pyongyang 999093, Democratic People's Republic of Korea",
            "Ryanggang University of Technology, Hyesan 999083",
            "Pyongyang Medical College, Kim Il Sung University, Pyongyang, North Korea",
            "Department of Physics, Hamhung, D.P.R. Korea",
            "Pyongyang, Korea",
            "평양, 조선민주주의인민공화국",
            "朝鲜平壤金日成综合大学",
            "КНДР, Пхеньян",
        ],
    )
    def test_the_dprk_in_many_spellings(self, world: Index, text: str) -> None:
        found = resolve(text, world).country
        assert found.code == "KP"
        assert found.evidence

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Seoul, Republic of Korea", "KR"),
            ("Seoul National University, Korea", "KR"),
            ("University of North Korean Studies, Seoul, South Korea", "KR"),
            ("Vientiane, Lao PDR", "LA"),
            ("Kinshasa, Democratic Republic of the Congo", "CD"),
            ("Institute of Physics, Peshawar, KP, Pakistan", "PK"),
            ("North Korea Policy Group, Washington, DC, USA", "US"),
            ("Albuquerque, New Mexico, USA", "US"),
        ],
    )
    def test_others_are_not_taken_for_it(self, world: Index, text: str, code: str) -> None:
        assert resolve(text, world).country.code == code

    @pytest.mark.parametrize(
        "text",
        [
            "Korea",
            "Department of Chemistry, Korea",
            "Sunchon, Korea",
            "Democratic People's Republic of Korea (Seoul)",
            "Kim Il Sung University, Seoul, Republic of Korea",
            "Kyoto, Japan, and Lyon, France; Lyon, France; Kyoto, Japan",
        ],
    )
    def test_what_points_two_ways_is_ambiguous_with_evidence(self, world: Index, text: str) -> None:
        found = resolve(text, world).country
        assert found.code == "ambiguous"
        assert len(found.evidence) >= 2

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Kim Il Sung",
            "Kim, J., and Ri, S.-H.",
            "Park Chung Hee",
            "Department of Biology",
            "Wang Wei",
            "KP",
            "김일성",
            "김책",
            "金日成",
        ],
    )
    def test_a_person_s_name_tells_no_country(self, world: Index, text: str) -> None:
        assert resolve(text, world).country.code is None

    @pytest.mark.parametrize("person", ["Kim Chol-su", "John Smith", "María García", "王伟"])
    def test_the_name_of_an_author_moves_nothing(self, world: Index, person: str) -> None:
        with_name = resolve(f"{person}; Seoul National University, Korea", world)
        without = resolve("Seoul National University, Korea", world)
        assert with_name.country.code == without.country.code == "KR"
        assert {match.id for match in with_name.matches} == {match.id for match in without.matches}

    def test_a_dprk_domain_counts_and_a_sold_ending_does_not(self, world: Index) -> None:
        assert resolve("contact@star.net.kp", world).country.code == "KP"
        assert resolve("contact@lab.ai", world).country.code is None

    @pytest.mark.parametrize(
        "text",
        [
            "Nanjing University, Nanjing and Kim Il Sung University",
            "Kim Il Sung University, Pyongyang and Nanjing University, Nanjing",
            "Nanjing University & Kim Chaek University of Technology",
            "Harbin Institute of Technology, Harbin, and a laboratory in Pyongyang, Pyongyang",
        ],
    )
    def test_the_dprk_is_never_outvoted_whatever_the_order(self, world: Index, text: str) -> None:
        assert resolve(text, world).country.code in ("ambiguous", "KP")
