"""Law, guidance and house rules as dated data, selected by the provider's home jurisdiction.

One YAML file in ``rules/`` per rule; nothing legal is written in code. It decides nothing: rooms above ask which rules hold on a day.
"""

from vedette.policy.model import HOMES, Period, PeriodState, Rule, State, Status, UnknownHome, UnknownRule
from vedette.policy.read import read_rule
from vedette.policy.select import applying, in_force, notice, rule, rules, state, versions

__all__ = [
    "HOMES",
    "Period",
    "PeriodState",
    "Rule",
    "State",
    "Status",
    "UnknownHome",
    "UnknownRule",
    "applying",
    "in_force",
    "notice",
    "read_rule",
    "rule",
    "rules",
    "state",
    "versions",
]
