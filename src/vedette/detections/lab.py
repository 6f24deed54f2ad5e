"""The rule lab: a rule, or two versions of one, over the committed lake, with its load, its parity and its thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vedette.base import Clock, Finding, Json, to_micros
from vedette.detections.comparing import Difference, GroupRate, Load, compare, load, parity
from vedette.detections.execute import execute
from vedette.detections.model import Engine, Limits, Rule, RuleStopped
from vedette.detections.store import lake_tables
from vedette.detections.sweep import Line, lines
from vedette.store import Store

#: Customer groups whose rates may be compared. They say how a customer is held, never who somebody is.
GROUPS = ("kind", "country", "tenure", "reseller")
_TENURE_US = ((7 * 86_400_000_000, "first week"), (90 * 86_400_000_000, "first quarter"))
_ORDINARY = Limits()
_CUSTOMERS = "SELECT account_id, kind, country, reseller_id, opened_us FROM accounts"
_SAID = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule over the lake."""

    rule: str
    version: int
    ready: bool
    reason: str
    findings: tuple[Finding, ...]
    seconds: float
    load: Load

    @property
    def accounts(self) -> int:
        """How many accounts the findings name."""
        return len({account for item in self.findings for account in item.accounts})

    def as_json(self) -> dict[str, Json]:
        """Numbers, and the first sentences."""
        return {
            "id": self.rule,
            "version": self.version,
            "ready": self.ready,
            "reason": self.reason,
            "findings": len(self.findings),
            "accounts": self.accounts,
            "seconds": round(self.seconds, 3),
            **self.load.as_json(),
            "examples": [item.summary for item in self.findings[:_SAID]],
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """A, or A and B with the difference; parity and thresholds are those of the last one."""

    trials: tuple[Trial, ...]
    difference: Difference | None
    parity: tuple[GroupRate, ...]
    sweep: tuple[Line, ...]

    def as_json(self) -> dict[str, Json]:
        """One object: the numbers of the last trial, those of the first under ``before``, and the comparison."""
        last: dict[str, Json] = self.trials[-1].as_json()
        if self.difference is not None:
            last |= {
                "before": self.trials[0].as_json(),
                "new": [item.id for item in self.difference.new],
                "lost": [item.id for item in self.difference.lost],
                "kept": len(self.difference.kept),
            }
        return last | {
            "parity": [rate.as_json() for rate in self.parity],
            "sweep": [line.as_json() for line in self.sweep],
        }


def backtest(
    store: Store,
    rules: Sequence[Rule],
    *,
    groups: Sequence[str] = (),
    capacity: int | None = None,
    sweep: bool = False,
    clock: Clock,
    limits: Limits = _ORDINARY,
) -> Backtest:
    """Run one rule, or two in the order before and after. Raises RuleStopped where one does not finish."""
    tables = lake_tables(store)
    trials = tuple(_trial(tables, rule, capacity, limits) for rule in rules)
    last = trials[-1]
    customers = _customers(tables, clock, limits) if groups and last.findings else {}
    moved = lines(rules[-1], last.findings, lambda rule: _run(tables, rule, limits)[0]) if sweep else ()
    return Backtest(
        trials=trials,
        difference=compare(trials[0].findings, last.findings) if len(trials) > 1 else None,
        parity=parity(last.findings, customers, groups) if customers else (),
        sweep=tuple(moved),
    )


def _trial(tables: Engine, rule: Rule, capacity: int | None, limits: Limits) -> Trial:
    found, reason, seconds = _run(tables, rule, limits)
    return Trial(rule.id, rule.version, not reason, reason, found, seconds, load(found, capacity))


def _run(tables: Engine, rule: Rule, limits: Limits) -> tuple[tuple[Finding, ...], str, float]:
    result = execute(tables, (rule,), limits=limits)
    if result.faults:
        raise RuleStopped(result.faults[0].problem, place=rule.place)
    return result.findings, result.readiness[0].reason, result.seconds.get(rule.id, 0.0)


def _customers(tables: Engine, clock: Clock, limits: Limits) -> dict[str, Mapping[str, str]]:
    now = to_micros(clock.now())
    return {row["account_id"]: _groups_of(row, now) for row in tables.rows(_CUSTOMERS, ("accounts",), limits)}


def _groups_of(row: Mapping[str, object], now: int) -> dict[str, str]:
    opened = row["opened_us"]
    age = now - opened if isinstance(opened, int) else None
    tenure = next((name for most, name in _TENURE_US if age is not None and age < most), "longer")
    return {
        "kind": str(row["kind"] or "not stated"),
        "country": str(row["country"] or "not stated"),
        "tenure": "not stated" if age is None else tenure,
        "reseller": "through a reseller" if row["reseller_id"] else "direct",
    }
