"""Columns that must never be stored."""

from __future__ import annotations

import pytest

from vedette.accounts.exclusion import allowed, is_excluded, note


class TestIsExcluded:
    @pytest.mark.parametrize(
        "column",
        ["nationality", "Country_of_Birth", "countryOfBirth", "countryofbirth", "GENDER", "user_sex", "mother tongue"],
    )
    def test_refused(self, column: str) -> None:
        assert is_excluded(column)

    @pytest.mark.parametrize("column", ["country", "birth_date", "plan", "email", "sextant", "tracey", "embrace"])
    def test_let_in(self, column: str) -> None:
        assert not is_excluded(column)


class TestAllowed:
    def test_refused_columns_vanish_at_any_depth(self) -> None:
        extra = {
            "plan": "pro",
            "gender": "x",
            "person": {"nationality": "y", "size": 1},
            "list": [{"race": "z", "n": 2}],
        }

        assert allowed(extra) == {"plan": "pro", "person": {"size": 1}, "list": [{"n": 2}]}

    def test_what_was_dropped_is_told(self) -> None:
        assert "gender" in note(["plan", "gender"])
        assert note(["plan"]) == ""
