"""The page for compliance officers shows what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from vedette.screening.pairs import compared, kind_of

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-matching-works.md"
_BOXES = re.findall(r"```\n(vedette compare [^\n]+)\n\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)


class TestHowMatchingWorks:
    def test_shows_examples(self) -> None:
        assert len(_BOXES) >= 8

    @pytest.mark.parametrize(("command", "printed"), _BOXES)
    def test_each_box_is_what_the_program_says(self, command: str, printed: str) -> None:
        left, right, _, kind = shlex.split(command)[2:]
        answer = compared(left, right, kind_of(kind) or "unknown")
        lines = [
            f"score {answer['score']:.3f}   {answer['bits']:+.1f} bits",
            *(f"- {why}" for why in answer["explanation"]),
        ]
        assert printed.splitlines() == lines
