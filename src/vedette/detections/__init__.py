"""What behaviour deserves a look: rules as SQL with their declaration and examples, run in a locked room.

Knows no cases and decides nothing. Grows by one folder ``rules/<family>/<rule>/`` at a time.
"""

from vedette.detections.model import (
    Basis,
    Engine,
    Example,
    Expected,
    Fault,
    Limits,
    Need,
    Readiness,
    Rule,
    RuleStopped,
    Run,
    Shows,
    Weight,
)
from vedette.detections.pack import ENGINES, cluster, readiness, rules, run, run_slice, tables, trial, unlocks

__all__ = [
    "ENGINES",
    "Basis",
    "Engine",
    "Example",
    "Expected",
    "Fault",
    "Limits",
    "Need",
    "Readiness",
    "Rule",
    "RuleStopped",
    "Run",
    "Shows",
    "Weight",
    "cluster",
    "readiness",
    "rules",
    "run",
    "run_slice",
    "tables",
    "trial",
    "unlocks",
]
