"""The catalogue knows each table once and refuses tables that could not work."""

from __future__ import annotations

from typing import Any

import pytest

from tests.made import CATALOGUE, OWNERS, THINGS
from vedette.store import Catalogue, Column, ColumnType, LakeTable, UnknownTable


def table(*names: str, **changes: Any) -> LakeTable:
    values: dict[str, Any] = {"name": "t", "room": "r", "key": ("id",), **changes}
    return LakeTable(columns=tuple(Column(name) for name in names), **values)


class TestLakeTable:
    @pytest.mark.parametrize(
        ("names", "changes", "problem"),
        [
            (("id", "id", "received_us", "day"), {}, "twice"),
            (("received_us", "day"), {}, r"lacks the columns \['id'\]"),
            (("id", "day"), {}, "received_us"),
            (("id", "received_us"), {}, "day"),
            (("id", "received_us"), {"dated": False, "current": True}, "ordinal"),
        ],
    )
    def test_what_cannot_work_is_refused(self, names: tuple[str, ...], changes: dict[str, Any], problem: str) -> None:
        with pytest.raises(ValueError, match=problem):
            table(*names, **changes)

    def test_what_works(self) -> None:
        assert table("id", "received_us", dated=False).columns[0].type is ColumnType.TEXT


class TestCatalogue:
    def test_by_name(self) -> None:
        assert CATALOGUE.table("things") is THINGS
        assert list(CATALOGUE) == [THINGS, OWNERS]

    def test_an_unknown_table_lists_the_known(self) -> None:
        with pytest.raises(UnknownTable, match="One of: owners, things"):
            CATALOGUE.table("thing")

    def test_a_name_is_taken_once(self) -> None:
        with pytest.raises(ValueError, match="two rooms publish"):
            Catalogue((THINGS, THINGS))
