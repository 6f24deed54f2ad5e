"""The documented macros of rule SQL: exact windows and neighbours, expanded into plain SQL before anything runs.

Scalars, each a window over the rows of its own SELECT:
``previous(value, partition, order...)``   the value of the row before, within the partition
``next(value, partition, order...)``       the value of the row after
``is_first(partition, order...)``          whether the row is the partition's first
``history(partition, time_us)``            microseconds since the partition's first row: the exit for *too little history*

In FROM; ``source`` is a table or CTE, every moment counts both ends of its window, rows with a null key, value or time
are left out:
``sliding_count(source, key, window_us)``             rows ``key, time_us, sights`` in the window that ends there
``sliding_sum(source, key, value, window_us)``        rows ``key, time_us, total``
``sliding_distinct(source, key, value, window_us)``   rows ``key, time_us, distinct_count``
``first_seen(source, key, value)``                    rows ``key, value, time_us, start_us``: the value's first sight, and the
first sight of the key with any value
``followed(first, then, key, limit_us)``              rows ``key, time_us, event_id, then_us, then_id``: each event of ``first``
with the earliest of ``then`` at its moment or up to the limit later; the two hold different events
``in_ranges(source, value, ranges, low, high)``       rows ``value, low, high``: each value with the range that holds it;
where ranges overlap, the one that starts last counts, and holds the value or not
``strangers(source, key)``   rows ``key, holders, unrelated``; of the accounts that share the key, how many are not
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


def _history(arguments: list[exp.Expr]) -> exp.Expr:
    if len(arguments) != 2:
        raise MacroError("history needs a partition and a time")
    partition, moment = arguments
    start = exp.Window(this=exp.Min(this=moment.copy()), partition_by=_columns_of(partition), over="OVER")
    return exp.Paren(this=exp.Sub(this=moment.copy(), expression=start))


def _window(function: exp.Expr, partition: exp.Expr, order: list[exp.Expr]) -> exp.Window:
    ordered = [exp.Ordered(this=item.copy(), desc=False, nulls_first=True) for item in order]
    return exp.Window(
        this=function, partition_by=_columns_of(partition), order=exp.Order(expressions=ordered), over="OVER"
    )


def _columns_of(partition: exp.Expr) -> list[exp.Expr]:
    by = partition.expressions if isinstance(partition, exp.Tuple) else [partition.unnest()]
    return [item.copy() for item in by]


def _sliding_distinct(table: exp.Table) -> exp.Expr:
    source, keys, value, window = _arguments(table, "sliding_distinct", "name names name span")
    held = " AND ".join(f"{name} IS NOT NULL" for name in (*keys, *value, "time_us"))
    text = _SLIDING.format(source=source[0], key=", ".join(keys), value=value[0], held=held, until=int(window[0]) + 1)
    return _written(table, text)


def _sliding_count(table: exp.Table) -> exp.Expr:
    source, keys, window = _arguments(table, "sliding_count", "name names span")
    held = " AND ".join(f"{name} IS NOT NULL" for name in (*keys, "time_us"))
    text = _MOVING.format(
        source=source[0], key=", ".join(keys), what="COUNT(*)", result="sights", held=held, window=window[0]
    )
    return _written(table, text)


def _sliding_sum(table: exp.Table) -> exp.Expr:
    source, keys, value, window = _arguments(table, "sliding_sum", "name names name span")
    held = " AND ".join(f"{name} IS NOT NULL" for name in (*keys, *value, "time_us"))
    what = f"SUM({value[0]})"
    text = _MOVING.format(source=source[0], key=", ".join(keys), what=what, result="total", held=held, window=window[0])
    return _written(table, text)


def _first_seen(table: exp.Table) -> exp.Expr:
    source, keys, value = _arguments(table, "first_seen", "name names name")
    held = " AND ".join(f"{name} IS NOT NULL" for name in (*keys, *value, "time_us"))
    return _written(table, _FIRST_SEEN.format(source=source[0], key=", ".join(keys), value=value[0], held=held))


def _followed(table: exp.Table) -> exp.Expr:
    first, then, keys, limit = _arguments(table, "followed", "name name names span")
    text = _FOLLOWED.format(
        first=first[0],
        then=then[0],
        key=", ".join(keys),
        ahead=", ".join(f"ahead.{name}" for name in keys),
        same=" AND ".join(f"later.{name} = ahead.{name}" for name in keys),
        held=" AND ".join(f"{name} IS NOT NULL" for name in (*keys, "time_us")),
        limit=limit[0],
    )
    return _written(table, text)


def _in_ranges(table: exp.Table) -> exp.Expr:
    source, value, ranges, low, high = _arguments(table, "in_ranges", "name name name name name")
    return _written(
        table, _IN_RANGES.format(source=source[0], value=value[0], ranges=ranges[0], low=low[0], high=high[0])
    )


def _written(table: exp.Table, text: str) -> exp.Expr:
    return exp.Subquery(this=parse_one(text, dialect="duckdb"), alias=table.args.get("alias"))


def _arguments(table: exp.Table, name: str, kinds: str) -> list[list[str]]:
    """The arguments of a call, each a list of words: ``name`` is one plain name, ``names`` one or more, ``span`` a number."""
    given, wanted = table.this.expressions, kinds.split()
    if len(given) != len(wanted):
        raise MacroError(f"{name} takes {len(wanted)} arguments: {kinds.replace(' ', ', ')}")
    return [_argument(name, item, kind) for item, kind in zip(given, wanted, strict=True)]


def _argument(name: str, item: exp.Expr, kind: str) -> list[str]:
    if kind == "span":
        if not (isinstance(item, exp.Literal) and item.name.isdigit()):
            raise MacroError(f"the window of {name} is a whole number of microseconds")
        return [item.name]
    found = _names(item)
    if kind == "name" and len(found) != 1:
        raise MacroError(f"{name} takes one table, CTE or column here, not {len(found)}")
    return found


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


# Every row's window ends at its own moment; rows of one moment see the same.
_MOVING = """
SELECT {key}, time_us, MAX(moving) AS {result}
FROM (
  SELECT {key}, time_us, {what} OVER (
    PARTITION BY {key} ORDER BY time_us NULLS FIRST RANGE BETWEEN {window} PRECEDING AND CURRENT ROW) AS moving
  FROM {source} WHERE {held}
) AS counted
GROUP BY {key}, time_us
"""

_FIRST_SEEN = """
SELECT {key}, {value}, time_us, MIN(time_us) OVER (PARTITION BY {key}) AS start_us
FROM (SELECT {key}, {value}, MIN(time_us) AS time_us FROM {source} WHERE {held} GROUP BY {key}, {value}) AS firsts
"""

# The earliest later event is a minimum over a window that looks ahead, so that no event meets every other one.
_FOLLOWED = """
SELECT {ahead}, ahead.time_us, ahead.event_id, ahead.then_us, MIN(later.event_id) AS then_id
FROM (
  SELECT {key}, time_us, event_id, step, MIN(CASE WHEN step = 2 THEN time_us END) OVER (
    PARTITION BY {key} ORDER BY time_us NULLS FIRST RANGE BETWEEN CURRENT ROW AND {limit} FOLLOWING) AS then_us
  FROM (
    SELECT {key}, time_us, event_id, 1 AS step FROM {first} WHERE {held}
    UNION ALL
    SELECT {key}, time_us, event_id, 2 AS step FROM {then} WHERE {held}
  ) AS both_kinds
) AS ahead
JOIN {then} AS later ON {same} AND later.time_us = ahead.then_us
WHERE ahead.step = 1
GROUP BY {ahead}, ahead.time_us, ahead.event_id, ahead.then_us
"""

# Values and starts in one order: the last start at or before a value is the only range that can hold it.
_IN_RANGES = """
SELECT held.{value}, bounds.{low}, bounds.{high}
FROM (
  SELECT at_us AS {value}, kind, MAX(CASE WHEN kind = 1 THEN at_us END) OVER (ORDER BY at_us NULLS FIRST) AS start_us
  FROM (
    SELECT DISTINCT {value} AS at_us, 2 AS kind FROM {source} WHERE {value} IS NOT NULL
    UNION ALL
    SELECT DISTINCT {low} AS at_us, 1 AS kind FROM {ranges} WHERE {low} IS NOT NULL
  ) AS points
) AS held
JOIN (SELECT {low}, MAX({high}) AS {high} FROM {ranges} GROUP BY {low}) AS bounds ON bounds.{low} = held.start_us
WHERE held.kind = 2 AND held.{value} <= bounds.{high}
"""


def _strangers(table: exp.Table) -> exp.Expr:
    source, keys = _arguments(table, "strangers", "name names")
    text = _STRANGERS.format(
        source=source[0],
        key=", ".join(keys),
        used=", ".join(f"used.{name}" for name in keys),
        counted=", ".join(f"counted.{name}" for name in keys),
        same=" AND ".join(f"namesakes.{name} = counted.{name}" for name in keys),
    )
    return _written(table, text)


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
    "first_seen": _first_seen,
    "followed": _followed,
    "in_ranges": _in_ranges,
    "sliding_count": _sliding_count,
    "sliding_distinct": _sliding_distinct,
    "sliding_sum": _sliding_sum,
    "strangers": _strangers,
}
_SCALARS: dict[str, Callable[[list[exp.Expr]], exp.Expr]] = {
    "previous": _previous,
    "next": _next,
    "is_first": _is_first,
    "history": _history,
}
