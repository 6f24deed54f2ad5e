"""One meaning on every engine: all examples of a rule laid into one small lake, and the rows of the engines compared.

The cases of a rule are kept apart by a mark before every identifier, so that one question asks them all: on a cluster a
question costs about the same for six rows as for six cases. What still comes out otherwise than in its own lake, because
a rule compares whole populations, is asked again alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from vedette.detections.examples import differences, read_examples, rows_of
from vedette.detections.execute import checked_rows, findings_of, fold
from vedette.detections.model import Engine, Example, Limits, Rule, RuleStopped

_SMALL = Limits(threads=1)
_MARK = re.compile(r"c(\d+)~")
_IDENTIFIERS = re.compile(
    r"(_id|_token|_hash)$|^(ip|signup_ip|fingerprint|wallet|resource|target_name|principal_name|principal_issuer|website_host)$"
)
_MOST_SHOWN = 3

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Maker = Callable[[Rows], Engine]


def conform(rule: Rule, columns: Mapping[str, Sequence[str]], makers: Mapping[str, Maker]) -> tuple[str, ...]:
    """What is wrong with the rule's examples on these engines, and where they give other rows than the first of them.

    ``makers`` make an engine over given rows, by the engine's name.
    """
    cases = read_examples(rule.examples, f"{rule.folder}/examples.yml")
    given = [rows_of(case, columns) for case in cases]
    together = merged(given)
    problems: list[str] = []
    first: tuple[str, list[str]] | None = None
    for name, make in makers.items():
        try:
            rows = list(checked_rows(make(together), rule, limits=_SMALL))
            problems.extend(f"{name}: {text}" for text in _cases(rule, cases, given, rows, make))
        except RuleStopped as fault:
            problems.append(f"{name}: {fault}")
            continue
        if first is None:
            first = name, sorted(map(plain, rows))
        else:
            problems.extend(unlike(first, (name, sorted(map(plain, rows)))))
    return tuple(problems)


def merged(given: Sequence[Rows]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all cases in one lake, each identifier marked with its case."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, rows in enumerate(given):
        for table, items in rows.items():
            found.setdefault(table, []).extend(
                {name: _marked(number, name, value) for name, value in item.items()} for item in items
            )
    return found


def plain(row: Mapping[str, Any]) -> str:
    """A row as text in which equal values look equal, whichever engine gave them."""
    return repr(sorted((name, _plain(value)) for name, value in row.items()))


def unlike(one: tuple[str, list[str]], two: tuple[str, list[str]]) -> Iterator[str]:
    """How the sorted rows of two engines differ; nothing where they are the same."""
    if one[1] == two[1]:
        return
    only = [row for row in one[1] if row not in set(two[1])][:_MOST_SHOWN]
    more = [row for row in two[1] if row not in set(one[1])][:_MOST_SHOWN]
    yield (
        f"{two[0]} gives {len(two[1])} rows where {one[0]} gives {len(one[1])};"
        f" only {one[0]}: {'; '.join(only) or 'none'}; only {two[0]}: {'; '.join(more) or 'none'}"
    )


def _cases(
    rule: Rule, cases: Sequence[Example], given: Sequence[Rows], rows: Iterable[Mapping[str, Any]], make: Maker
) -> Iterator[str]:
    apart: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        mark = _MARK.match(str(row["account_id"]))
        apart.setdefault(int(mark[1]) if mark else -1, []).append({name: _bare(value) for name, value in row.items()})
    for number, case in enumerate(cases):
        if differences(case, fold(rule, apart.get(number, ()))):
            yield from differences(case, findings_of(make(given[number]), rule, limits=_SMALL))


def _marked(number: int, name: str, value: Any) -> Any:
    return f"c{number}~{value}" if isinstance(value, str) and _IDENTIFIERS.search(name) else value


def _bare(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return _MARK.sub("", value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, float | Decimal):
        number = round(float(value), 6)
        return int(number) if number.is_integer() else number
    return sorted(map(str, value)) if isinstance(value, list | tuple) else value
