"""Measures the ledger: a hundred million samples to operations, and its error on invented runs of known count. SIMULATED.

    python -m bench.ledger [SAMPLES]       default 100,000,000

The known counts come from the simulator, whose counters err as three real runs did; how far real fleets differ is not told.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from vedette.app.opening import create
from vedette.audit import writing
from vedette.base import Principal, PrincipalKind
from vedette.simulate.telemetry import KINDS, Run, run
from vedette.store import Store
from vedette.workloads.ledger import ledger
from vedette.workloads.model import Scope
from vedette.workloads.store.invented import SIGNALS
from vedette.workloads.store.measure import measure

_ME = Principal(PrincipalKind.JOB, "bench")
_BEGIN = 1_767_225_600_000_000
_LATER = _BEGIN + 400 * 86_400_000_000


def fill(store: Store, samples: int) -> None:
    """Usage of 4,000 GPUs, a sample a minute: 400 accounts, a job a day each, days on end."""
    gpus = 4_000
    minutes = samples // gpus
    day = 1_440
    with store.engine(["usage"]) as engine:
        for start in range(0, minutes, day):
            sql = (
                f"SELECT {_BEGIN} + (m * 60000000)::BIGINT AS time_us, strftime(make_timestamp({_BEGIN} + (m * 60000000)::BIGINT), "
                "'%Y-%m-%d') AS day, 0::BIGINT AS received_us, 60.0 AS seconds, 'a-' || (g // 10) AS account_id, "
                f"'j-' || (g // 10) || '-' || (m // {day}) AS job_id, 'n-' || (g // 8) AS node, 'GPU-' || g AS gpu_uuid, "
                "'NVIDIA H100 80GB HBM3' AS gpu_model, 1::BIGINT AS gpu_count, 0.9 AS gpu_util, 0.7 AS sm_active, "
                "0.2 + 0.2 * ((g * 7919 + m) % 100) / 100 AS tensor_active, 0.4 AS dram_active, 0.0 AS fp64_active, 0.7 AS memory_used_fraction, "
                "500.0 AS power_w, 1800.0 AS sm_clock_mhz, NULL::DOUBLE AS pcie_tx_bytes, NULL::DOUBLE AS pcie_rx_bytes, NULL::DOUBLE AS "
                "nvlink_tx_bytes, NULL::DOUBLE AS nvlink_rx_bytes, NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes "
                f"FROM range({start}, {min(start + day, minutes)}) t(m), range({gpus}) u(g)"
            )
            with writing(store, _ME, "bench.usage") as act:
                act.commit_files(store.lake.stage(engine.connection, "usage", sql))


def speed(samples: int) -> None:
    """Time and memory from committed samples to lines of accounts and jobs."""
    with tempfile.TemporaryDirectory() as folder:
        store = create(Path(folder) / "ws", "us")
        begun = time.perf_counter()
        fill(store, samples)
        print(f"{samples:,} samples written in {time.perf_counter() - begun:.0f} s (not part of the measure)")
        before = time.perf_counter()
        book = ledger(measure(store, now_us=_LATER))
        lines = book.lines(Scope.ACCOUNT)
        jobs = book.lines(Scope.JOB)
        took = time.perf_counter() - before
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"samples to ledger                    {took:.1f} s, {len(jobs):,} jobs, {len(lines)} accounts, peak {peak:,.0f} MB"
        "   target: 100 M in 120 s, 4 GB"
    )


def error() -> None:
    """How the expected count and its range stand to the truth, by what telemetry there is. SIMULATED."""
    chance = np.random.Generator(np.random.PCG64(41))
    kinds = [name for name, kind in KINDS.items() if kind.label in ("training", "inference")]
    runs = [run(kind, chance, steps=120, seconds=30.0) for kind in kinds for _ in range(20)]
    for title, blank in (
        ("matrix activity", ()),
        ("energy", ("tensor_active",)),
        ("multiprocessors", ("tensor_active", "power_w")),
        ("utilisation", ("tensor_active", "power_w", "sm_active")),
    ):
        with tempfile.TemporaryDirectory() as folder:
            store = create(Path(folder) / "ws", "us")
            keep(store, runs, blank)
            lines = {line.id: line for line in ledger(measure(store, now_us=_LATER)).lines(Scope.JOB)}
            store.close()
        ratios = np.array([lines[f"a/{n:06d}"].p50 / one.flop for n, one in enumerate(runs)])
        within = np.mean([lines[f"a/{n:06d}"].p5 <= one.flop <= lines[f"a/{n:06d}"].p95 for n, one in enumerate(runs)])
        bound = np.mean([(lines[f"a/{n:06d}"].bound or 0) >= one.flop for n, one in enumerate(runs)])
        off = np.exp(np.abs(np.log(ratios)))
        print(
            f"{title:<20} expected/true median {np.median(ratios):.2f}, within 1.25x {np.mean(off <= 1.25):.2f}; truth in p5..p95 "
            f"{within:.2f}; bound holds {bound:.2f}   (SIMULATED, {len(runs)} runs)"
        )


def keep(store: Store, runs: list[Run], blank: tuple[str, ...]) -> None:
    """Put runs into the lake, some signals left out."""
    columns: dict[str, list[Any]] = {}
    for number, one in enumerate(runs):
        gpus, steps = one.signals["sm_active"].shape
        size = gpus * steps
        columns.setdefault("job_id", []).append(np.full(size, f"{number:06d}", dtype=object))
        columns.setdefault("gpu_uuid", []).append(
            np.repeat([f"g{number}-{gpu}" for gpu in range(gpus)], steps).astype(object)
        )
        columns.setdefault("gpu_model", []).append(np.full(size, one.model, dtype=object))
        columns.setdefault("time_us", []).append(
            np.tile((_BEGIN + np.arange(steps) * one.seconds * 1e6).astype(np.int64), gpus)
        )
        columns.setdefault("seconds", []).append(np.full(size, one.seconds))
        for name in SIGNALS:
            columns.setdefault(name, []).append(one.signals[name].ravel())
    table = {name: np.concatenate(parts) for name, parts in columns.items()}
    with store.engine(["usage"]) as engine:
        engine.connection.register("raw", table)
        shown = ", ".join(f"NULL::DOUBLE AS {name}" if name in blank else name for name in SIGNALS)
        sql = (
            f"SELECT 'a' AS account_id, job_id, NULL::VARCHAR AS node, gpu_uuid, gpu_model, time_us, seconds, 1 AS gpu_count, {shown}, "
            "NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes, 0::BIGINT AS received_us, strftime(make_timestamp(time_us), "
            "'%Y-%m-%d') AS day FROM raw"
        )
        with writing(store, _ME, "bench.usage") as act:
            act.commit_files(store.lake.stage(engine.connection, "usage", sql))


if __name__ == "__main__":
    error()
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000)
