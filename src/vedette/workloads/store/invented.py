"""Windows of invented runs, read as the lake's would be: what the shipped models were taught. SIMULATED, no fleet's telemetry."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vedette.simulate.telemetry import KINDS, Run, run
from vedette.store.engines.duckdb import DuckEngine
from vedette.workloads.store.series import of_engine

RUNS = 24
_STEPS, _SECONDS = 90, 10.0
DRIVER_SIGNALS = ("gpu_util", "power_w", "memory_used_fraction", "sm_clock_mhz", "pcie_tx_bytes", "pcie_rx_bytes")
SIGNALS = (
    *DRIVER_SIGNALS,
    "sm_active",
    "tensor_active",
    "dram_active",
    "fp64_active",
    "nvlink_tx_bytes",
    "nvlink_rx_bytes",
)
#: What each model sees.
TIERS: Mapping[str, Sequence[str]] = {"profiled": SIGNALS, "driver": DRIVER_SIGNALS}
#: Classes that each model is taught: rest is told by rule, and with profiling counters so is work without matrix units.
TAUGHT: Mapping[str, Sequence[str]] = {
    "profiled": ("training", "inference"),
    "driver": ("training", "inference", "hpc", "hash"),
}


def taught(tier: str, kinds: Sequence[str]) -> list[str]:
    """The kinds among these that a tier learns from."""
    return [kind for kind in kinds if KINDS[kind].label in TAUGHT[tier]]


def drawn(kinds: Sequence[str], seed: int, count: int = RUNS) -> list[Run]:
    """Some runs of each kind."""
    chance = np.random.Generator(np.random.PCG64(seed))
    return [run(kind, chance, steps=_STEPS, seconds=_SECONDS) for kind in kinds for _ in range(count)]


def windows_of(runs: Sequence[Run], signals: Sequence[str] = SIGNALS) -> Mapping[str, Any]:
    """The windows of runs, as they would be read from the lake; the job's number is the run's."""
    names: dict[str, list[Any]] = {
        name: [] for name in ("account_id", "job_id", "gpu_uuid", "gpu_model", "time_us", "seconds", *SIGNALS)
    }
    for number, one in enumerate(runs):
        gpus, steps = one.signals["sm_active"].shape
        size = gpus * steps
        names["account_id"].append(np.full(size, "a", dtype=object))
        names["job_id"].append(np.full(size, f"{number:06d}", dtype=object))
        names["gpu_uuid"].append(np.repeat([f"g{number}-{gpu}" for gpu in range(gpus)], steps).astype(object))
        names["gpu_model"].append(np.full(size, one.model, dtype=object))
        names["time_us"].append(np.tile((np.arange(steps) * one.seconds * 1e6).astype(np.int64), gpus))
        names["seconds"].append(np.full(size, one.seconds))
        for name in SIGNALS:
            names[name].append(one.signals[name].ravel() if name in signals else np.full(size, np.nan))
    return _read({name: np.concatenate(parts) for name, parts in names.items()})


def _read(table: Mapping[str, Any]) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as scratch, DuckEngine({}, Path(scratch), memory="1GB", threads=2) as engine:
        engine.connection.register("raw", table)
        held = ", ".join(f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}" for name in SIGNALS)
        engine.run(
            "CREATE TABLE usage AS SELECT account_id, job_id, NULL::VARCHAR AS node, gpu_uuid, gpu_model, time_us, seconds, "
            f"1 AS gpu_count, {held}, NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes FROM raw"
        )
        return of_engine(engine)
