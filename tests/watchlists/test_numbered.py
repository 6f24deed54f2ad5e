"""Cells that number their values."""

from __future__ import annotations

import pytest

from vedette.watchlists.numbered import numbered


class TestNumbered:
    @pytest.mark.parametrize(
        ("cell", "values"),
        [
            ("", ()),
            (" ", ()),
            ("55501", ("55501",)),
            ("(1) 55501 (2) 55502", ("55501", "55502")),
            ("(1) 55501; (2) 55502;", ("55501", "55502")),
            ("A(B) 1", ("A(B) 1",)),
            ("(123) 4567", ("(123) 4567",)),
        ],
    )
    def test_values(self, cell: str, values: tuple[str, ...]) -> None:
        assert numbered(cell) == values
