"""The windows of labelled runs: a site's own from its lake, the shipped ones invented anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vedette.simulate.telemetry import KINDS
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.workloads.features import Columns
from vedette.workloads.record import Label, Pool
from vedette.workloads.store.invented import RUNS, TIERS, drawn, taught, windows_of
from vedette.workloads.store.series import of_engine

_SEED = 1
#: What a model of a tier cannot do without.
_NEEDED = {"profiled": ("tensor_active", "sm_active"), "driver": ("gpu_util", "power_w")}
_PROFILING = (
    "sm_active",
    "tensor_active",
    "dram_active",
    "fp64_active",
    "spread_sm_active",
    "spread_tensor_active",
    "nvlink",
)


def seen(store: Store, account_id: str, job_id: str) -> bool:
    """Whether the lake holds telemetry of a job."""
    with store.engine(["usage"]) as engine:
        found = engine.rows("SELECT 1 FROM usage WHERE account_id = ? AND job_id = ? LIMIT 1", [account_id, job_id])
    return bool(found)


def recorded(store: Store, labels: Sequence[Label], tier: str) -> Pool:
    """The windows of labelled jobs that have the counters of a tier. A condition is marked as the site's own."""
    keys = [f"({literal(item.account_id)}, {literal(item.job_id)})" for item in labels] or ["('', NULL)"]
    source = f"SELECT * FROM {store.relations(['usage'])['usage']} WHERE (account_id, job_id) IN ({', '.join(keys)})"
    with DuckEngine({"usage": source}, store.workspace.scratch, memory="1GB", threads=2) as engine:
        found = of_engine(engine)
    names = [_job(*pair) for pair in zip(found["account_id"].tolist(), found["job_id"].tolist(), strict=True)]
    there = np.ones(len(names), dtype=bool)
    for name in _NEEDED[tier]:
        there &= ~np.isnan(found[name].astype(float))
    named = {**found, "job_id": np.array(names, dtype=object)}
    windows = {name: column[there] for name, column in named.items()}
    return Pool(
        _without_profiling(windows) if tier == "driver" else windows,
        {_job(item.account_id, item.job_id): item.label for item in labels},
        {_job(item.account_id, item.job_id): f"own:{item.condition}" for item in labels},
    )


def shipped(tier: str, count: int = RUNS) -> Pool:
    """The invented runs that the shipped model of a tier was taught."""
    runs = drawn(taught(tier, list(KINDS)), _SEED, count)
    windows = dict(windows_of(runs, TIERS[tier]))
    windows["job_id"] = windows["job_id"].astype(object)
    names = [f"{number:06d}" for number in range(len(runs))]
    return Pool(
        windows,
        {name: one.label for name, one in zip(names, runs, strict=True)},
        {name: one.kind for name, one in zip(names, runs, strict=True)},
    )


def _job(account_id: str, job_id: str) -> str:
    """One word for a job of an account: two accounts may number their jobs alike."""
    return f"{account_id}/{job_id}"


def _without_profiling(windows: Columns) -> Columns:
    """The windows as a fleet without profiling counters would send them."""
    blank = np.full(len(windows["job_id"]), np.nan)
    return {name: blank if name in _PROFILING else column for name, column in windows.items()}
