"""Pairs: one row each, in order, also for blank and unknown ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette.screening.pairs import compared, compared_file, kind_of


class TestCompared:
    def test_the_fields_of_the_contract(self) -> None:
        row = compared("Kim Jong Un", "김정은", "person")
        assert list(row) == ["left", "right", "kind", "score", "bits", "probability", "channel", "explanation"]
        assert row["score"] >= 0.7

    @pytest.mark.parametrize(("left", "right"), [("", "Ann"), ("Ann", "  "), ("", "")])
    def test_a_blank_name_scores_nothing_and_says_so(self, left: str, right: str) -> None:
        row = compared(left, right, "unknown")
        assert (row["score"], row["explanation"]) == (0.0, ["a name is blank"])


class TestComparedFile:
    def test_one_row_a_pair_in_order(self, tmp_path: Path) -> None:
        file = tmp_path / "pairs.csv"
        file.write_text("left,right,kind\nAnn,Ann,person\nAnn,,person\nAcme,Acme Ltd,organization\n")
        rows = list(compared_file(file))
        assert [row["left"] for row in rows] == ["Ann", "Ann", "Acme"]
        assert (rows[0]["score"], rows[1]["score"]) == (1.0, 0.0)

    def test_the_kind_may_be_missing_and_an_odd_one_is_said(self, tmp_path: Path) -> None:
        file = tmp_path / "pairs.csv"
        file.write_text("left,right\nAnn,Ann\n")
        assert next(compared_file(file))["kind"] == "unknown"
        file.write_text("left,right,kind\nAnn,Ann,robot\n")
        assert "read as unknown" in next(compared_file(file))["explanation"][-1]


class TestKindOf:
    @pytest.mark.parametrize(("word", "kind"), [("Person ", "person"), ("", "unknown"), ("robot", None)])
    def test_words(self, word: str, kind: str | None) -> None:
        assert kind_of(word) == kind
