"""A new rule's folder works as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette import detections
from vedette.detections.scaffold import ScaffoldError, write_rule


class TestWriteRule:
    def test_the_template_passes_its_own_examples(self, tmp_path: Path) -> None:
        write_rule(tmp_path, "network", "mine")
        (rule,) = detections.rules(tmp_path)

        assert rule.id == "network/mine"
        assert detections.trial(rule) == ()

    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        write_rule(tmp_path, "network", "mine")
        with pytest.raises(ScaffoldError, match="lies here already"):
            write_rule(tmp_path, "network", "mine")

    @pytest.mark.parametrize("name", ["../escape", "UPPER", "", "a/b", ".hidden", "x" * 80])
    def test_names_cannot_leave_the_folder(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ScaffoldError, match="cannot name a folder"):
            write_rule(tmp_path, name, "mine")
        with pytest.raises(ScaffoldError, match="cannot name a folder"):
            write_rule(tmp_path, "network", name)

    def test_a_folder_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", "utf-8")
        with pytest.raises(ScaffoldError, match="cannot be written"):
            write_rule(tmp_path / "file", "network", "mine")
