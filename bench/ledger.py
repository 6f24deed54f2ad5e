"""Measures the ledger: a hundred million samples to operations, and its error on invented runs of known count. SIMULATED.

    python -m bench.ledger [SAMPLES]       error by estimator, then the speed over so many samples (default 100,000,000)
    python -m bench.ledger error           the error alone
    python -m bench.ledger calibrate       the figures of `sm` and `util` in estimators.yml

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
from vedette.simulate.telemetry import CHIPS, KINDS, Run, run
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
                "nvlink_tx_bytes, NULL::DOUBLE AS nvlink_rx_bytes, NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes, NULL::DOUBLE AS energy_j "
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


#: Every second kind of training and serving, in the simulator's order, is for calibrating `sm` and `util`; the others test them.
_KINDS = [name for name, kind in KINDS.items() if kind.label in ("training", "inference")]
CALIBRATED, HELD_OUT = _KINDS[::2], _KINDS[1::2]
_CALIBRATION_CHIPS = ("NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-80GB")


def calibrate() -> None:
    """Print the error of `sm` and `util` that every second kind of work shows, on two cards: what estimators.yml holds.

    The range between the fifth and ninety-fifth percentile becomes a log-normal error, widened as a prediction from so few kinds
    must be (Student's t). Nothing of the kinds held out, nor of the other cards, is looked at.
    """
    chance = np.random.Generator(np.random.PCG64(7))
    for name, signal in (("sm", "sm_active"), ("util", "gpu_util")):
        ratios = np.array(
            [
                one.flop / (float(one.signals[signal].sum()) * one.seconds * _PEAKS[one.model])
                for kind in CALIBRATED
                for model in _CALIBRATION_CHIPS
                for one in (run(kind, chance, steps=120, seconds=30.0, model=model) for _ in range(40))
            ]
        )
        low, high = np.quantile(np.log(ratios), (0.05, 0.95))
        few = len(CALIBRATED)
        wider = _STUDENT / 1.645 * np.sqrt(1 + 1 / few)
        print(
            f"{name:<6} median {np.exp((low + high) / 2):.3f}  sigma {(high - low) / 2 / 1.645 * wider:.2f}   ({few} kinds)"
        )


#: Student's t at .95 for the number of kinds less one.
_STUDENT = 1.83
_PEAKS = {model: peak for model, (_, _, peak) in CHIPS.items()}


def error() -> None:
    """How the expected count and its range stand to the truth, by estimator; kinds held out from calibration apart. SIMULATED."""
    chance = np.random.Generator(np.random.PCG64(41))
    runs = [run(kind, chance, steps=120, seconds=30.0) for kind in _KINDS for _ in range(20)]
    held = np.array([one.kind in HELD_OUT for one in runs])
    print(
        "SIMULATED. `sm` and `util` were calibrated on every second kind of work; held-out kinds on all five cards, three of them never used for tuning."
    )
    for title, blank in (
        ("tensor", ()),
        ("energy", ("tensor_active",)),
        ("sm", ("tensor_active", "power_w")),
        ("util", ("tensor_active", "power_w", "sm_active")),
        ("allocation", ("tensor_active", "power_w", "sm_active", "gpu_util")),
    ):
        with tempfile.TemporaryDirectory() as folder:
            store = create(Path(folder) / "ws", "us")
            keep(store, runs, blank)
            found = {line.id: line for line in ledger(measure(store, now_us=_LATER)).lines(Scope.JOB)}
            store.close()
        lines = [found[f"a/{number:06d}"] for number in range(len(runs))]
        off = np.exp(np.abs(np.log([line.p50 / one.flop for line, one in zip(lines, runs, strict=True)])))
        within = np.array([line.p5 <= one.flop <= line.p95 for line, one in zip(lines, runs, strict=True)])
        bound = np.mean([(line.bound or 0) >= one.flop for line, one in zip(lines, runs, strict=True)])
        for which, mask in (("calibrated", ~held), ("held out", held)):
            print(
                f"{title:<11}{which:<11} p50 within 1.25x {np.mean(off[mask] <= 1.25):.2f}, median factor off {np.median(off[mask]):.2f}; "
                f"truth in p5..p95 {np.mean(within[mask]):.3f}; bound holds {bound:.2f}   ({int(mask.sum())} runs)"
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
            "NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes, NULL::DOUBLE AS energy_j, 0::BIGINT AS received_us, strftime(make_timestamp(time_us), "
            "'%Y-%m-%d') AS day FROM raw"
        )
        with writing(store, _ME, "bench.usage") as act:
            act.commit_files(store.lake.stage(engine.connection, "usage", sql))


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "100_000_000"
    if wanted == "calibrate":
        calibrate()
    else:
        error()
        if wanted != "error":
            speed(int(wanted))
