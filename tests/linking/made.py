"""Small worlds for linking: accounts and observations in memory, and the graph over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vedette.linking import Graph, Link, Weights, weights
from vedette.linking.graph import new_rows
from vedette.store.engines.duckdb import DuckEngine

DAY = 86_400_000_000
Row = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Customer:
    """One account and what explains honest sharing."""

    id: str
    person: int = 1
    name: str | None = None
    seller: str | None = None
    home: str | None = None
    employer: str | None = None
    country: str | None = None
    identity: str | None = None
    parts: tuple[str, ...] = ()


def saw(account: str, kind: str, value: str, first: int = 0, last: int = 100) -> Row:
    """An observation; times in days."""
    return account, kind, value, first * DAY, last * DAY


def crowd(size: int = 200, first: int = 0) -> list[Customer]:
    """Strangers who share nothing, so that chance has a meaning."""
    return [Customer(f"z-{first + number:04d}") for number in range(size)]


def customers(rows: Iterable[Customer]) -> str:
    """The relation of accounts."""
    cells = ", ".join(
        f"({_text(row.id)}, {row.person}, {_text(row.name)}, {_text(row.seller or row.id)}, {_text(row.home)}, "
        f"{_text(row.employer)}, {_text(row.country)}, {_text(row.identity)})"
        for row in rows
    )
    return (
        f"(SELECT * FROM (VALUES {cells}) AS c(account_id, person, name, seller, address, domain, country, identity))"
    )


def parts(rows: Iterable[Customer]) -> str:
    """The relation of name parts."""
    cells = [f"({_text(row.id)}, {_text(part)})" for row in rows for part in row.parts]
    if not cells:
        return "(SELECT NULL::VARCHAR AS account_id, NULL::VARCHAR AS part WHERE FALSE)"
    return f"(SELECT * FROM (VALUES {', '.join(cells)}) AS p(account_id, part))"


def _text(value: str | None) -> str:
    return "NULL::VARCHAR" if value is None else "'" + value.replace("'", "''") + "'"


@contextmanager
def world(
    people: Sequence[Customer], rows: Sequence[Row], folder: Path, used: Weights | None = None
) -> Iterator[tuple[DuckEngine, Graph]]:
    """The graph over a small world, everything read and scored."""
    views = {
        "link_observation": f"SELECT * FROM {new_rows(rows)}",
        "link_account": f"SELECT * FROM {customers(people)}",
        "link_name_part": f"SELECT * FROM {parts(people)}",
    }
    with DuckEngine(views, folder, memory="200MB", threads=1) as engine:
        graph = Graph(engine, used or weights())
        graph.rebuild()
        yield engine, graph


def found(
    people: Sequence[Customer], rows: Sequence[Row], folder: Path, least: float = -100.0
) -> dict[tuple[str, str], Link]:
    """Every scored pair of a small world."""
    with world(people, rows, folder) as (_, graph):
        return {link.pair: link for link in graph.links(least)}
