"""What accounts paid, and what they held of the fleet month by month, where such an amount lies near a limit."""

from __future__ import annotations

from collections.abc import Sequence

from vedette import hardware
from vedette.store import Store
from vedette.workloads.bunching import OPERATIONS, Limit, Spend
from vedette.workloads.estimate import usual_use


def outlays(store: Store, limits: Sequence[Limit]) -> list[Spend]:
    """Every different payment near a limit, to two places, and the operations held in each month at usual use, to three digits.

    Repeated rows, refunds and blank amounts are left out.
    """
    return [*_payments(store, [limit for limit in limits if limit.unit != OPERATIONS]), *_months(store)]


def _payments(store: Store, limits: Sequence[Limit]) -> list[Spend]:
    sql = (
        "WITH near AS (SELECT unnest($units) AS unit, unnest($low::DOUBLE[]) AS low, unnest($high::DOUBLE[]) AS high) "
        "SELECT DISTINCT p.account_id, n.unit, round(p.amount, 2) FROM payments p JOIN near n "
        "ON upper(p.currency) = n.unit AND p.amount BETWEEN n.low AND n.high ORDER BY ALL"
    )
    asked = {
        "units": [limit.unit for limit in limits],
        "low": [limit.amount * (1 - limit.near) for limit in limits],
        "high": [limit.amount * (1 + limit.near) for limit in limits],
    }
    with store.engine(["payments"]) as engine:
        return [Spend(account, unit, float(amount)) for account, unit, amount in engine.rows(sql, asked)]


def _months(store: Store) -> list[Spend]:
    """An allocation counts in the month in which it began, as far as its end is known."""
    sql = (
        "SELECT account_id, coalesce(gpu_model, ''), strftime(make_timestamp(started_us), '%Y-%m') AS month, "
        "sum(coalesce(node_count, 1) * coalesce(gpu_count, 1) * (ended_us - started_us) / 1e6) FROM allocations "
        "WHERE ended_us > started_us GROUP BY ALL ORDER BY ALL"
    )
    with store.engine(["allocations"]) as engine:
        rows = engine.rows(sql)
    total: dict[tuple[str, str], float] = {}
    for account, model, month, seconds in rows:
        match = hardware.find(model)
        rate = match.chip.matrix * match.share * usual_use() if match else 0.0
        total[account, month] = total.get((account, month), 0.0) + seconds * rate
    return [Spend(account, OPERATIONS, float(f"{value:.3g}")) for (account, _), value in total.items() if value > 0]
