"""Sums telemetry by job, model and day for the ledger: one pass over the samples, overlaps cut to the hour they lie in."""

from __future__ import annotations

from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine
from vedette.workloads.measured import METHODS, Job, Measured, Sums

_HOUR_US = 3_600_000_000


def measure(store: Store, *, since_us: int | None = None, until_us: int | None = None, now_us: int) -> Measured:
    """Sum the samples and allocations of a stretch of time, its end excluded."""
    since = -(2**62) if since_us is None else since_us
    until = now_us if until_us is None else until_us
    with store.engine(["usage", "allocations"]) as engine:
        _hours(engine, since, until)
        odd = _cut(engine)
        sums = Sums(engine.connection.execute(_DAYS).fetchnumpy())
        jobs = _jobs(engine, since, until)
    return Measured(sums, jobs, odd)


def _hours(engine: DuckEngine, since: int, until: int) -> None:
    """The table ``hours``: one row for each account, job and GPU (or node) in each hour.

    Readings of a node that speak of none of its GPUs (power of the board, counters of its links) say ``gpu_count`` 0: no work.
    """
    before = "true"
    parts = []
    for name, condition in METHODS.items():
        parts.append(f"sum(CASE WHEN {before} AND {condition} THEN s END) AS seconds_{name}")
        before += f" AND NOT ({condition})"
    no_tensor = "tensor_active IS NULL"
    engine.run(
        "CREATE OR REPLACE TEMP TABLE hours AS SELECT account_id, coalesce(job_id, '') AS job_id, coalesce(node, '') AS node, "
        "coalesce(gpu_uuid, '') AS gpu, coalesce(gpu_model, '') AS model, time_us // $hour AS hour, "
        "max(CASE WHEN gpu_uuid IS NULL THEN greatest(coalesce(gpu_count, 1), 1) ELSE 1 END) AS n, "
        "sum(seconds) AS seconds, min(time_us) AS first_us, max(time_us + (seconds * 1e6)::BIGINT) AS last_us, "
        + ", ".join(parts)
        + ", sum(tensor_active * sm_clock_mhz * s) AS tensor_mhz, "
        "sum(CASE WHEN sm_clock_mhz IS NULL THEN tensor_active * s END) AS tensor_plain, "
        f"sum(CASE WHEN {no_tensor} THEN power_w * s END) AS joule, "
        f"sum(CASE WHEN {no_tensor} AND power_w IS NULL THEN sm_active * s END) AS sm_work, "
        f"sum(CASE WHEN {no_tensor} AND power_w IS NULL AND sm_active IS NULL THEN gpu_util * s END) AS util_work, "
        "sum(fp64_active * s) AS fp64_work, "
        "sum(CASE WHEN tensor_active IS NOT NULL THEN greatest(sm_active - tensor_active, 0) * s END) AS other_work, "
        "sum(power_w * s) AS joule_all, max(power_w) AS power_most "
        "FROM (SELECT *, seconds AS s FROM usage WHERE seconds > 0 AND NOT (gpu_uuid IS NULL AND coalesce(gpu_count, 1) = 0) "
        "AND time_us >= $since AND time_us < $until) "
        "GROUP BY ALL",
        {"hour": _HOUR_US, "since": since, "until": until},
    )


def _cut(engine: DuckEngine) -> dict[str, int]:
    """The table ``cut``: hours with the share that counts, so that no GPU works more than an hour in an hour."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE cut AS SELECT *, least(1.0, 3600.0 / whole) AS part FROM (SELECT *, "
        "CASE WHEN gpu <> '' THEN sum(seconds) OVER (PARTITION BY gpu, hour) "
        "WHEN node <> '' THEN sum(seconds) OVER (PARTITION BY node, account_id, job_id, gpu, hour) ELSE 1.0 END AS whole "
        "FROM hours)"
    )
    row = engine.rows(
        "SELECT count(*) FILTER (whole > 3672), count(*) FILTER (model = ''), (SELECT count(*) FROM (SELECT gpu, "
        "hour FROM cut WHERE gpu <> '' GROUP BY ALL HAVING count(DISTINCT account_id) > 1 AND sum(seconds) > 3672)) FROM cut"
    )[0]
    names = ("overlapping_hours", "hours_without_model", "shared_gpu_hours")
    return {name: int(value) for name, value in zip(names, row, strict=True) if value}


_WORK = (
    *(f"seconds_{name}" for name in METHODS),
    "tensor_mhz",
    "tensor_plain",
    "joule",
    "sm_work",
    "util_work",
    "fp64_work",
    "other_work",
    "joule_all",
)
_DAYS = (
    "SELECT account_id, job_id, model, hour // 24 AS day, sum(seconds * part * n) AS seconds, "
    + ", ".join(
        # A node's power is that of the whole board; its other signals are means over its GPUs.
        f"coalesce(sum({name} * part{'' if name.startswith('joule') else ' * n'}), 0) AS {name}"
        for name in _WORK
    )
    + ", coalesce(max(power_most / n), 0) AS power_most FROM cut GROUP BY ALL ORDER BY account_id, job_id, model, day"
)


def _jobs(engine: DuckEngine, since: int, until: int) -> tuple[Job, ...]:
    """Every job that was seen or allocated. Whether an allocation's GPUs are a node's or all is told by what was seen."""
    rows = engine.rows(
        "WITH seen AS (SELECT account_id, job_id, max(model) AS model, min(first_us) AS first_us, max(last_us) AS last_us, "
        "sum(seconds) AS seconds, sum(span) AS span, sum(n)::BIGINT AS gpus, count(DISTINCT node) AS nodes FROM ("
        "SELECT account_id, job_id, node, gpu, max(model) AS model, min(first_us) AS first_us, max(last_us) AS last_us, "
        "max(n) AS n, sum(seconds * part * n) AS seconds, (max(last_us) - min(first_us)) / 1e6 * max(n) AS span "
        "FROM cut GROUP BY ALL) GROUP BY ALL), "
        "held AS (SELECT *, greatest(started_us, $since) AS from_us, least(coalesce(ended_us, (SELECT max(last_us) FROM seen), "
        "$until), $until) AS to_us FROM allocations WHERE started_us < $until AND coalesce(ended_us, $until) > $since) "
        "SELECT coalesce(s.account_id, h.account_id), coalesce(s.job_id, h.job_id), coalesce(nullif(s.model, ''), h.gpu_model, "
        "''), coalesce(s.first_us, h.from_us), greatest(coalesce(s.last_us, h.to_us), coalesce(h.to_us, s.last_us)), "
        "coalesce(s.seconds, 0), coalesce(s.span, 0), greatest(h.to_us - h.from_us, 0) / 1e6, h.node_count, h.gpu_count, "
        "coalesce(s.gpus, 0), coalesce(s.nodes, 0), coalesce(h.region, ''), h.job_id IS NOT NULL AND h.ended_us IS NULL "
        "FROM seen s FULL JOIN held h ON s.account_id = h.account_id AND s.job_id = h.job_id ORDER BY 1, 2",
        {"since": since, "until": until},
    )
    return tuple(_job(*row) for row in rows)


def _job(
    account: str,
    job: str,
    model: str,
    first: int,
    last: int,
    seen: float,
    span: float,
    lasting: float | None,
    node_count: int | None,
    gpu_count: int | None,
    gpus_seen: int,
    nodes_seen: int,
    region: str,
    unended: bool,
) -> Job:
    nodes = node_count or max(nodes_seen, 1)
    gpus = _all_gpus(nodes, gpu_count, gpus_seen)
    return Job(
        account_id=account,
        job_id=job,
        model=model,
        first_us=first,
        last_us=max(first, last),
        seen_seconds=seen,
        span_seconds=span,
        allocated_seconds=(lasting or 0.0) * gpus,
        nodes=nodes,
        gpus=gpus,
        region=region,
        open=bool(unended),
    )


def _all_gpus(nodes: int, stated: int | None, seen: int) -> int:
    """How many GPUs a job holds: a stated number is a node's, unless as many were seen in all or no node has so many."""
    if not stated:
        return max(seen, 1)
    total = nodes > 1 and (stated > 16 or (seen == stated and seen % nodes == 0))
    return stated if total else stated * nodes
