"""The ledger counts what telemetry says, tells how unsure that is, and never passes what the hardware could do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workloads.made import CLOCK, fleet, job, put, samples
from vedette.base import to_micros
from vedette.simulate.telemetry import KINDS, run
from vedette.store import Store
from vedette.workloads.ledger import Ledger, ledger
from vedette.workloads.model import Line, Scope
from vedette.workloads.store.measure import measure

_NOW = to_micros(CLOCK.now())
_PEAK = 989.4e12


def booked(store: Store) -> Ledger:
    return ledger(measure(store, now_us=_NOW))


def only(store: Store, scope: Scope = Scope.JOB) -> Line:
    (line,) = booked(store).lines(scope)
    return line


class TestCounts:
    def test_matrix_activity_times_peak_within_its_error(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=samples(minutes=60, tensor_active=0.4, sm_active=0.8, sm_clock_mhz=1830))
        line = only(store)
        plain = 3600 * 0.4 * _PEAK
        assert plain / 1.25 < line.p50 < plain * 1.25
        assert line.p5 < line.p50 < line.p95 <= (line.bound or 0)
        assert (line.method, line.gpu_hours, line.coverage) == ("tensor", 1.0, 1.0)
        store.close()

    def test_a_slower_clock_counts_less(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(
            store,
            tmp_path / "e",
            usage=[
                *samples("a-1", "fast", minutes=10, tensor_active=0.4, sm_active=0.8, sm_clock_mhz=1830),
                *samples("a-1", "slow", minutes=10, gpu="GPU-2", tensor_active=0.4, sm_active=0.8, sm_clock_mhz=915),
            ],
        )
        by_id = {line.id: line.p50 for line in booked(store).lines(Scope.JOB)}
        assert by_id["a-1/slow"] == pytest.approx(by_id["a-1/fast"] / 2, rel=0.01)
        store.close()

    @pytest.mark.parametrize(
        ("signals", "method"),
        [
            ({"power_w": 600}, "energy"),
            ({"sm_active": 0.7}, "sm"),
            ({"gpu_util": 0.9}, "util"),
            ({}, "allocation"),
        ],
    )
    def test_the_best_signal_that_there_is(self, tmp_path: Path, signals: dict[str, Any], method: str) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=samples(minutes=30, **signals))
        line = only(store)
        assert line.method == method
        assert 0 < line.p5 < line.p50 < line.p95 <= (line.bound or 0)
        store.close()

    def test_one_bias_for_all_samples_of_a_method(self, tmp_path: Path) -> None:
        """A hundred times as many samples do not make a shared error small."""
        store = fleet(tmp_path / "ws")
        many = [
            row
            for n in range(20)
            for row in samples("a-2", f"j-{n}", gpu=f"G-{n}", minutes=30, tensor_active=0.3, sm_active=0.6)
        ]
        put(store, tmp_path / "e", usage=[*samples("a-1", minutes=30, tensor_active=0.3, sm_active=0.6), *many])
        one, twenty = sorted(booked(store).lines(Scope.ACCOUNT), key=lambda line: line.p50)
        assert twenty.p95 / twenty.p50 == pytest.approx(one.p95 / one.p50, rel=0.01)
        store.close()

    def test_known_runs_lie_in_the_range(self, tmp_path: Path) -> None:
        """SIMULATED runs of known count: the expected count is within a quarter, the range holds nine in ten."""
        chance = np.random.Generator(np.random.PCG64(3))
        runs = [
            run(kind, chance, steps=20, seconds=60.0, gpus=2)
            for kind in KINDS
            if KINDS[kind].label in ("training", "inference")
        ]
        rows = [
            {
                **row,
                **{
                    name: round(float(one.signals[name][gpu][step]), 5)
                    for name in ("tensor_active", "sm_active", "sm_clock_mhz", "power_w")
                },
                "gpu_model": one.model,
            }
            for number, one in enumerate(runs)
            for gpu in range(2)
            for step, row in enumerate(samples("a-1", f"j-{number:02d}", gpu=f"G-{number}-{gpu}", minutes=20))
        ]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=rows)
        lines = {line.id: line for line in booked(store).lines(Scope.JOB)}
        pairs = [(lines[f"a-1/j-{number:02d}"], one.flop) for number, one in enumerate(runs)]
        assert np.mean([truth / 1.25 <= line.p50 <= truth * 1.25 for line, truth in pairs]) >= 0.9
        assert np.mean([line.p5 <= truth <= line.p95 for line, truth in pairs]) >= 0.9
        assert all((line.bound or 0) >= truth for line, truth in pairs)
        store.close()


class TestIntegers:
    """No counter divides integer from floating operations: the share is unknown, and bounded by the integer peak."""

    @pytest.mark.parametrize(
        ("model", "peak"),
        [
            ("NVIDIA H100 80GB HBM3", 1_978.9e12),
            ("NVIDIA A100-SXM4-80GB", 624e12),
            ("Tesla V100-SXM2-32GB", 125e12),  # no integer peak is stated: that of any precision holds
        ],
    )
    def test_bounded_by_the_integer_peak(self, tmp_path: Path, model: str, peak: float) -> None:
        store = fleet(tmp_path / "ws")
        rows = [{**row, "gpu_model": model} for row in samples(minutes=60, tensor_active=0.4, sm_active=0.8)]
        put(store, tmp_path / "e", usage=rows)
        line = only(store)
        assert line.integer_share is None
        assert line.integer_bound == pytest.approx(3600 * peak, rel=0.001)
        assert (line.integer_bound or 0) <= (line.bound or 0)
        store.close()

    def test_time_that_nobody_saw_is_bounded_too(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=[job("a-1", "j-1", 0, 60)])
        assert only(store).integer_bound == pytest.approx(8 * 3600 * 1_978.9e12, rel=0.001)
        store.close()

    def test_an_unknown_card_is_bounded_by_its_power(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        rows = [{**row, "gpu_model": "Mystery X1"} for row in samples(minutes=60, power_w=300)]
        put(store, tmp_path / "e", usage=rows)
        line = only(store)
        assert line.integer_bound == line.bound is not None
        store.close()


class TestOddData:
    def test_a_gpu_never_works_more_than_an_hour_in_an_hour(self, tmp_path: Path) -> None:
        doubled = [row for row in samples(minutes=60, tensor_active=0.4, sm_active=0.8)]
        shifted = [{**row, "time": row["time"].replace(":00+00:00", ":30+00:00")} for row in doubled]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=[*doubled, *shifted])
        assert only(store).gpu_hours == pytest.approx(1.0, abs=0.01)
        assert measure(store, now_us=_NOW).odd["overlapping_hours"] == 1
        store.close()

    def test_an_unknown_card_is_bounded_by_its_power_or_listed_never_nothing(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        with_power = [{**row, "gpu_model": "Secret X1"} for row in samples("a-1", minutes=30, power_w=500)]
        without = [
            {**row, "gpu_model": "Secret X1", "gpu_uuid": "G-2"}
            for row in samples("a-2", "j-2", minutes=30, gpu_util=0.9)
        ]
        put(store, tmp_path / "e", usage=[*with_power, *without])
        lines = {line.id: line for line in booked(store).lines(Scope.ACCOUNT)}
        assert (lines["a-1"].bound or 0) > lines["a-1"].p50 > 0
        assert lines["a-2"].bound is None
        assert lines["a-2"].unknown_gpu_hours == pytest.approx(0.5)
        assert lines["a-2"].method == "unknown"
        store.close()

    def test_a_slice_counts_as_its_sevenths(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        whole = samples("a-1", minutes=30, sm_active=0.7)
        part = [
            {**row, "gpu_model": "H100 MIG 2g.20gb"}
            for row in samples("a-2", "j-2", gpu="G-2", minutes=30, sm_active=0.7)
        ]
        put(store, tmp_path / "e", usage=[*whole, *part])
        lines = {line.id: line for line in booked(store).lines(Scope.ACCOUNT)}
        assert lines["a-2"].p50 == pytest.approx(lines["a-1"].p50 * 2 / 7, rel=0.01)
        store.close()

    def test_time_held_without_telemetry_counts_by_the_prior(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=[job("a-1", "j-1", 0, 600)])
        line = only(store)
        assert (line.gpu_hours, line.coverage, line.method) == (80.0, 0.0, "allocation")
        assert line.p95 / line.p5 > 10
        store.close()

    def test_a_gap_counts_at_the_job_s_own_rate(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        seen = [
            row for gpu in range(8) for row in samples(minutes=45, gpu=f"G-{gpu}", tensor_active=0.4, sm_active=0.8)
        ]
        put(store, tmp_path / "e", usage=seen, allocations=[job("a-1", "j-1", 0, 60)])
        line = only(store)
        whole = 8 * 3600 * 0.4 * _PEAK
        assert line.coverage == pytest.approx(0.75, abs=0.01)
        assert whole / 1.25 < line.p50 < whole * 1.25
        store.close()

    def test_a_job_without_end_counts_to_the_last_sample(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=samples(minutes=60, gpu_util=0.5), allocations=[job("a-1", "j-1", 0, None)])
        (measured,) = measure(store, now_us=_NOW).jobs
        assert measured.open and measured.allocated_seconds == 8 * 3600
        store.close()

    @pytest.mark.parametrize(
        ("nodes", "stated", "seen", "gpus"),
        [(1, 8, 0, 8), (4, 8, 0, 32), (4, 32, 0, 32), (2, 8, 8, 8), (2, 8, 16, 16), (1, 0, 3, 3)],
    )
    def test_a_stated_number_is_a_node_s_unless_what_was_seen_says_otherwise(
        self, nodes: int, stated: int, seen: int, gpus: int
    ) -> None:
        from vedette.workloads.store.measure import _all_gpus

        assert _all_gpus(nodes, stated, seen) == gpus

    def test_nothing_held_gives_no_line(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        assert booked(store).lines(Scope.ACCOUNT) == []
        store.close()
