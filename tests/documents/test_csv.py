"""CSV that a spreadsheet shows and never computes."""

from __future__ import annotations

import csv as reader
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.documents import Table, csv


@pytest.mark.parametrize("cell", ["=1+1", "+1-1", "-2+3", "@SUM(1)", "\t=1", "  =1", "＝1", "|calc", "%x", "\r=1"])
def test_formulas_are_text(cell: str) -> None:
    assert csv.safe(cell).startswith("'")


@pytest.mark.parametrize("cell", ["-5", "+12.5", "1e26", "-1.5E-3", "", "김", "a=b", "2026-03-01"])
def test_what_is_harmless_stays(cell: str) -> None:
    assert csv.safe(cell) == cell


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_cells_come_back_and_none_computes(rows: list[tuple[str, str]]) -> None:
    data = csv.of_table(Table(("A", "B"), tuple(rows)))
    read = list(reader.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [["A", "B"], *([csv.safe(a), csv.safe(b)] for a, b in rows)]
    assert not any(cell.lstrip()[:1] in set("=@") for row in read for cell in row)


def test_korean_opens_rightly() -> None:
    assert csv.write(("이름",), [("김",)]).startswith(b"\xef\xbb\xbf")
