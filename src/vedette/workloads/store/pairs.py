"""Pairs of accounts whose jobs begin, end or follow each other together, and what flows between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vedette import hardware
from vedette.store import Store
from vedette.workloads.estimate import usual_use
from vedette.workloads.measured import Column

#: How near two beginnings or ends lie to be called one moment, and how soon a job follows another to have taken over.
TOGETHER_SECONDS, HANDOVER_SECONDS = 300, 600
#: More jobs of a kind than this within one stretch say nothing about a pair: a new cluster opens, a class begins.
_MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two accounts (in order of id) and how often their jobs met.

    ``jobs`` of each; ``starts`` and ``ends`` that coincide; ``shaped`` coincidences of jobs of equal nodes, GPUs and model;
    ``handovers`` from one to the other with an equal shape; ``overlap_seconds`` in which both had jobs of that sort.
    """

    left: str
    right: str
    left_jobs: int
    right_jobs: int
    starts: int
    ends: int
    shaped: int
    handovers: int
    overlap_seconds: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Bytes that two accounts' nodes sent each other, and in how many intervals."""

    left: str
    right: str
    bytes: float
    intervals: int


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """One allocation of an account: begin and end in seconds, an end that is not known being the moment of asking."""

    account_id: str
    job_id: str
    begin: int
    end: int


_JOBS = """
    CREATE OR REPLACE TEMP TABLE jobs AS SELECT account_id, job_id, coalesce(region, '') || '|' || coalesce(gpu_model, '') AS sort,
        started_us // 1000000 AS started, coalesce(ended_us, $until) // 1000000 AS ended, ended_us IS NOT NULL AS closed,
        coalesce(node_count, 1) || 'x' || coalesce(gpu_count, 0) AS shape
    FROM allocations WHERE started_us < $until AND coalesce(ended_us, $until) >= started_us"""


def pairs(store: Store, until_us: int) -> tuple[list[Pair], float]:
    """Every pair of accounts whose jobs of one region and model met at least once, and the seconds that all jobs span."""
    with store.engine(["allocations"]) as engine:
        engine.run(_JOBS, {"until": until_us})
        span = engine.rows("SELECT coalesce(max(ended) - min(started), 0) FROM jobs")[0][0]
        met = " UNION ALL ".join(
            (
                _met("started", "started", TOGETHER_SECONDS, "start"),
                _met("ended", "ended", TOGETHER_SECONDS, "end"),
                _met("ended", "started", HANDOVER_SECONDS, "handover"),
            )
        )
        rows = engine.rows(
            f"WITH met AS ({met}), counted AS (SELECT l, r, count(DISTINCT lj) FILTER (what = 'start') AS starts, "
            "count(DISTINCT lj) FILTER (what = 'end') AS ends, count(DISTINCT lj) FILTER (what = 'start' AND shaped) AS shaped, "
            "count(DISTINCT lj) FILTER (what = 'handover' AND shaped) AS handovers FROM met GROUP BY ALL), "
            "held AS (SELECT account_id, count(*) AS jobs, min(started) AS first, max(ended) AS last FROM jobs GROUP BY ALL) "
            "SELECT c.l, c.r, a.jobs, b.jobs, c.starts, c.ends, c.shaped, c.handovers, "
            "greatest(least(a.last, b.last) - greatest(a.first, b.first), 0)::DOUBLE FROM counted c JOIN held a ON a.account_id = c.l "
            "JOIN held b ON b.account_id = c.r WHERE c.starts + c.handovers > 0 ORDER BY 1, 2"
        )
    found = [
        Pair(
            left=row[0],
            right=row[1],
            left_jobs=row[2],
            right_jobs=row[3],
            starts=row[4],
            ends=row[5],
            shaped=row[6],
            handovers=row[7],
            overlap_seconds=row[8],
        )
        for row in rows
    ]
    return found, float(span)


def _met(left: str, right: str, within: int, what: str) -> str:
    """SQL of the meetings of one sort; buckets of twice the distance, each moment in two, make the join cheap."""
    direction = f"AND b.{right} >= a.{left}" if what == "handover" else "AND a.account_id < b.account_id"
    closed = "AND a.closed" if left == "ended" else ""
    closed += " AND b.closed" if right == "ended" else ""
    crowded = f"SELECT sort, {right} // {within} AS bucket FROM jobs GROUP BY ALL HAVING count(*) > {_MOST_AT_ONCE}"
    return (
        "SELECT least(a.account_id, b.account_id) AS l, greatest(a.account_id, b.account_id) AS r, a.job_id AS lj, "
        f"'{what}' AS what, a.shape = b.shape AS shaped FROM "
        f"(SELECT *, unnest([{left} // {within} - 1, {left} // {within}, {left} // {within} + 1]) AS bucket FROM jobs) a "
        f"JOIN (SELECT *, {right} // {within} AS bucket FROM jobs) b ON a.sort = b.sort AND a.bucket = b.bucket "
        f"AND a.account_id <> b.account_id AND abs(b.{right} - a.{left}) <= {within} {direction} {closed} "
        f"WHERE (b.sort, b.bucket) NOT IN ({crowded})"
    )


def held(store: Store, accounts: list[str], until_us: int) -> list[Held]:
    """The allocations of some accounts up to a moment, by account and begin."""
    sql = (
        "SELECT account_id, job_id, started_us // 1000000, coalesce(ended_us, $until) // 1000000 FROM allocations "
        "WHERE account_id IN (SELECT unnest($accounts)) AND started_us < $until AND coalesce(ended_us, $until) >= started_us "
        "ORDER BY account_id, started_us, job_id"
    )
    with store.engine(["allocations"]) as engine:
        return [Held(*row) for row in engine.rows(sql, {"accounts": accounts, "until": until_us})]


def flows(store: Store, until_us: int) -> list[Flow]:
    """What accounts sent each other, both ways together; flows within an account and out of the house are left out."""
    sql = (
        "SELECT least(src_account_id, dst_account_id), greatest(src_account_id, dst_account_id), sum(bytes), "
        "count(DISTINCT time_us) FROM flows WHERE src_account_id <> dst_account_id AND time_us < $until GROUP BY 1, 2 ORDER BY 1, 2"
    )
    with store.engine(["flows"]) as engine:
        return [Flow(*row) for row in engine.rows(sql, {"until": until_us})]


def reserved(store: Store, now_us: int) -> dict[str, tuple[float, float]]:
    """What accounts hold beyond now: (operations at the prior's median use, days until the last of it ends)."""
    sql = (
        "SELECT account_id, coalesce(gpu_model, ''), coalesce(node_count, 1) * coalesce(gpu_count, 1), "
        "(ended_us - greatest(started_us, $now)) / 1e6, (ended_us - $now) / 8.64e10 FROM allocations WHERE ended_us > $now ORDER BY ALL"
    )
    found: dict[str, tuple[float, float]] = {}
    with store.engine(["allocations"]) as engine:
        rows = engine.rows(sql, {"now": now_us})
    for account, model, gpus, seconds, days in rows:
        match = hardware.find(model)
        rate = match.chip.matrix * match.share * usual_use() if match else 0.0
        before = found.get(account, (0.0, 0.0))
        found[account] = before[0] + gpus * seconds * rate, max(before[1], days)
    return found


def levels(store: Store, accounts: list[str], step_seconds: int = 60) -> dict[str, tuple[Column, Column]]:
    """Each account's mean activity by step: (number of the step, level), for those that sent telemetry."""
    sql = (
        "SELECT account_id, time_us // $step AS step, avg(coalesce(tensor_active, sm_active, gpu_util, power_w / 1000)) AS level "
        "FROM usage WHERE account_id IN (SELECT unnest($accounts)) GROUP BY ALL HAVING level IS NOT NULL ORDER BY 1, 2"
    )
    with store.engine(["usage"]) as engine:
        found = engine.connection.execute(sql, {"step": step_seconds * 1_000_000, "accounts": accounts}).fetchnumpy()
    names = found["account_id"].astype(str) if len(found["account_id"]) else np.array([], dtype=str)
    return {
        name: (np.asarray(found["step"])[names == name], np.asarray(found["level"], dtype=float)[names == name])
        for name in dict.fromkeys(names.tolist())
    }
