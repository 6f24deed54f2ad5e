"""Files are packed the same way every time, with a few rows late and a few twice."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import numpy as np

from tests.simulate.conftest import read
from vedette.simulate.export import file_order, payments, table, times, zipped
from vedette.simulate.model import Plan
from vedette.simulate.places import place
from vedette.simulate.world import DAY, World


class TestZipped:
    def test_bytes_depend_on_content_only(self, tmp_path: Path) -> None:
        for name in ("one.gz", "deep/two.gz"):
            with zipped(tmp_path / name) as out:
                out.write("é\n")

        assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "deep" / "two.gz").read_bytes()
        assert gzip.decompress((tmp_path / "one.gz").read_bytes()).decode() == "é\n"


class TestTable:
    def test_cells_are_quoted_where_they_must_be(self, tmp_path: Path) -> None:
        rows = [{"a": 'x, "y"', "b": ""}, {"a": "line\nbreak", "b": "2"}]

        assert table(tmp_path / "t.csv.gz", rows, Random(1)) == 2
        assert read(tmp_path / "t.csv.gz") == rows

    def test_one_row_in_a_thousand_stands_twice(self, tmp_path: Path) -> None:
        rows = [{"a": str(number)} for number in range(3_000)]

        assert table(tmp_path / "t.csv.gz", rows, Random(1)) == 3_003
        assert len({row["a"] for row in read(tmp_path / "t.csv.gz")}) == 3_000


class TestFileOrder:
    def test_no_row_is_lost(self) -> None:
        order = file_order(10_000, np.random.Generator(np.random.PCG64(1)))

        assert set(order.tolist()) == set(range(10_000))
        assert 10_000 < len(order) < 10_030

    def test_late_rows_stand_behind(self) -> None:
        order = file_order(10_000, np.random.Generator(np.random.PCG64(1)))
        backwards = int((np.diff(order) < 0).sum())

        assert 0 < backwards <= 2

    def test_nothing_gives_nothing(self) -> None:
        assert len(file_order(0, np.random.Generator(np.random.PCG64(1)))) == 0


class TestPayments:
    def test_monthly_in_order_with_the_first_planted_one_told(self, tmp_path: Path) -> None:
        world = World(Plan(accounts=150))
        honest, planted = (world.join("ordinary", place("US"), opened=world.start - DAY) for _ in range(2))
        world.pay(honest, kind="card")
        world.pay(planted, kind="card", payer="Somebody Else", planted=True)

        lines, first = payments(tmp_path / "payments.csv.gz", world)
        rows = read(tmp_path / "payments.csv.gz")

        assert lines == len(rows) >= 4
        assert [row["payment_id"] for row in rows] == [f"p-{number:08d}" for number in range(1, lines + 1)]
        assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
        assert set(first) == {planted.index}
        assert world.stamp(first[planted.index]) in {
            row["time"] for row in rows if row["payer_name"] == "Somebody Else"
        }


class TestTimes:
    def test_iso_with_zone(self) -> None:
        assert times(np.array([0, 1_767_225_600])) == ["1970-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]
