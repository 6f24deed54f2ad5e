"""Trying a rule on its own examples: each case in order of arrival and reversed, with and without what came late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vedette.detections.examples import differences, read_examples, rows_of
from vedette.detections.execute import findings_of
from vedette.detections.model import Engine, Example, Limits, Rule, RuleStopped, Shows

# Examples are small: one thread answers sooner than two that wait for each other.
_SMALL = Limits(threads=1)
_Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def rehearse(rule: Rule, columns: Mapping[str, Sequence[str]], tables: Callable[[_Rows], Engine]) -> tuple[str, ...]:
    """What is wrong with the rule's examples, one sentence each; empty where every case gives what it says.

    ``columns`` names the columns of every table, ``tables`` makes an engine over given rows. Every case must give the
    same findings whatever order its rows come in, and a late case must give other findings before the late row.
    """
    problems: list[str] = []
    for case in read_examples(rule.examples, f"{rule.folder}/examples.yml"):
        try:
            problems.extend(_case(rule, case, rows_of(case, columns), tables))
        except RuleStopped as fault:
            problems.append(f"{case.name}: {fault}")
    return tuple(problems)


def _case(
    rule: Rule, case: Example, rows: Mapping[str, list[dict[str, Any]]], tables: Callable[[_Rows], Engine]
) -> list[str]:
    found = findings_of(tables(rows), rule, limits=_SMALL)
    problems = list(differences(case, found))
    reversed_rows = {name: list(reversed(items)) for name, items in rows.items()}
    if findings_of(tables(reversed_rows), rule, limits=_SMALL) != found:
        problems.append(f"{case.name}: other findings when the rows come in another order")
    if case.shows is Shows.LATE:
        in_time = {name: [row for row in items if not _late(row)] for name, items in rows.items()}
        if findings_of(tables(in_time), rule, limits=_SMALL) == found:
            problems.append(f"{case.name}: the late row changes nothing")
    return problems


def _late(row: Mapping[str, Any]) -> bool:
    return bool((row.get("received_us") or 0) > (row.get("time_us") or row.get("opened_us") or 0))
