"""Conditions and correlations as rule SQL in the common subset; spans of time are exact and slide with every event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vedette.detections.sigma.model import (
    Correlation,
    Every,
    Joined,
    Kind,
    Not,
    Pattern,
    RefusedSigma,
    Search,
    Some,
    Test,
    Tree,
    Wild,
)

_ANY, _ONE, _ESCAPE = "%", "_", "!"


def search_sql(search: Search, bits: float) -> str:
    """One row for every event that meets the condition."""
    return (
        f"SELECT e.account_id, e.time_us, {bits:.1f} AS bits, [e.event_id] AS event_ids, e.operation AS v_operations,\n"
        f"  e.ip AS v_addresses\nFROM logs AS e\nWHERE e.product = {_quoted(search.product)}\n  AND {condition(search.tree)}\n"
    )


def joined_sql(joined: Joined, bits: float) -> str:
    """One row for every event at which the correlation holds, looking back over its span."""
    keys = [f"key_{number}" for number in range(len(joined.keys[0]))]
    hits = "\n  UNION\n".join(_hits(joined, place, keys) for place in range(len(joined.searches)))
    steps = [f"hits AS (\n{hits}\n)", *(_chain(joined, keys) if joined.kind is Correlation.TEMPORAL_ORDERED else ())]
    with_ = ",\n".join(steps)
    return (
        f"WITH {with_}\nSELECT h.account_id, h.time_us, {bits:.1f} AS bits, [h.event_id] AS event_ids, h.operation AS v_operations,\n"
        f"  h.ip AS v_addresses\nFROM hits AS h {_held(joined, keys)}\n"
    )


def condition(tree: Tree) -> str:
    """The condition in SQL: always true or false, never unknown."""
    if isinstance(tree, Test):
        return _test(tree)
    if isinstance(tree, Not):
        return f"NOT ({condition(tree.part)})"
    if isinstance(tree, Every):
        return _balanced([condition(part) for part in tree.parts], "AND")
    return _balanced(list(_gathered(tree)), "OR")


def _gathered(tree: Some) -> Iterator[str]:
    """The parts, plain texts for one column put into one list."""
    lists: dict[tuple[str, bool], list[str]] = {}
    for part in tree.parts:
        if isinstance(part, Test) and part.kind is Kind.TEXT and _is_plain(part.pattern):
            lists.setdefault((part.column, part.cased), []).append(_literal(part.pattern, part.cased))
        else:
            yield condition(part)
    for (column, cased), texts in lists.items():
        yield f"(e.{column} IS NOT NULL AND {_folded(column, cased)} IN ({', '.join(dict.fromkeys(texts))}))"


def _test(test: Test) -> str:
    if test.kind is Kind.ABSENT:
        return f"(e.{test.column} IS NULL)"
    if test.kind is Kind.PRESENT:
        return f"(e.{test.column} IS NOT NULL)"
    if test.kind is Kind.SAME:
        both = f"e.{test.column} IS NOT NULL AND e.{test.other} IS NOT NULL"
        return f"({both} AND LOWER(e.{test.column}) = LOWER(e.{test.other}))"
    asked = _folded(test.column, test.cased)
    if _is_plain(test.pattern):
        return f"(e.{test.column} IS NOT NULL AND {asked} = {_literal(test.pattern, test.cased)})"
    return (
        f"(e.{test.column} IS NOT NULL AND {asked} LIKE {_quoted(_like(test.pattern, test.cased))} ESCAPE '{_ESCAPE}')"
    )


def _is_plain(pattern: Pattern) -> bool:
    return all(isinstance(part, str) for part in pattern)


def _folded(column: str, cased: bool) -> str:
    return f"e.{column}" if cased else f"LOWER(e.{column})"


def _literal(pattern: Pattern, cased: bool) -> str:
    text = "".join(part for part in pattern if isinstance(part, str))
    return _quoted(text if cased else text.lower())


def _like(pattern: Pattern, cased: bool) -> str:
    found = []
    for part in pattern:
        if isinstance(part, Wild):
            found.append(_ANY if part is Wild.ANY else _ONE)
        else:
            text = part if cased else part.lower()
            found.append("".join(_ESCAPE + letter if letter in (_ANY, _ONE, _ESCAPE) else letter for letter in text))
    return "".join(found)


def _balanced(parts: Sequence[str], word: str) -> str:
    """Many parts as a shallow tree, so that no engine has to descend far."""
    if not parts:
        raise RefusedSigma("its condition is empty")
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_balanced(parts[:middle], word)} {word} {_balanced(parts[middle:], word)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _hits(joined: Joined, place: int, keys: Sequence[str]) -> str:
    """The events of one member, with the columns to group by; an event without what is needed belongs to no group."""
    search, columns = joined.searches[place], joined.keys[place]
    grouped = "".join(f", e.{column} AS {key}" for column, key in zip(columns, keys, strict=True))
    counted = f", e.{joined.value[place]} AS counted" if joined.kind is Correlation.VALUE_COUNT else ""
    which = f", '{place}' AS which" if joined.kind in (Correlation.TEMPORAL, Correlation.TEMPORAL_ORDERED) else ""
    needed = (*columns, joined.value[place]) if counted else columns
    held = "".join(f" AND e.{column} IS NOT NULL" for column in needed)
    return (
        f"  SELECT e.account_id, e.time_us, e.event_id, e.operation, e.ip{grouped}{counted}{which}\n"
        f"  FROM logs AS e WHERE e.product = {_quoted(search.product)}{held}\n    AND {condition(search.tree)}"
    )


def _held(joined: Joined, keys: Sequence[str]) -> str:
    """The join and condition that say at which of the hits the correlation holds."""
    named = f"({', '.join(keys)})" if len(keys) > 1 else keys[0]
    same = " AND ".join(f"c.{key} = h.{key}" for key in keys)
    on = f"AS c ON {same} AND c.time_us = h.time_us\nWHERE"
    if joined.kind is Correlation.EVENT_COUNT:
        return f"JOIN sliding_count(hits, {named}, {joined.span_us}) {on} c.sights >= {joined.least}"
    if joined.kind is Correlation.VALUE_COUNT:
        return (
            f"JOIN sliding_distinct(hits, {named}, counted, {joined.span_us}) {on} c.distinct_count >= {joined.least}"
        )
    if joined.kind is Correlation.TEMPORAL:
        return f"JOIN sliding_distinct(hits, {named}, which, {joined.span_us}) {on} c.distinct_count >= {joined.least}"
    last = len(joined.searches) - 1
    return f"JOIN chain_{last} {on} h.which = '{last}' AND h.time_us - c.start_us <= {joined.span_us}"


def _chain(joined: Joined, keys: Sequence[str]) -> Iterator[str]:
    """For each member in order: at which moments it completes the chain so far, and the latest moment that began one.

    Events of one moment are in order either way, and one event may be several members.
    """
    by = ", ".join(keys)
    yield f"chain_0 AS (\n  SELECT {by}, time_us, MAX(time_us) AS start_us FROM hits WHERE which = '0' GROUP BY {by}, time_us\n)"
    for place in range(1, len(joined.searches)):
        yield (
            f"meeting_{place} AS (\n"
            f"  SELECT {by}, time_us, 0 AS step, start_us FROM chain_{place - 1}\n  UNION ALL\n"
            f"  SELECT {by}, time_us, 1 AS step, CAST(NULL AS BIGINT) AS start_us FROM hits WHERE which = '{place}'\n)"
        )
        yield (
            f"reached_{place} AS (\n"
            f"  SELECT {by}, time_us, step, MAX(start_us) OVER (PARTITION BY {by} ORDER BY time_us NULLS FIRST\n"
            f"    RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS start_us\n  FROM meeting_{place}\n)"
        )
        yield (
            f"chain_{place} AS (\n  SELECT {by}, time_us, MAX(start_us) AS start_us FROM reached_{place}\n"
            f"  WHERE step = 1 AND start_us IS NOT NULL GROUP BY {by}, time_us\n)"
        )
