"""Features of jobs in windows of five minutes, in one pass over the samples: means, spreads and how far GPUs move together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine

WINDOW_SECONDS = 300
_TICK_SECONDS = 5
Columns = Mapping[str, np.ndarray[Any, np.dtype[Any]]]

_SIGNALS = (
    "gpu_util",
    "sm_active",
    "tensor_active",
    "dram_active",
    "fp64_active",
    "power_w",
    "memory_used_fraction",
    "sm_clock_mhz",
)


def windows(
    store: Store,
    *,
    since_us: int | None = None,
    until_us: int | None = None,
    job_id: str | None = None,
    account_id: str | None = None,
) -> Columns:
    """The windows of every job of a stretch of time, or of one job, by account, job and time."""
    with store.engine(["usage"]) as engine:
        return of_engine(engine, since_us, until_us, job_id, account_id)


def of_engine(
    engine: DuckEngine,
    since_us: int | None = None,
    until_us: int | None = None,
    job_id: str | None = None,
    account_id: str | None = None,
) -> Columns:
    """The same over an engine that holds a table ``usage``.

    Columns: ``account_id``, ``job_id``, ``model``, ``window`` (number of the five minutes), ``seconds`` (GPU-seconds),
    ``gpus``, the mean of each signal (per GPU; NaN where it is missing), ``spread_<signal>`` (standard deviation) of the
    activity signals and power, ``pcie``, ``nvlink``, ``net`` (bytes a second and GPU), ``moves`` (how far the GPUs'
    changes of power agree, 1 for together and 0 for each its own; NaN for one GPU), ``active`` (share of samples at work).
    Where samples tell no ``net``, the counters of a node's links stand for it in windows in which the node was wholly one job's.
    """
    means = ", ".join(
        f"sum({name} * seconds * n) / sum(CASE WHEN {name} IS NOT NULL THEN seconds * n END) AS {name}"
        for name in _SIGNALS
    )
    spreads = ", ".join(
        f"stddev_pop({name}) AS spread_{name}" for name in ("tensor_active", "sm_active", "power_w", "gpu_util")
    )
    links = ", ".join(
        f"sum({name}) / sum(CASE WHEN {name} IS NOT NULL THEN seconds * n END) AS {name}" for name in ("pcie", "nvlink")
    )
    both = ", ".join(f"{_both_ways(name)} AS {name}" for name in ("pcie", "nvlink", "net"))
    net = _both_ways("net")
    sql = f"""
        WITH samples AS (
            SELECT account_id, coalesce(job_id, '') AS job_id, coalesce(gpu_uuid, node, '') AS gpu,
                coalesce(gpu_model, '') AS model, time_us, seconds, {", ".join(_SIGNALS[:5])}, memory_used_fraction, sm_clock_mhz,
                CASE WHEN gpu_uuid IS NULL THEN greatest(coalesce(gpu_count, 1), 1) ELSE 1 END AS n,
                power_w / CASE WHEN gpu_uuid IS NULL THEN greatest(coalesce(gpu_count, 1), 1) ELSE 1 END AS power_w, {both},
                coalesce(tensor_active, sm_active, gpu_util, power_w / 1000) AS level
            FROM usage WHERE seconds > 0 AND NOT (gpu_uuid IS NULL AND coalesce(gpu_count, 1) = 0)
                AND time_us >= $since AND time_us < $until
                AND ($job IS NULL OR job_id = $job) AND ($account IS NULL OR account_id = $account)),
        links AS (
            SELECT account_id, node, time_us // $window AS w, sum({net}) AS bytes
            FROM usage WHERE gpu_uuid IS NULL AND gpu_count = 0 AND node IS NOT NULL AND {net} IS NOT NULL
                AND time_us >= $since AND time_us < $until GROUP BY ALL),
        whole AS (
            SELECT node, time_us // $window AS w, max(account_id) AS account_id, max(coalesce(job_id, '')) AS job_id,
                sum(seconds * CASE WHEN gpu_uuid IS NULL THEN greatest(coalesce(gpu_count, 1), 1) ELSE 1 END) AS gpu_seconds
            FROM usage WHERE node IN (SELECT node FROM links) AND NOT (gpu_uuid IS NULL AND coalesce(gpu_count, 1) = 0)
                AND time_us >= $since AND time_us < $until
            GROUP BY ALL HAVING count(DISTINCT (account_id, coalesce(job_id, ''))) = 1),
        carried AS (
            SELECT l.account_id, o.job_id, l.w, sum(l.bytes) / nullif(sum(o.gpu_seconds), 0) AS net
            FROM links l JOIN whole o ON o.node = l.node AND o.w = l.w AND o.account_id = l.account_id GROUP BY ALL),
        moved AS (
            SELECT *, level - lag(level) OVER (PARTITION BY account_id, job_id, gpu ORDER BY time_us) AS d FROM samples),
        ticks AS (
            SELECT account_id, job_id, time_us // $tick AS tick, avg(d) AS d, avg(d * d) AS dd, count(DISTINCT gpu) AS g
            FROM moved WHERE d IS NOT NULL GROUP BY ALL),
        together AS (
            SELECT account_id, job_id, tick // ($window // $tick) AS w, sum(d * d) / nullif(sum(dd), 0) AS alike, avg(g) AS g
            FROM ticks WHERE g > 1 GROUP BY ALL)
        SELECT m.account_id, m.job_id, max(m.model) AS model, m.time_us // $window AS "window", sum(m.seconds * m.n) AS seconds,
            count(DISTINCT gpu) * max(n) AS gpus, {means}, {spreads}, {links},
            coalesce(sum(m.net) / sum(CASE WHEN m.net IS NOT NULL THEN seconds * n END), max(c.net)) AS net,
            avg(CASE WHEN coalesce(sm_active, gpu_util, 0) > 0.05 OR coalesce(tensor_active, 0) > 0.02 THEN 1.0 ELSE 0.0 END) AS active,
            max((t.alike - 1 / t.g) / (1 - 1 / t.g)) AS moves
        FROM moved m LEFT JOIN together t
            ON t.account_id = m.account_id AND t.job_id = m.job_id AND t.w = m.time_us // $window
            LEFT JOIN carried c ON c.account_id = m.account_id AND c.job_id = m.job_id AND c.w = m.time_us // $window
        GROUP BY m.account_id, m.job_id, m.time_us // $window ORDER BY ALL"""
    values = {
        "since": -(2**62) if since_us is None else since_us,
        "until": 2**62 if until_us is None else until_us,
        "job": job_id,
        "account": account_id,
        "window": WINDOW_SECONDS * 1_000_000,
        "tick": _TICK_SECONDS * 1_000_000,
    }
    found: Columns = engine.connection.execute(sql, values).fetchnumpy()
    return {name: _plain(column) for name, column in found.items()}


def _both_ways(name: str) -> str:
    return f"coalesce({name}_tx_bytes + {name}_rx_bytes, {name}_tx_bytes, {name}_rx_bytes)"


def _plain(column: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """A column without mask: missing numbers are NaN."""
    if isinstance(column, np.ma.MaskedArray):
        return np.ma.filled(
            column.astype(float) if column.dtype.kind in "fiu" else column, np.nan if column.dtype.kind in "fiu" else ""
        )
    return np.asarray(column)
