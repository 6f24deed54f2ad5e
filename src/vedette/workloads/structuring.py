"""Work split over accounts: jobs that begin, end and take over together, move together, or send each other data.

A pair's evidence is a log-likelihood ratio against unrelated tenants of the same fleet; it never opens a case alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, lgamma, log, log2

import numpy as np

from vedette.base import Json
from vedette.workloads.measured import Column
from vedette.workloads.store.pairs import HANDOVER_SECONDS, TOGETHER_SECONDS, Flow, Pair

#: Fewer bits than these are not told; most that one sort of evidence may give.
TOLD, _MOST = 4.0, 12.0
#: The fleet's own rhythm (office hours, Mondays) makes chance meetings at least this much commoner than even arrival.
_LEAST_RHYTHM = 2.0
_LEAST_STEPS = 30
_LEAST_BYTES, _LEAST_INTERVALS = 1e9, 3


@dataclass(frozen=True, slots=True)
class Split:
    """Two accounts whose work looks like one, with what speaks for it in bits."""

    accounts: tuple[str, str]
    bits: float
    reasons: tuple[str, ...]
    linked: bool

    def as_json(self) -> dict[str, Json]:
        """The row of the output contract."""
        return {
            "accounts": list(self.accounts),
            "bits": round(self.bits, 2),
            "reasons": list(self.reasons),
            "linked": self.linked,
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared: pairs that met, the seconds that the fleet's jobs span, flows, levels, and pairs linked otherwise.

    ``owned`` are pairs of one declared owner; ``bunched`` says of which related pairs the spend keeps under a limit.
    """

    pairs: Sequence[Pair]
    span: float
    flows: Sequence[Flow]
    levels: Mapping[str, tuple[Column, Column]]
    linked: frozenset[tuple[str, str]]
    owned: frozenset[tuple[str, str]] = frozenset()
    bunched: Mapping[tuple[str, str], tuple[float, str]] = field(default_factory=dict)


def splits(seen: Seen) -> list[Split]:
    """Pairs with enough evidence, the strongest first.

    The rhythm of the fleet is taken from pairs that nothing else links; a pair that is not linked pays for how many were
    looked through.
    """
    by_accounts = {(pair.left, pair.right): pair for pair in seen.pairs}
    sent = {(flow.left, flow.right): flow for flow in seen.flows}
    rhythm = _rhythm((pair for key, pair in by_accounts.items() if key not in seen.linked), seen.span)
    searched = log2(max(len(by_accounts), 1))
    found = []
    for key in sorted({*by_accounts, *sent, *seen.bunched}):
        linked = key in seen.linked or key in seen.owned
        bits, reasons = 0.0, []
        for more, reason in _evidence(key, by_accounts.get(key), sent.get(key), seen, rhythm):
            bits += more
            reasons.append(f"{reason} ({more:.1f} bits)")
        if key in seen.owned:
            reasons.append("one owner is declared for both (0.0 bits)")
        if not linked:
            bits -= searched
            reasons.append(f"one of {max(len(by_accounts), 1):,} pairs looked through (-{searched:.1f} bits)")
        if bits >= TOLD:
            found.append(Split(key, bits, tuple(reasons), linked))
    return sorted(found, key=lambda item: (-item.bits, item.accounts))


def _evidence(
    key: tuple[str, str], pair: Pair | None, flow: Flow | None, seen: Seen, rhythm: float
) -> Iterable[tuple[float, str]]:
    if pair is not None:
        yield from _meetings(pair, seen.span, rhythm)
    alike = _alike(seen.levels.get(key[0]), seen.levels.get(key[1])) if pair is not None else None
    if alike is not None and alike[0] >= 1.0:
        yield alike[0], f"their changes of activity agree by {alike[1]:.2f} over {alike[2]} minutes"
    if flow is not None and flow.bytes >= _LEAST_BYTES and flow.intervals >= _LEAST_INTERVALS:
        bits = min(_MOST, 4.0 + log2(flow.bytes / _LEAST_BYTES) / 2 + min(log2(flow.intervals), 3.0))
        yield bits, f"their nodes sent each other {flow.bytes / 1e9:,.0f} GB in {flow.intervals} intervals"
    if key in seen.bunched:
        yield seen.bunched[key]


def _meetings(pair: Pair, span: float, rhythm: float) -> Iterable[tuple[float, str]]:
    by_chance = rhythm * _chance(pair, span, 2 * TOGETHER_SECONDS)
    if pair.starts:
        shaped = 1.0 * min(pair.shaped, 4)
        bits = min(_MOST, _surprise(pair.starts, by_chance) + shaped)
        if bits >= 1.0:
            same = f", {pair.shaped} of them of one shape" if pair.shaped else ""
            yield bits, f"{pair.starts} of their jobs began within {TOGETHER_SECONDS // 60} minutes of each other{same}"
    if pair.ends and pair.starts:
        # An end says little more where the lengths are round; half of its surprise counts.
        bits = min(_MOST / 2, _surprise(pair.ends, by_chance) / 2)
        if bits >= 1.0:
            yield bits, f"{pair.ends} ended within {TOGETHER_SECONDS // 60} minutes of each other"
    if pair.handovers:
        bits = min(_MOST, _surprise(pair.handovers, rhythm * _chance(pair, span, HANDOVER_SECONDS)) + 1.0)
        if bits >= 1.0:
            yield (
                bits,
                f"{pair.handovers} times one stopped and the other went on within {HANDOVER_SECONDS // 60} minutes, of one shape",
            )


def _chance(pair: Pair, span: float, within: float) -> float:
    """How many meetings even arrival would bring."""
    return pair.left_jobs * pair.right_jobs * within / max(pair.overlap_seconds, span / 10, within)


def _rhythm(pairs: Iterable[Pair], span: float) -> float:
    """How much commoner meetings are among unrelated tenants than even arrival would make them."""
    met = expected = 0.0
    for pair in pairs:
        met += pair.starts
        expected += _chance(pair, span, 2 * TOGETHER_SECONDS)
    # Pairs that never met are not listed: the ratio is of the pairs that did, which makes the null harder to beat.
    return max(_LEAST_RHYTHM, min(met / expected if expected > 0 else _LEAST_RHYTHM, 8.0))


def _surprise(count: int, expected: float) -> float:
    """Bits of so many meetings or more where so many are expected by chance (Poisson)."""
    if count <= expected:
        return 0.0
    tail = sum(exp(-expected + k * log(max(expected, 1e-12)) - lgamma(k + 1)) for k in range(count, count + 200))
    return -log2(max(min(tail, 1.0), 1e-12))


def _alike(left: tuple[Column, Column] | None, right: tuple[Column, Column] | None) -> tuple[float, float, int] | None:
    """Bits, correlation and minutes of two accounts' changes of activity; None where they share too little time.

    Levels are differenced first: rhythms of the day make unrelated tenants alike.
    """
    if left is None or right is None:
        return None
    common, at_left, at_right = np.intersect1d(left[0], right[0], return_indices=True)
    if len(common) < _LEAST_STEPS:
        return None
    steady = np.diff(common) == 1
    one, other = np.diff(left[1][at_left])[steady], np.diff(right[1][at_right])[steady]
    if len(one) < _LEAST_STEPS or one.std() < 1e-6 or other.std() < 1e-6:
        return None
    agreement = float(np.corrcoef(one, other)[0, 1])
    # Neighbouring changes hang together: a third of them counts as independent.
    weight = len(one) / 3
    bits = min(_MOST / 2, -0.5 * weight * log2(max(1 - agreement * agreement, 1e-6)) - 3.0)
    return (max(0.0, bits) if agreement > 0.2 else 0.0), agreement, len(one)
