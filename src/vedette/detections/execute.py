"""Running rules: each checked SELECT on an engine, its rows gathered per subject, one explained finding out of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlglot import exp

from vedette.base import Finding
from vedette.detections import coverage, guard
from vedette.detections.gather import Gathered, finding
from vedette.detections.model import Engine, Fault, Limits, Readiness, Rule, RuleStopped, Run

_ORDINARY = Limits()


def execute(tables: Engine, rules: Sequence[Rule], *, limits: Limits = _ORDINARY) -> Run:
    """Run the rules over the tables as they are now.

    A finding is a pure function of the lake: the whole history of each key is read, so that running twice, or running
    after late events, gives what one run over everything would have given. A rule whose needed columns are all empty is
    reported as not ready; one that fails or goes over a limit is reported as a fault, and the others go on.
    """
    ordered = sorted(rules, key=lambda rule: rule.id)
    states = coverage.readiness(ordered, coverage.held_in(tables, ordered, limits))
    findings: list[Finding] = []
    faults: list[Fault] = []
    seconds: dict[str, float] = {}
    for rule in _ready(ordered, states):
        started = time.perf_counter()
        try:
            findings.extend(findings_of(tables, rule, limits=limits))
        except RuleStopped as fault:
            faults.append(Fault(rule.id, str(fault)))
        seconds[rule.id] = time.perf_counter() - started
    return Run(tuple(findings), states, tuple(faults), seconds)


def findings_of(tables: Engine, rule: Rule, *, limits: Limits = _ORDINARY) -> tuple[Finding, ...]:
    """The findings of one rule, sorted by subject and window. Raises RuleStopped."""
    return fold(rule, checked_rows(tables, rule, limits=limits))


def fold(rule: Rule, rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """One finding for each subject and window that the rows tell of."""
    gathered: dict[tuple[str, str, str], Gathered] = {}
    for row in rows:
        key = _subject(row)
        if key not in gathered:
            gathered[key] = Gathered()
        gathered[key].add(row)
    return tuple(finding(rule, key, gathered[key]) for key in sorted(gathered))


def checked_rows(tables: Engine, rule: Rule, *, limits: Limits = _ORDINARY) -> Iterator[Mapping[str, Any]]:
    """What the rule's SQL gives on this engine, row by row, of which something can be told. Raises RuleStopped."""
    return _checked(tables.rows(text_of(rule, tables.dialect), rule.reads, limits), rule, limits)


def tree_of(rule: Rule) -> exp.Expr:
    """The rule's SQL as checked, with its macros written out. Raises RefusedSql; not to be changed by the caller."""
    return guard.check(rule.sql, rule.reads, f"{rule.folder or rule.id}/rule.sql")


@lru_cache(maxsize=1024)
def text_of(rule: Rule, dialect: str) -> str:
    """The rule's checked SQL as an engine of this dialect reads it."""
    return tree_of(rule).sql(dialect=dialect, comments=False)


def _checked(rows: Iterator[Mapping[str, Any]], rule: Rule, limits: Limits) -> Iterator[Mapping[str, Any]]:
    """Rows that can be told about: with an account, a time and the subject they name, and not more than the limit."""
    for number, row in enumerate(rows):
        if number >= limits.rows:
            raise RuleStopped(f"returns more than {limits.rows} rows", place=rule.place, remedy="Aggregate in the rule")
        nobody = row.get("subject_kind") is not None and row.get("subject_id") is None
        if row["account_id"] is not None and row["time_us"] is not None and not nobody:
            yield row


def _subject(row: Mapping[str, Any]) -> tuple[str, str, str]:
    window = str(row.get("window_id") or "")
    if row.get("subject_id") is not None:
        return str(row["subject_kind"]), str(row["subject_id"]), window
    return "account", str(row["account_id"]), window


def _ready(rules: Sequence[Rule], states: Sequence[Readiness]) -> Iterator[Rule]:
    return (rule for rule, state in zip(rules, states, strict=True) if state.ready)
