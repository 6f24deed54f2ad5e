"""Finds telemetry that cannot be true: signals against each other, against physics, and one device in two places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vedette import hardware
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something about an account's telemetry that does not fit: what, how often, on how many GPUs, from when to when."""

    account_id: str
    what: str
    samples: int
    gpus: int
    first_us: int
    last_us: int
    of: int


#: What is looked for: a condition on one sample, and how many samples of an account it takes.
CHECKS = {
    "busy_at_rest_power": ("gpu_util > 0.9 AND coalesce(sm_active, 1) > 0.3 AND power_w < 0.18 * limit_w", 20),
    "matrix_without_multiprocessors": ("tensor_active > sm_active + 0.05", 20),
    "power_over_limit": ("power_w > 1.3 * limit_w", 20),
    "work_without_utilisation": ("gpu_util < 0.02 AND sm_active > 0.2", 20),
    "clock_beyond_card": ("sm_clock_mhz > 1.5 * clock_mhz", 20),
}
_LEAST_SHARE = 0.02
_STUCK_SAMPLES = 60
#: Energy and power of a GPU may differ by this factor: power is read at moments, energy counts all of the time between.
_ENERGY_ODDS, _ENERGY_SAMPLES, _ENERGY_SECONDS = 1.25, 30, 1_800.0
#: A board and its GPUs are compared in stretches of ten minutes of which both sides saw at least half.
_STRETCH_US, _STRETCH_SEEN, _STRETCHES = 600_000_000, 300.0, 6
#: Sensors of boards err by some percent; what a machine draws beside its GPUs stays below this many watts, and so many each GPU.
_BOARD_ERROR, _REST_W, _REST_PER_GPU_W = 1.10, 600.0, 700.0


def oddities(store: Store) -> list[Oddity]:
    """Every account's telemetry that contradicts itself often enough to be more than a slip, by account and kind."""
    with store.engine(["usage"]) as engine:
        _cards(engine)
        found = [*_samples(engine), *_stuck(engine), *_twice(engine), *_energy(engine), *_boards(engine)]
    return sorted(found, key=lambda item: (item.account_id, item.what))


def _cards(engine: DuckEngine) -> None:
    """The table ``cards``: power limit and clock of every model that is met."""
    models = [row[0] for row in engine.rows("SELECT DISTINCT gpu_model FROM usage WHERE gpu_model IS NOT NULL")]
    known = [
        (model, match.chip) for model in models if (match := hardware.find(model)) is not None and match.share == 1.0
    ]
    engine.run("CREATE OR REPLACE TEMP TABLE cards (gpu_model VARCHAR, limit_w DOUBLE, clock_mhz DOUBLE)")
    if known:
        engine.run(
            "INSERT INTO cards SELECT unnest(?::VARCHAR[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[])",
            [[model for model, _ in known], [chip.power_w for _, chip in known], [chip.clock_mhz for _, chip in known]],
        )


def _samples(engine: DuckEngine) -> list[Oddity]:
    parts = ", ".join(
        f"count(*) FILTER ({condition}) AS c{n}, count(DISTINCT gpu_uuid) FILTER ({condition}) AS g{n}, "
        f"min(time_us) FILTER ({condition}) AS f{n}, max(time_us) FILTER ({condition}) AS l{n}"
        for n, (condition, _) in enumerate(CHECKS.values())
    )
    sql = (
        f"SELECT account_id, count(*) AS samples, {parts} FROM usage LEFT JOIN cards USING (gpu_model) "
        "WHERE gpu_uuid IS NOT NULL GROUP BY account_id ORDER BY account_id"
    )
    found = []
    for account, samples, *values in engine.rows(sql):
        for n, (what, (_, least)) in enumerate(CHECKS.items()):
            count, gpus, first, last = values[4 * n : 4 * n + 4]
            if count >= least and count >= _LEAST_SHARE * samples:
                found.append(
                    Oddity(
                        account_id=account,
                        what=what,
                        samples=count,
                        gpus=gpus,
                        first_us=first,
                        last_us=last,
                        of=samples,
                    )
                )
    return found


def _stuck(engine: DuckEngine) -> list[Oddity]:
    """A power reading that never moves while the GPU's use does: a frozen counter, or one that was written by hand."""
    sql = (
        "SELECT account_id, sum(samples)::BIGINT, count(*), min(first_us), max(last_us), max(whole)::BIGINT FROM ("
        "SELECT account_id, gpu_uuid, count(*) AS samples, min(time_us) AS first_us, max(time_us) AS last_us, "
        "sum(count(*)) OVER (PARTITION BY account_id) AS whole, min(power_w) = max(power_w) AND stddev_pop(gpu_util) > 0.05 AS stuck "
        "FROM usage WHERE gpu_uuid IS NOT NULL AND power_w IS NOT NULL AND gpu_util IS NOT NULL GROUP BY account_id, gpu_uuid) "
        f"WHERE stuck AND samples >= {_STUCK_SAMPLES} GROUP BY account_id ORDER BY account_id"
    )
    return _told("power_never_moves", engine.rows(sql))


def _twice(engine: DuckEngine) -> list[Oddity]:
    """One GPU's serial under two accounts at one time, which is no time-sharing where both say it was wholly theirs."""
    sql = (
        "WITH hours AS (SELECT gpu_uuid, account_id, time_us // 3600000000 AS hour, sum(seconds) AS seconds, count(*) AS samples, "
        "min(time_us) AS first_us, max(time_us) AS last_us FROM usage WHERE gpu_uuid IS NOT NULL AND gpu_model NOT ILIKE '%mig%' "
        "GROUP BY ALL), shared AS (SELECT gpu_uuid, hour FROM hours GROUP BY ALL HAVING count(*) > 1 AND sum(seconds) > 4500) "
        "SELECT account_id, sum(samples)::BIGINT, count(DISTINCT gpu_uuid), min(first_us), max(last_us), sum(samples)::BIGINT "
        "FROM hours JOIN shared USING (gpu_uuid, hour) GROUP BY account_id ORDER BY account_id"
    )
    return _told("one_gpu_at_two_accounts", engine.rows(sql))


def _energy(engine: DuckEngine) -> list[Oddity]:
    """An energy counter and power readings of one GPU that tell different stories over the intervals that have both."""
    sql = (
        "WITH both_ AS (SELECT account_id, gpu_uuid, count(*) AS samples, min(time_us) AS first_us, max(time_us) AS last_us, "
        "sum(energy_j) AS counted, sum(power_w * seconds) AS integrated FROM usage "
        "WHERE gpu_uuid IS NOT NULL AND energy_j IS NOT NULL AND power_w IS NOT NULL AND seconds > 0 GROUP BY ALL "
        f"HAVING count(*) >= {_ENERGY_SAMPLES} AND sum(seconds) >= {_ENERGY_SECONDS}) "
        "SELECT account_id, sum(samples) FILTER (odd)::BIGINT, count(*) FILTER (odd), min(first_us) FILTER (odd), "
        "max(last_us) FILTER (odd), sum(samples)::BIGINT FROM (SELECT *, "
        f"NOT counted BETWEEN integrated / {_ENERGY_ODDS} AND integrated * {_ENERGY_ODDS} AS odd FROM both_) "
        "GROUP BY account_id HAVING count(*) FILTER (odd) > 0 ORDER BY account_id"
    )
    return _told("energy_off_power", engine.rows(sql))


def _boards(engine: DuckEngine) -> list[Oddity]:
    """A machine's own power against the sum of its GPUs: less than they say, or so much more that some of them work unseen.

    Only stretches count in which every GPU that was ever seen on the node was seen, whoever held it; gaps say nothing.
    """
    engine.run(
        "CREATE OR REPLACE TEMP TABLE stretches AS WITH boards AS (SELECT account_id, node, time_us // $stretch AS stretch, "
        "sum(power_w * seconds) / sum(seconds) AS board_w, min(time_us) AS first_us, max(time_us) AS last_us FROM usage "
        "WHERE gpu_uuid IS NULL AND node IS NOT NULL AND power_w IS NOT NULL AND seconds > 0 GROUP BY ALL HAVING sum(seconds) >= $seen), "
        "gpus AS (SELECT node, gpu_uuid, time_us // $stretch AS stretch, sum(power_w * seconds) / sum(seconds) AS gpu_w FROM usage "
        "WHERE gpu_uuid IS NOT NULL AND power_w IS NOT NULL AND seconds > 0 AND node IN (SELECT node FROM boards) "
        "GROUP BY ALL HAVING sum(seconds) >= $seen), "
        "whole AS (SELECT node, count(DISTINCT gpu_uuid) AS all_gpus FROM usage WHERE gpu_uuid IS NOT NULL AND node IN "
        "(SELECT node FROM boards) GROUP BY node), "
        "sums AS (SELECT node, stretch, sum(gpu_w) AS gpus_w, count(*) AS gpus FROM gpus GROUP BY ALL) "
        "SELECT b.*, s.gpus_w, s.gpus FROM boards b JOIN sums s USING (node, stretch) JOIN whole w USING (node) WHERE s.gpus = w.all_gpus",
        {"stretch": _STRETCH_US, "seen": _STRETCH_SEEN},
    )
    found = []
    for what, odd in (
        ("gpus_over_board", f"gpus_w > board_w * {_BOARD_ERROR}"),
        ("board_over_gpus", f"board_w > (gpus_w + {_REST_W} + {_REST_PER_GPU_W} * gpus) * {_BOARD_ERROR}"),
    ):
        sql = (
            f"SELECT account_id, count(*) FILTER ({odd}), max(gpus) FILTER ({odd}), min(first_us) FILTER ({odd}), "
            f"max(last_us) FILTER ({odd}), count(*) FROM stretches GROUP BY account_id "
            f"HAVING count(*) FILTER ({odd}) >= greatest({_STRETCHES}, 0.1 * count(*)) ORDER BY account_id"
        )
        found += _told(what, engine.rows(sql))
    return found


def _told(what: str, rows: Iterable[Sequence[Any]]) -> list[Oddity]:
    """Oddities of rows (account, samples, GPUs, first, last, of how many)."""
    return [
        Oddity(account_id=row[0], what=what, samples=row[1], gpus=row[2], first_us=row[3], last_us=row[4], of=row[5])
        for row in rows
    ]
