"""What a mapping may lead to: the tables and columns of DESIGN section 4, and other houses' names for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from vedette.accounts.contacts import rows
from vedette.accounts.exclusion import column_words


@dataclass(frozen=True, slots=True)
class Target:
    """One column: its kind, whether the table needs it (``required``) or it can be made (``made``), and its names."""

    table: str
    column: str
    kind: str
    need: str
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def targets() -> dict[str, tuple[Target, ...]]:
    """Every column of every table."""
    found: dict[str, list[Target]] = {}
    for table, column, kind, need, names in rows("mapping_targets.tsv"):
        found.setdefault(table, []).append(Target(table, column, kind, need, tuple(names.split("|"))))
    return {table: tuple(columns) for table, columns in found.items()}


@lru_cache(maxsize=1)
def _file_names() -> dict[str, frozenset[str]]:
    return {table: frozenset(names.split("|")) for table, names in rows("mapping_files.tsv")}


def file_says(stem: str, table: str) -> float:
    """How much a file's name speaks for a table, 0..1: the whole name, or some of its words."""
    words, names = column_words(stem), _file_names()[table]
    if words in names:
        return 1.0
    return 0.6 if any(f" {name} " in f" {words} " for name in names) else 0.0


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for column, word, theirs in rows("mapping_values.tsv"):
        for each in theirs.split("|"):
            found.setdefault(column, {})[each] = word
    return found


def words_of(target: Target) -> dict[str, str]:
    """Strangers' words for the closed words of a column; empty where it is free text."""
    if target.kind != "choice":
        return {}
    return _words()["key_kind" if target.table == "keys" else target.column]


def name_says(target: Target, path: str) -> float:
    """How much a column's name, a dotted path in nested records, speaks for a target, 0..1."""
    whole = column_words(path.replace(".", " "))
    last = column_words(path.rpartition(".")[2])
    own = column_words(target.column)
    if own in (whole, last):
        return 1.0
    for name in (whole, last):
        if name in target.names:
            return 0.97 - 0.25 * target.names.index(name) / len(target.names)
    given = set(whole.split())
    shares = [len(given & set(name.split())) / len(given | set(name.split())) for name in (own, *target.names)]
    return 0.55 * max(shares)
