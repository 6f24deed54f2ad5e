"""An anticipated error says where, what, and what to do about it, in one line."""

from __future__ import annotations

import pytest

from vedette.base import ContentError, Place, VedetteError


class TestPlace:
    @pytest.mark.parametrize(
        ("place", "text"),
        [
            (Place(), ""),
            (Place("a.csv"), "a.csv"),
            (Place("a.csv", 3), "a.csv:3"),
            (Place("a.csv", 3, "email"), "a.csv:3 [email]"),
            (Place(line=3), "line 3"),
            (Place(field="email"), "email"),
            (Place("a.csv", field="email"), "a.csv [email]"),
        ],
    )
    def test_reads(self, place: Place, text: str) -> None:
        assert str(place) == text


class TestVedetteError:
    @pytest.mark.parametrize(
        ("fault", "text"),
        [
            (VedetteError("it is empty"), "it is empty"),
            (VedetteError("it is empty", remedy="Fill it"), "it is empty. Fill it"),
            (VedetteError("it is empty", place=Place("a.csv")), "a.csv: it is empty"),
            (ContentError("bad", place=Place("r.yml", 2, "id"), remedy="Mend"), "r.yml:2 [id]: bad. Mend"),
        ],
    )
    def test_reads(self, fault: VedetteError, text: str) -> None:
        assert str(fault) == text
