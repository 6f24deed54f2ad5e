"""Trying a rule on its examples: what is wrong with either is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import edit, folder
from vedette import detections
from vedette.detections.read import read_rule


def tried(tmp_path: Path, file: str, old: str, new: str) -> tuple[str, ...]:
    made = folder(tmp_path)
    text = (made / file).read_text("utf-8")
    assert old in text
    (made / file).write_text(text.replace(old, new), "utf-8")
    return detections.trial(read_rule(made))


class TestTrial:
    @pytest.mark.parametrize(
        ("file", "old", "new", "words"),
        [
            ("rule.yml", "default: 3", "default: 4", "no finding about account:a-1"),
            ("rule.yml", "default: 3", "default: 2", "unexpected finding"),
            ("rule.sql", "1.0 AS bits", "0.5 AS bits", "bits is 0.5, expected 1.0"),
            ("examples.yml", "count: 3\n        bits", "count: 4\n        bits", "count is 3, expected 4"),
            ("examples.yml", "3 failed", "4 failed", "summary is"),
            ("rule.sql", "s.ip AS", "s.no_ip AS", "no_ip"),
        ],
    )
    def test_a_wrong_rule_or_example_is_found(self, tmp_path: Path, file: str, old: str, new: str, words: str) -> None:
        assert any(words in problem for problem in tried(tmp_path, file, old, new))

    def test_a_late_row_must_matter(self, tmp_path: Path) -> None:
        problems = tried(
            tmp_path,
            "examples.yml",
            "outcome: failure, repeat: 2}\n        - ",
            "outcome: failure, repeat: 3}\n        - ",
        )
        assert any("count" in problem for problem in problems)

    def test_a_late_row_that_changes_nothing_is_said(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        text = (made / "examples.yml").read_text("utf-8")
        head, tail = text.split("  - name: the third failure arrives late")
        tail = tail.replace("outcome: failure, late: true", "outcome: success, late: true").split("    then:", 1)
        rest = tail[1].split("  - name:", 1)[1]
        (made / "examples.yml").write_text(
            head + "  - name: the third failure arrives late" + tail[0] + "  - name:" + rest, "utf-8"
        )

        assert detections.trial(read_rule(made)) == ("the third failure arrives late: the late row changes nothing",)

    def test_the_declaration_can_change_the_weight(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        edit(made / "rule.yml", weight_cap="0.5")
        assert any("bits is 0.5" in problem for problem in detections.trial(read_rule(made)))
