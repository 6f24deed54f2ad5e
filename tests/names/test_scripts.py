"""Which script a text is written in."""

from __future__ import annotations

import pytest

from vedette.names.scripts import script_of

CASES = [
    ("Kim", "latin"), ("Müller", "latin"), ("김정은", "hangul"), ("金正恩", "han"), ("たなか", "kana"), ("Ким", "cyrillic"),
    ("محمد", "arabic"), ("משה", "hebrew"), ("สมชาย", "thai"), ("", "latin"), ("😀", "other"), ("金 (Kim)", "latin"),
]  # fmt: skip


class TestScriptOf:
    @pytest.mark.parametrize(("text", "script"), CASES)
    def test_most_letters_decide(self, text: str, script: str) -> None:
        assert script_of(text) == script
