"""The documented macros of rule SQL: neighbours, first-seen and sliding distinct counts, expanded before anything runs.

``previous(value, partition, order...)``   the value of the row before, within the partition
``next(value, partition, order...)``       the value of the row after
``is_first(partition, order...)``          whether the row is the partition's first
``sliding_distinct(source, key, value, window_us)``   in FROM: rows ``key, time_us, distinct_count`` with the number of
different values of the key in the window that ends at that moment, both ends included
``strangers(source, key)``   in FROM: rows ``key, holders, unrelated``; of the accounts that share the key, how many are not
explained by a shared name part, reseller, address or organisation's mail domain; reads accounts, account_name_parts
and public_mail

``partition`` and ``key`` are a column or ``(a, b)``; the first order column is an integer time, the others break ties.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp, parse_one

from vedette.base import VedetteError

_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")


class MacroError(VedetteError):
    """A macro is called with the wrong arguments."""


def expand(tree: exp.Expr) -> exp.Expr:
    """The same query with every macro written out in plain SQL. Unknown functions are left for the guard to refuse."""
    found = tree.find_all(exp.Table)
    for table in [item for item in found if isinstance(item.this, exp.Anonymous)]:
        write_out = _TABLES.get(str(table.this.this).lower())
        if write_out is not None:
            table.replace(write_out(table))
    for call in list(tree.find_all(exp.Anonymous)):
        build = _SCALARS.get(str(call.this).lower())
        if build is not None:
            call.replace(build(call.expressions))
    return tree


def _previous(arguments: list[exp.Expr]) -> exp.Expr:
    return _neighbour(exp.Lag, "previous", arguments)


def _next(arguments: list[exp.Expr]) -> exp.Expr:
    return _neighbour(exp.Lead, "next", arguments)


def _neighbour(kind: type[exp.Expr], name: str, arguments: list[exp.Expr]) -> exp.Expr:
    if len(arguments) < 3:
        raise MacroError(f"{name} needs a value, a partition and at least one order column")
    value, partition, *order = arguments
    return _window(kind(this=value.copy()), partition, order)


def _is_first(arguments: list[exp.Expr]) -> exp.Expr:
    if len(arguments) < 2:
        raise MacroError("is_first needs a partition and at least one order column")
    partition, *order = arguments
    return exp.Paren(this=exp.EQ(this=_window(exp.RowNumber(), partition, order), expression=exp.Literal.number(1)))


def _window(function: exp.Expr, partition: exp.Expr, order: list[exp.Expr]) -> exp.Window:
    by = partition.expressions if isinstance(partition, exp.Tuple) else [partition]
    if isinstance(partition, exp.Paren):
        by = [partition.this]
    ordered = [exp.Ordered(this=item.copy(), desc=False, nulls_first=True) for item in order]
    return exp.Window(
        this=function, partition_by=[item.copy() for item in by], order=exp.Order(expressions=ordered), over="OVER"
    )


def _sliding_distinct(table: exp.Table) -> exp.Expr:
    arguments = table.this.expressions
    if len(arguments) != 4:
        raise MacroError("sliding_distinct needs the name of a table or CTE, its key, its value and a window")
    source, keys, value = _names(arguments[0]), _names(arguments[1]), _names(arguments[2])
    if len(source) != 1 or len(value) != 1:
        raise MacroError("sliding_distinct reads one table or CTE and counts one column")
    if not (isinstance(arguments[3], exp.Literal) and arguments[3].name.isdigit()):
        raise MacroError("the window of sliding_distinct is a whole number of microseconds")
    held = " AND ".join(f"{name} IS NOT NULL" for name in (*keys, *value))
    text = _SLIDING.format(
        source=source[0], key=", ".join(keys), value=value[0], held=held, until=int(arguments[3].name) + 1
    )
    return exp.Subquery(this=parse_one(text, dialect="duckdb"), alias=table.args.get("alias"))


def _names(argument: exp.Expr) -> list[str]:
    """The plain column names of an argument: one, or several in parentheses."""
    parts = argument.expressions if isinstance(argument, exp.Tuple) else [argument.unnest()]
    if not all(isinstance(part, exp.Column) and not part.table and _NAME.match(part.name) for part in parts):
        raise MacroError("names stand in lower case here, without a table before them")
    return [part.name for part in parts]


# +1 when a value is seen, -1 when its sight ends: at its next sight, or one microsecond after the window has passed.
_SLIDING = """
SELECT {key}, time_us, MAX(running) AS distinct_count
FROM (
  SELECT {key}, time_us, step, SUM(step) OVER (
    PARTITION BY {key} ORDER BY time_us NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
  FROM (
    SELECT {key}, time_us, 1 AS step FROM {source} WHERE {held}
    UNION ALL
    SELECT {key}, CASE WHEN next_us IS NULL OR next_us > time_us + {until} THEN time_us + {until} ELSE next_us END, -1
    FROM (
      SELECT {key}, time_us, LEAD(time_us) OVER (PARTITION BY {key}, {value} ORDER BY time_us NULLS FIRST) AS next_us
      FROM {source} WHERE {held}
    ) AS sights
  ) AS steps
) AS counted
WHERE step = 1
GROUP BY {key}, time_us
"""


def _strangers(table: exp.Table) -> exp.Expr:
    arguments = table.this.expressions
    if len(arguments) != 2:
        raise MacroError("strangers needs the name of a table or CTE, and its key")
    source, keys = _names(arguments[0]), _names(arguments[1])
    if len(source) != 1:
        raise MacroError("strangers reads one table or CTE")
    text = _STRANGERS.format(
        source=source[0],
        key=", ".join(keys),
        used=", ".join(f"used.{name}" for name in keys),
        counted=", ".join(f"counted.{name}" for name in keys),
        same=" AND ".join(f"namesakes.{name} = counted.{name}" for name in keys),
    )
    return exp.Subquery(this=parse_one(text, dialect="duckdb"), alias=table.args.get("alias"))


# Each exemption counts once: people who bear one name part, are sold to by one reseller, live at one address or have
# their mail at one organisation's domain are one. A domain whose holders declare eight countries is nobody's own.
_STRANGERS = """
SELECT {counted}, counted.holders,
  LEAST(counted.names - COALESCE(namesakes.bearers, 1) + 1, counted.sellers, counted.homes, counted.employers) AS unrelated
FROM (
  SELECT {used}, COUNT(DISTINCT used.account_id) AS holders, COUNT(DISTINCT held.name_token) AS names,
    COUNT(DISTINCT COALESCE(held.reseller_id, used.account_id)) AS sellers,
    COUNT(DISTINCT COALESCE(held.address_token, used.account_id)) AS homes,
    COUNT(DISTINCT CASE WHEN held.kind = 'person' THEN COALESCE(own.domain, used.account_id) ELSE used.account_id END)
      AS employers
  FROM {source} AS used
  JOIN accounts AS held ON held.account_id = used.account_id
  LEFT JOIN (
    SELECT seen.email_domain AS domain FROM accounts AS seen
    LEFT JOIN public_mail ON public_mail.domain = seen.email_domain
    WHERE public_mail.domain IS NULL
    GROUP BY seen.email_domain HAVING COUNT(DISTINCT seen.country) < 8
  ) AS own ON own.domain = held.email_domain
  GROUP BY {used}
) AS counted
LEFT JOIN (
  SELECT {key}, MAX(bearers) AS bearers
  FROM (
    SELECT {used}, named.part_token, COUNT(DISTINCT held.name_token) AS bearers
    FROM {source} AS used
    JOIN accounts AS held ON held.account_id = used.account_id
    JOIN account_name_parts AS named ON named.account_id = used.account_id
    GROUP BY {used}, named.part_token
  ) AS borne
  GROUP BY {key}
) AS namesakes ON {same}
"""

_TABLES: dict[str, Callable[[exp.Table], exp.Expr]] = {
    "sliding_distinct": _sliding_distinct,
    "strangers": _strangers,
}
_SCALARS: dict[str, Callable[[list[exp.Expr]], exp.Expr]] = {
    "previous": _previous,
    "next": _next,
    "is_first": _is_first,
}
