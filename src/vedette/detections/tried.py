"""A rule's back-test kept for its page: what counts now against what is to come, as figures with a few examples."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.audit import writing
from vedette.base import Clock, Finding, Json, Principal
from vedette.detections.lab import GROUPS, Backtest, backtest
from vedette.detections.model import Limits, Rule
from vedette.detections.publish import archived, book
from vedette.detections.standing import RuleBookError
from vedette.detections.store.backtests import put_backtest
from vedette.detections.store.rulebook import standings
from vedette.store import Store

_ORDINARY = Limits()
_EXAMPLES = 5


def versions(store: Store, rule_id: str) -> tuple[Rule, ...]:
    """The version that counts, and the one that waits or runs in shadow; only one where there is no other.

    Raises RuleBookError where the book knows no such rule.
    """
    held = book(store)
    live = next((rule for rule in held.live if rule.id == rule_id), None)
    line = standings(store).get(rule_id)
    coming = None
    if line is not None and line.wanted_hash:
        coming = archived(store, line.wanted_hash)
    else:
        coming = next((rule for rule in held.shadow if rule.id == rule_id), None)
    found = tuple(rule for rule in (live, coming) if rule is not None)
    if not found:
        raise RuleBookError(f"no rule {rule_id!r} in the book", remedy="`vedette rules book` names them all")
    return found


def try_rule(
    store: Store,
    principal: Principal,
    rule_id: str,
    *,
    capacity: int | None = None,
    clock: Clock,
    limits: Limits = _ORDINARY,
) -> dict[str, Json]:
    """Run the rule over the lake as it is, and keep the figures. Raises RuleBookError, RuleStopped."""
    found = backtest(store, versions(store, rule_id), groups=GROUPS, capacity=capacity, clock=clock, limits=limits)
    told = figures(found)
    with writing(store, principal, "rule.backtest", clock=clock) as act:
        put_backtest(act, rule_id, told)
        act.fact("rule", rule_id)
        act.fact("findings", len(found.trials[-1].findings))
    return told


def figures(found: Backtest) -> dict[str, Json]:
    """What is kept: each version's load, what is new, lost and kept with examples, and rates by customer group."""
    told: dict[str, Json] = {
        "trials": [trial.as_json() for trial in found.trials],
        "parity": [rate.as_json() for rate in found.parity],
        "difference": None,
    }
    if found.difference is not None:
        parts = {"new": found.difference.new, "lost": found.difference.lost, "kept": found.difference.kept}
        told["difference"] = {name: _some(items) for name, items in parts.items()}
    return told


def _some(items: Sequence[Finding]) -> dict[str, Json]:
    return {"count": len(items), "examples": [item.summary for item in items[:_EXAMPLES]]}
