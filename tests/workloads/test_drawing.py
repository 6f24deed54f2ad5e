"""Pictures of one job over time and of pairs: every stretch in its order, gaps left open, nobody's file written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.workloads.made import CLOCK, ME, fleet, job, put, samples
from vedette import doors
from vedette.documents import csv, svg
from vedette.workloads.commands import app
from vedette.workloads.drawing import draw_pairs, draw_timeline, pair_view
from vedette.workloads.model import WorkloadError
from vedette.workloads.store.pairs import Held
from vedette.workloads.stretches import SILENT, Stretch, stretches
from vedette.workloads.structuring import Split

_IDLE: dict[str, Any] = {"gpu_util": 0.0, "sm_active": 0.0, "tensor_active": 0.0, "power_w": 80}
_HASH: dict[str, Any] = {
    "gpu_util": 1.0,
    "sm_active": 0.99,
    "tensor_active": 0.0,
    "dram_active": 0.01,
    "power_w": 500,
    "fp64_active": 0.0,
    "pcie_tx_bytes": 1_000,
    "memory_used_fraction": 0.05,
}


def shift() -> list[dict[str, Any]]:
    """A job that rests for an hour, is silent for half an hour, and then hashes."""
    return [*samples(minutes=60, **_IDLE), *samples(minutes=60, begin=90, **_HASH)]


def timeline(tmp_path: Path, rows: list[dict[str, Any]], name: str = "j-1") -> Any:
    store = fleet(tmp_path / "ws")
    put(store, tmp_path / "e", usage=rows)
    try:
        return draw_timeline(store, name)
    finally:
        store.close()


class TestTimeline:
    def test_rest_silence_and_work_in_their_order(self, tmp_path: Path) -> None:
        figure = timeline(tmp_path, shift())
        first, gap, *work = figure.marks
        assert first.label.startswith("idle")
        assert (gap.label, gap.high - gap.value) == (SILENT, 1_800.0)
        assert [mark.label.split()[0] for mark in work] == ["hash"]
        assert work[-1].high - first.value == 9_000.0
        assert "From 2026-03-01 12:00 UTC to 2026-03-01 14:30 UTC" in figure.description
        assert svg.write(figure).startswith("<svg")
        assert b"no telemetry,2026-03-01 13:00,2026-03-01 13:30" in csv.of_table(figure.table())

    def test_a_long_job_has_few_blocks(self, tmp_path: Path) -> None:
        rows = [{**row, "seconds": 300} for row in samples(minutes=1_500, **_IDLE)[::5]]
        assert len(timeline(tmp_path, rows).marks) == 1

    @pytest.mark.parametrize("name", ["j-2", "a-9/j-1", "", "'; DROP TABLE usage; --"])
    def test_a_job_that_is_not_there(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(WorkloadError, match="no telemetry"):
            timeline(tmp_path, shift(), name)

    def test_one_id_at_two_accounts_needs_the_account(self, tmp_path: Path) -> None:
        rows = [*shift(), *samples("a-2", gpu="GPU-2", **_IDLE)]
        with pytest.raises(WorkloadError) as told:
            timeline(tmp_path, rows)
        assert "a-1/j-1, a-2/j-1" in str(told.value)
        assert timeline(tmp_path / "again", rows, "a-2/j-1").title == "What job a-2/j-1 did"

    def test_nothing_gives_nothing(self) -> None:
        assert stretches({"window": np.array([])}) == []

    def test_a_stretch_tells_its_least_chance(self) -> None:
        assert Stretch("idle", 0.9, 0, 300).probability == 0.9


class TestPairs:
    def pair(self, *accounts: str) -> Split:
        return Split((accounts[0], accounts[1]), 9.0, ("3 of their jobs began together (9.0 bits)",), True)

    def test_the_nearest_jobs_are_shown_in_order_of_time(self) -> None:
        left = [Held("a", f"l-{n}", 10_000 * n, 10_000 * n + 5_000) for n in range(60)]
        right = [Held("b", f"r-{n}", 10_000 * n + 60, 10_000 * n + 5_060) for n in range(10)]
        figure = pair_view(self.pair("a", "b"), left, right)
        assert len(figure.marks) == 40
        assert {f"b r-{n}" for n in range(10)} <= {mark.label for mark in figure.marks}
        assert [mark.value for mark in figure.marks] == sorted(mark.value for mark in figure.marks)
        assert "20 of 70 jobs begin or end within 10 minutes" in figure.description

    def test_without_jobs_it_says_so(self) -> None:
        assert "No numbers are held" in svg.write(pair_view(self.pair("a", "b"), [], []))

    def test_names_of_files_stay_in_their_folder(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        (name,) = draw_pairs(store, CLOCK, [self.pair("../../etc/passwd", "a\x00b/" + "x" * 300)])
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        assert len(name) < 120
        store.close()


class TestCommands:
    def test_both_are_written_with_their_numbers(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        rows = [job(name, f"{name}-{k}", 3_000 * k, 300) for k in range(8) for name in ("left", "right")]
        put(store, tmp_path / "e", usage=shift(), allocations=rows)
        session = doors.Session(tmp_path / "ws", ME, lambda _root: store, clock=CLOCK)

        def run(*words: str) -> Any:
            return CliRunner().invoke(app, list(words), obj=session)

        assert run("structuring", "--picture", str(tmp_path / "pairs")).exit_code == 0
        (drawn,) = (tmp_path / "pairs").glob("*.svg")
        assert drawn.with_suffix(".csv").read_text("utf-8-sig").count("left left-") == 8
        assert run("classify", "--timeline", "j-1", "-o", str(tmp_path / "j.svg")).exit_code == 0
        assert "hash" in (tmp_path / "j.svg").read_text("utf-8")
        assert run("classify", "--timeline", "j-1").exit_code == 2
        store.close()
