"""What titles say of potential: applications decide, other senses stay quiet, whatever the text holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.observatory.model import ObservatoryError
from vedette.observatory.topics import Level, classify
from vedette.observatory.topics.titles import titles
from vedette.observatory.topics.tokens import composed, tokens
from vedette.policy.controls import dictionary

MILITARY = (
    "Missile guidance law design using deep reinforcement learning",
    "Optimal control of uranium enrichment cascades",
    "Wargaming simulation at the tactical level",
    "Torpedo homing guidance against manoeuvring submarines",
    "탄도미싸일의 궤도예측",
    "유도 미사일의 자동조종",
    "우라니움농축 계단의 최적화",
    "基于强化学习的导弹制导律设计",
    "导彈制導律",
    "铀浓缩级联的优化",
)
ORDINARY = (
    "Diffusion models beat GANs on image synthesis",
    "Nuclear norm minimization for matrix completion",
    "A survey of adversarial attacks and defenses",
    "Information fusion with Dempster-Shafer theory",
    "Mining frequent itemsets in data streams",
    "Explosive growth of parameters",
    "핵심 단어 추출 알고리즘",
    "화상의 잡음제거",
    "核心词提取算法",
    "原子操作与无锁数据结构",
    "核函数支持向量机",
)
CIVILIAN = (
    "Spinal fusion outcomes predicted by machine learning",
    "Blood transfusion demand forecasting",
    "Nuclear medicine imaging of thyroid cancer",
    "Playing Missile Command: learning in an Atari video game",
    "Drone bees and queen mating in honey bee colonies",
    "Electric discharge of the torpedo ray",
    "A history of chemical warfare in the First World War",
    "UAV images for crop monitoring in paddy fields",
    "융합교육이 학생들의 창의성에 미치는 영향",
    "수혈 환자의 예후 예측",
    "核桃病害识别",
    "核磁共振图像的脑肿瘤分割",
)


class TestLevels:
    @pytest.mark.parametrize("title", MILITARY)
    def test_an_application_of_arms_is_military_significant(self, title: str) -> None:
        answer = classify(title)

        assert answer.potential is Level.MILITARY
        assert answer.phrases
        assert answer.categories

    @pytest.mark.parametrize("title", ORDINARY)
    def test_a_method_alone_is_undetermined_and_touches_no_list(self, title: str) -> None:
        answer = classify(title)

        assert answer.potential is Level.UNDETERMINED
        assert answer.phrases == ()
        assert answer.categories == ()

    @pytest.mark.parametrize("title", CIVILIAN)
    def test_a_stated_civilian_use_is_civilian(self, title: str) -> None:
        assert classify(title).potential is Level.CIVILIAN

    def test_a_listed_technology_without_a_stated_use_is_dual(self) -> None:
        answer = classify("Optimization of reactor core loading pattern by genetic algorithm")

        assert answer.potential is Level.DUAL
        assert "un_dprk_disciplines/nuclear_engineering" in answer.categories

    def test_reactor_safety_is_not_dual_by_its_topic(self) -> None:
        answer = classify("Nuclear reactor safety after an earthquake")

        assert answer.potential is Level.CIVILIAN
        assert answer.topics[0] == "nuclear_reactors"

    def test_a_weapon_by_name_alone_is_no_application(self) -> None:
        assert classify("A missile-shaped residual curve").potential is Level.DUAL
        assert classify("Evasion of a missile").potential is Level.MILITARY

    def test_a_weapon_beside_health_is_left_to_a_reader(self) -> None:
        assert classify("Nuclear explosion fallout and thyroid cancer").potential is Level.DUAL

    def test_every_answer_has_a_reason(self) -> None:
        for title in (*MILITARY, *ORDINARY, *CIVILIAN, ""):
            assert classify(title).reasons


class TestMisleadingWords:
    """Words that look like a civilian use or a frame, and are none: they must not clear a weapon or a listed technology."""

    @pytest.mark.parametrize(
        "title",
        [
            "A novel guidance law for missiles with impact time constraints",
            "Time history of missile acceleration in flight",
            "State-of-the-art missile seekers",
            "A differential game of evading a heat-seeking missile",
            "Teacher-student networks for missile guidance",
            "Ant colony optimization of weapon target assignment",
        ],
    )
    def test_an_application_of_arms_stays_one(self, title: str) -> None:
        assert classify(title).potential is Level.MILITARY

    @pytest.mark.parametrize(
        "title",
        [
            "Decision trees and random forests revisited",
            "A family of distributions",
            "Heat treatment and residual stress",
            "State of the art in stochastic search",
            "Child process scheduling",
            "Person re-identification",
            "Camouflaged object detection",
        ],
    )
    def test_no_civilian_use_is_read_into_a_method(self, title: str) -> None:
        assert classify(title).potential is Level.UNDETERMINED

    @pytest.mark.parametrize(
        "title",
        [
            "Weapon detection in surveillance video",
            "Military expenditure and economic growth",
            "Isotope enrichment of nitrogen in fish",
            "The chemical weapons convention and its history",
            "Missile crisis in Cuba",
            "Arms race between hosts and parasites",
            "Torpedo",
        ],
    )
    def test_words_of_arms_about_other_things_are_no_application(self, title: str) -> None:
        assert classify(title).potential is not Level.MILITARY


class TestCompounds:
    @pytest.mark.parametrize(
        "title", ["요격미싸일유도체계", "전투훈련모의에서의 대리인", "어뢰회피기동", "포병화력배당"]
    )
    def test_a_word_is_found_within_a_compound_of_known_words(self, title: str) -> None:
        assert classify(title).potential is Level.MILITARY

    @pytest.mark.parametrize("title", ["핵심체계", "소나무체계", "유기무기물분석", "초고속로보트체계"])
    def test_not_within_a_compound_of_unknown_ones(self, title: str) -> None:
        assert classify(title).phrases == ()


class TestAbstract:
    def test_one_weapon_in_passing_is_not_enough(self) -> None:
        answer = classify("Robust filtering", "We track objects, for instance in missile defense.")

        assert answer.potential is Level.DUAL
        assert "in passing" in answer.reasons[0]

    def test_two_weapons_are(self) -> None:
        answer = classify(
            "Robust filtering", "A missile seeker is simulated; the miss distance of the guided missile falls."
        )

        assert answer.potential is Level.MILITARY
        assert {found.field for found in answer.phrases} == {"abstract"}

    def test_two_civilian_uses_clear_a_listed_technology(self) -> None:
        told = "Fields of rice are watched from the air, and farmers are told of plant disease."

        assert classify("Path planning of a quadrotor").potential is Level.DUAL
        assert classify("Path planning of a quadrotor", told).potential is Level.CIVILIAN

    def test_one_civilian_word_in_the_abstract_does_not(self) -> None:
        assert classify("Path planning of a quadrotor", "It may also serve in a hospital.").potential is Level.DUAL


class TestPlaces:
    @pytest.mark.parametrize("title", [*MILITARY, "  ‘Missile’   guidance — again"])
    def test_a_phrase_stands_where_it_is_said_to(self, title: str) -> None:
        for found in classify(title).phrases:
            assert composed(title)[found.start : found.end] == found.phrase

    def test_decomposed_hangul_is_read_like_composed(self) -> None:
        import unicodedata

        title = unicodedata.normalize("NFD", "탄도미싸일의 궤도예측")

        assert classify(title).potential is Level.MILITARY

    def test_full_width_letters_are_letters(self) -> None:
        assert classify("Ｍｉｓｓｉｌｅ ｇｕｉｄａｎｃｅ").potential is Level.MILITARY

    def test_punctuation_parts_words(self) -> None:
        assert "missile guidance" not in [found.phrase.casefold() for found in classify("Missile, guidance").phrases]

    def test_letters_within_words_are_nothing(self) -> None:
        for title in ("Dismissile guidancex", "Thermonuclearity", "Submissiles", "Warfarin", "Combative tanks"):
            assert classify(title).potential is not Level.MILITARY

    @pytest.mark.parametrize("title", ["소나무 병해충", "초고속로봇의 조종", "비상무기한 연기"])
    def test_short_hangul_words_do_not_begin_within_others(self, title: str) -> None:
        assert classify(title).phrases == ()


class TestAnything:
    @given(st.text(max_size=200), st.text(max_size=100))
    def test_any_text_gets_an_answer_with_sound_places(self, title: str, abstract: str) -> None:
        answer = classify(title, abstract)

        for found in (*answer.phrases, *answer.civilian, *answer.methods):
            text = composed(title if found.field == "title" else abstract)
            assert text[found.start : found.end] == found.phrase
        assert answer.dictionary == dictionary().version

    @given(st.sampled_from(MILITARY), st.sampled_from((" Kim", " Pyongyang", " Zhang Wei", " (ETH Zurich)")))
    def test_a_name_or_place_moves_nothing(self, title: str, name: str) -> None:
        assert classify(title + name).potential is classify(title).potential

    @given(st.text(max_size=80))
    def test_tokens_stand_in_order(self, text: str) -> None:
        places = [(token.start, token.end) for token in tokens(composed(text))]

        assert places == sorted(places)

    def test_a_huge_title_is_read_in_time(self) -> None:
        assert classify("missile guidance " * 60_000).potential is Level.MILITARY


class TestFiles:
    def test_lines_answer_in_order_also_when_empty(self, tmp_path: Path) -> None:
        path = tmp_path / "titles.txt"
        path.write_bytes("Missile guidance\n\nSpinal fusion\r\n\xff".encode("latin-1"))

        found = list(titles(path))

        assert [entry.title for entry in found[:3]] == ["Missile guidance", "", "Spinal fusion"]
        assert "UTF-8" in found[3].problem

    def test_json_lines_hold_titles_or_records(self, tmp_path: Path) -> None:
        path = tmp_path / "works.jsonl"
        rows = ['"One"', json.dumps({"title": "Two", "abstract": "Told"}), '{"title": ["Three", "parts"]}', "{", "[1]"]
        path.write_text("\n".join(rows))

        found = list(titles(path))

        assert [entry.title for entry in found[:3]] == ["One", "Two", "Three parts"]
        assert found[1].abstract == "Told"
        assert all(entry.problem for entry in found[3:])

    def test_a_table_needs_a_column_of_titles(self, tmp_path: Path) -> None:
        path = tmp_path / "works.csv"
        path.write_text('id,Title,Abstract\n1,"One, two",Told\n2\n')
        assert [(entry.title, entry.abstract) for entry in titles(path)] == [("One, two", "Told"), ("", "")]

        path.write_bytes(b"title\nSound\nBr\xffken\nSound again\n")
        assert [bool(entry.problem) for entry in titles(path)] == [False, True, False]

        path.write_text("id,name\n1,One\n")
        with pytest.raises(ObservatoryError, match="no column of titles"):
            list(titles(path))
