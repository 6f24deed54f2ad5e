"""Spend kept just under a limit: how many different amounts of two related accounts lie below it, against those just above.

The null is the fleet's own: how often amounts near a limit lie below it among accounts that nothing relates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import comb, log2
from typing import Any

import yaml

Pair = tuple[str, str]
#: Amounts below one limit that each of the two, and both together, must have; and the most bits that this may give.
_EACH, _BOTH, _MOST = 2, 6, 6.0
#: Prices and habits alone put amounts below a round number at least this often.
_LEAST_BELOW = 0.5
OPERATIONS = "operations a month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in some unit (a currency, or operations a month), and how near to it an amount counts, as a share of it."""

    unit: str
    amount: float
    near: float


@dataclass(frozen=True, slots=True)
class Spend:
    """One amount of an account, rounded; the same amount paid every month is one amount."""

    account_id: str
    unit: str
    amount: float


def limits(operations: Iterable[float] = ()) -> tuple[Limit, ...]:
    """The limits of ``spend.yml``, and thresholds of operations at the nearness that it gives for them."""
    held = _held()
    money = [Limit(item["unit"], float(amount), held["near"]) for item in held["limits"] for amount in item["amounts"]]
    return (*money, *(Limit(OPERATIONS, amount, held["operations"]["near"]) for amount in operations))


@lru_cache(maxsize=1)
def _held() -> Mapping[str, Any]:
    text = (files("vedette.workloads") / "spend.yml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def bunched(
    spent: Collection[Spend], known: Sequence[Limit], related: Collection[Pair]
) -> dict[Pair, tuple[float, str]]:
    """Related pairs that both keep under one limit: bits and a reason, of the limit that tells most.

    A pair pays for the number of limits looked at.
    """
    inside = {account for pair in related for account in pair}
    searched = log2(max(len(known), 1))
    found: dict[Pair, tuple[float, str]] = {}
    for limit in known:
        below, above = _near(spent, limit)
        outside = [account for account in below.keys() | above.keys() if account not in inside]
        chance = _chance(sum(below.get(one, 0) for one in outside), sum(above.get(one, 0) for one in outside))
        for pair in related:
            one, other = below.get(pair[0], 0), below.get(pair[1], 0)
            if min(one, other) < _EACH or one + other < _BOTH:
                continue
            over = above.get(pair[0], 0) + above.get(pair[1], 0)
            bits = min(_MOST, _surprise(one + other, one + other + over, chance) - searched)
            if bits >= 1.0 and bits > found.get(pair, (0.0, ""))[0]:
                found[pair] = bits, _reason(limit, one, other, over)
    return found


def _near(spent: Collection[Spend], limit: Limit) -> tuple[dict[str, int], dict[str, int]]:
    """How many different amounts of each account lie just below a limit, and at or just above it."""
    below: dict[str, set[float]] = {}
    above: dict[str, set[float]] = {}
    for item in spent:
        if item.unit != limit.unit or abs(item.amount - limit.amount) > limit.near * limit.amount:
            continue
        (below if item.amount < limit.amount else above).setdefault(item.account_id, set()).add(item.amount)
    return {name: len(held) for name, held in below.items()}, {name: len(held) for name, held in above.items()}


def _chance(below: int, above: int) -> float:
    """How often an amount near the limit lies below it among accounts that nothing relates, drawn towards a half."""
    return max(_LEAST_BELOW, (below + 2) / (below + above + 4))


def _surprise(count: int, of: int, chance: float) -> float:
    """Bits of so many amounts or more below the limit, of so many near it (binomial)."""
    tail = sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(count, of + 1))
    return -log2(max(min(tail, 1.0), 1e-12))


def _reason(limit: Limit, one: int, other: int, over: int) -> str:
    amount = f"{limit.amount:.0e}" if limit.unit == OPERATIONS else f"{limit.amount:,.0f}"
    return (
        f"{one} and {other} different amounts lie just under {amount} {limit.unit}, {over} at it or just over "
        f"(within {limit.near:.0%})"
    )
