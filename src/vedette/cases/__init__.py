"""Cases: what findings make a case for people, who works on it, what was decided and why.

Opens by the rule of ``opening.yml``, never closes by itself. Grows by reasons and guidance as data, not by code.
"""

from vedette.cases.claim import claim, snooze
from vedette.cases.decide import approve, decide, reject, undo
from vedette.cases.explain import explain, export, find, revealed
from vedette.cases.model import Action, Case, CaseError, CaseStatus, Outcome, Refreshed, StaleCase
from vedette.cases.read import opening_rule, reasons
from vedette.cases.refresh import refresh
from vedette.cases.store import get, list_cases, of_account

__all__ = [
    "Action",
    "Case",
    "CaseError",
    "CaseStatus",
    "Outcome",
    "Refreshed",
    "StaleCase",
    "approve",
    "claim",
    "decide",
    "explain",
    "export",
    "find",
    "get",
    "list_cases",
    "of_account",
    "opening_rule",
    "reasons",
    "refresh",
    "reject",
    "revealed",
    "snooze",
    "undo",
]
