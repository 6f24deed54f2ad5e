"""Which institution is meant, and when nobody is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.institutions.conftest import ROR
from vedette.institutions import Relation
from vedette.institutions.index import Index
from vedette.institutions.resolve import resolve


class TestMatches:
    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("Department of Physics, Nanjing University, Nanjing 210093, China", {ROR + "0nju"}),
            ("Nanjing University of Aeronautics and Astronautics, Nanjing, China", {ROR + "0nuaa"}),
            ("Tianjin University of Technology, Tianjin, China", {ROR + "0tjut"}),
            ("Tianjin Univ, Tianjin, Peoples R China", {ROR + "0tju"}),
            ("Northeastern University, Boston, MA, USA", {ROR + "0neus"}),
            ("Northeastern University, Shenyang, China", {ROR + "0necn"}),
            ("Seoul Natl Univ, Seoul, South Korea", {ROR + "0snu"}),
            ("서울대학교", {ROR + "0snu"}),
            ("Nanjing University, China; Seoul National University, Korea", {ROR + "0nju", ROR + "0snu"}),
            ("Universty of Lethbrige, Canada", {ROR + "0leth"}),
            ("Nanjing University, Nanjing and Kim Il Sung University", {ROR + "0nju", "kp:kisu"}),
            ("Nanjing Univ. of Aeronaut. & Astronaut., Nanjing, China", {ROR + "0nuaa"}),
            ("김책공업종합대학", {"kp:kcut"}),
            ("金日成综合大学, 平壤", {"kp:kisu"}),
            ("Kim Chaek Univ. of Technol., Pyongyang, DPR Korea", {"kp:kcut"}),
        ],
    )
    def test_the_named_ones_and_no_other(self, world: Index, text: str, ids: set[str]) -> None:
        assert {match.id for match in resolve(text, world).matches} == ids

    @pytest.mark.parametrize(
        "text",
        [
            "",
            '=HYPERLINK("http://x")',
            "   ",
            "SUT",
            "Department of Mathematics",
            "Acknowledgements: we thank everybody",
            "USA",
            "!!!",
            "\x00\x1b[31m",
            "Kim Il Sung",
        ],
    )
    def test_nobody_named_is_an_abstention_with_a_reason(self, world: Index, text: str) -> None:
        found = resolve(text, world)
        assert found.abstained
        assert found.matches == ()
        assert found.explanation

    def test_a_campus_listed_by_itself_is_the_campus_with_its_parent(self, world: Index) -> None:
        found = resolve("Harbin Institute of Technology, Shenzhen, China", world)
        assert [match.id for match in found.matches] == [ROR + "0hitsz"]
        assert found.matches[0].parents == (ROR + "0hit",)

    def test_a_unit_after_the_name_makes_it_a_part(self, world: Index) -> None:
        (match,) = resolve("Nanjing University School of Physics", world).matches
        assert (match.id, match.relation) == (ROR + "0nju", Relation.CHILD)

    def test_another_town_after_the_name_makes_it_a_part(self, world: Index) -> None:
        (match,) = resolve("Tianjin University, Shenzhen, China", world).matches
        assert (match.id, match.relation) == (ROR + "0tju", Relation.CHILD)
        (seat,) = resolve("Tianjin University, Tianjin, China", world).matches
        assert seat.relation is Relation.SAME

    def test_two_of_one_name_without_a_place_are_told_to_be_unsure(self, world: Index) -> None:
        found = resolve("Northeastern University", world)
        assert len(found.matches) <= 1
        assert {match.id for match in (*found.matches, *found.considered)} == {ROR + "0neus", ROR + "0necn"}

    def test_strict_mode_accepts_no_more_than_the_normal_one(self, world: Index) -> None:
        for text in ("Universty of Lethbrige", "Nanjing University", "Sutter"):
            strict = {match.id for match in resolve(text, world, strict=True).matches}
            assert strict <= {match.id for match in resolve(text, world).matches}

    def test_scores_are_probabilities_and_the_explanation_names_the_written_words(self, world: Index) -> None:
        found = resolve("Kim Il-sung University, Pyongyang", world)
        assert 0 < found.matches[0].score < 1
        assert "Kim Il-sung University" in found.explanation[0]
        assert "source:" in found.explanation[0]


class TestAnything:
    @settings(max_examples=60, deadline=None)
    @given(
        st.text(max_size=200)
        | st.lists(st.sampled_from(["Nanjing University", ",", ";", "Korea", "平壤", "HIT"])).map(" ".join)
    )
    def test_every_string_has_one_answer_that_repeats(self, world: Index, text: str) -> None:
        found = resolve(text, world)
        assert found == resolve(text, world)
        assert found.abstained == (not found.matches)
        assert found.country.code is None or found.country.code == "ambiguous" or len(found.country.code) == 2
        assert len({match.id for match in found.matches}) == len(found.matches)

    def test_a_long_line_of_names_ends_soon(self, world: Index) -> None:
        found = resolve("Nanjing University, " * 20_000, world)
        assert found.explanation[-1] == "only the first 4,000 characters were read"
