"""Above and below the line: the same rule with each threshold moved, so that its author sees what the line decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vedette.base import Finding, Json
from vedette.detections.comparing import compare
from vedette.detections.model import Parameter, Rule
from vedette.detections.parameters import tuned

#: How far each threshold is moved, as shares of its value.
STEPS = (-0.5, -0.25, -0.1, 0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Line:
    """What one other value of one threshold would have given."""

    parameter: str
    value: int | float
    findings: int
    accounts: int
    new: int
    lost: int

    def as_json(self) -> dict[str, Json]:
        """Numbers for a table; spans in microseconds."""
        return {
            "parameter": self.parameter,
            "value": self.value,
            "findings": self.findings,
            "accounts": self.accounts,
            "new": self.new,
            "lost": self.lost,
        }


def values_near(parameter: Parameter) -> tuple[int | float, ...]:
    """Other legal values around a threshold, ascending: whole where the threshold is whole, always at least one apart."""
    whole = isinstance(parameter.value, int)
    found: set[int | float] = set()
    for step in STEPS:
        moved = parameter.value * (1 + step)
        if whole and not parameter.span:
            moved = parameter.value + max(1, round(abs(parameter.value * step))) * (1 if step > 0 else -1)
        elif whole:
            moved = round(moved)
        if parameter.least <= moved <= parameter.most and moved != parameter.value:
            found.add(moved)
    return tuple(sorted(found))


def lines(rule: Rule, standing: Sequence[Finding], run: Callable[[Rule], Sequence[Finding]]) -> Iterator[Line]:
    """Each threshold moved by itself. ``standing`` are the findings of the rule as it is; ``run`` gives those of another."""
    for parameter in rule.parameters:
        for value in values_near(parameter):
            found = run(tuned(rule, {parameter.name: value}))
            difference = compare(standing, found)
            accounts = {account for item in found for account in item.accounts}
            yield Line(parameter.name, value, len(found), len(accounts), len(difference.new), len(difference.lost))
