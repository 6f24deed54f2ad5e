"""Which records are worth comparing: those that share one of a few keys held by few, in the common SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from vedette.linking.observe import Engine
from vedette.linking.soft.agree import Record

_MOST_HOLDERS = 120
_BATCH = 2_000
#: Each key is made of one or two sorts of pieces; a sort that a record has several of gives several keys.
RULES: tuple[tuple[str, str], ...] = (
    ("mail", ""),
    ("number", ""),
    ("birth_date", ""),
    ("mailbox", ""),
    ("word", "year"),
    ("word", "month_day"),
    ("word", "town"),
    ("word", "postcode"),
    ("word", "mail_start"),
    ("word", "other_word"),
    ("street", "house"),
    ("street", "postcode"),
    ("month_day", "town"),
    ("month_day", "postcode"),
    ("year", "postcode"),
    ("year", "town"),
)


def pieces(item: Record) -> Iterator[tuple[str, str]]:
    """(sort, text) of what keys are made of."""
    for word in item.get("words", ()):
        yield "word", word[:3]
        yield "other_word", word[-3:]
    for key in ("mail", "number", "birth_date", "town", "postcode", "house"):
        for value in item.get(key, ()):
            yield key, value
    for value in item.get("birth_date", ()):
        yield "year", value[:4]
        yield "month_day", value[4:]
    for value in item.get("mail", ()):
        yield "mailbox", value.partition("@")[0]
        yield "mail_start", value[:2]
    for value in item.get("street", ()):
        yield "street", value[:6]


def candidates(engine: Engine, records: Sequence[Record]) -> list[tuple[int, int]]:
    """Pairs of places in ``records`` that share a key which at most 120 records hold, in order."""
    rows = ((number, sort, text) for number, item in enumerate(records) for sort, text in sorted(set(pieces(item))))
    engine.run("DROP TABLE IF EXISTS soft_piece")
    engine.run("CREATE TABLE soft_piece (n INTEGER, sort VARCHAR, text VARCHAR)")
    for batch in _batches(rows):
        marks = ", ".join("(?, ?, ?)" for _ in batch)
        engine.run(f"INSERT INTO soft_piece VALUES {marks}", [cell for row in batch for cell in row])
    return [(int(left), int(right)) for left, right in engine.rows(pairs_sql("soft_piece"))]


def _batches(rows: Iterable[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def pairs_sql(piece: str) -> str:
    """SQL of the pairs, over a relation of pieces (n, sort, text)."""
    keys = "\nUNION\n".join(_key_sql(piece, number, *rule) for number, rule in enumerate(RULES))
    few = f"SELECT rule, key FROM (SELECT * FROM ({keys}) AS every) AS k GROUP BY rule, key HAVING COUNT(*) BETWEEN 2 AND {_MOST_HOLDERS}"
    return (
        f"WITH keys AS ({keys}), few AS ({few}) SELECT DISTINCT x.n AS a, y.n AS b FROM few AS f JOIN keys AS x "
        "ON x.rule = f.rule AND x.key = f.key JOIN keys AS y ON y.rule = f.rule AND y.key = f.key AND y.n > x.n ORDER BY 1, 2"
    )


def _key_sql(piece: str, number: int, first: str, second: str) -> str:
    if not second:
        return f"SELECT n, {number} AS rule, text AS key FROM {piece} WHERE sort = '{first}'"
    return (
        f"SELECT p.n, {number} AS rule, p.text || '|' || q.text AS key FROM {piece} AS p JOIN {piece} AS q ON q.n = p.n "
        f"WHERE p.sort = '{first}' AND q.sort = '{second}'"
    )
