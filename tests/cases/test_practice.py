"""Practice: both kinds come, nothing shown gives the answer away, and the score tells accusing from missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette.base import ContentError
from vedette.cases.practice import Exercise, exercises, read_lessons, score
from vedette.cases.read import content


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Exercise]:
    return exercises(tmp_path_factory.mktemp("practice"), 20, 1)


class TestExercises:
    def test_half_are_planted_and_the_others_look_odd_too(self, drawn: list[Exercise]) -> None:
        assert len(drawn) == 20
        assert sum(item.planted for item in drawn) == 10
        assert not any(item.lesson.startswith("Honest - an ordinary") for item in drawn)

    def test_the_lesson_agrees_with_what_was_planted(self, drawn: list[Exercise]) -> None:
        assert all(item.lesson.startswith("Planted" if item.planted else "Honest") for item in drawn)

    def test_observations_say_something_and_never_the_answer(self, drawn: list[Exercise]) -> None:
        for item in drawn:
            assert len(item.observed) >= 4
            assert "planted" not in " ".join(item.observed).casefold()

    def test_the_same_seed_gives_the_same(self, drawn: list[Exercise], tmp_path: Path) -> None:
        assert exercises(tmp_path, 20, 1) == drawn


class TestScore:
    def test_accusing_is_told_apart_from_missing(self) -> None:
        guilty, honest = Exercise("a", (), True, False, ""), Exercise("b", (), False, False, "")
        hidden = Exercise("c", (), True, True, "")

        result = score([(guilty, "false"), (honest, "true"), (guilty, "true"), (hidden, "undetermined")])

        assert (result.right, result.of, result.accused, result.missed) == (2, 4, 1, 1)


class TestLessons:
    def test_every_pattern_has_one(self) -> None:
        with pytest.raises(ContentError, match="multi_ip"):
            read_lessons(content("lessons.yml").replace("of: multi_ip", "of: other"), "lessons.yml")
