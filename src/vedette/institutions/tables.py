"""Read the tables of this room, each once and only when first needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of ``data/<name>``, without comments and blank lines."""
    for line in (_DATA / name).read_text(encoding="utf-8").split("\n"):
        if line and line[0] != "#":
            yield line.split("\t")


def pairs(name: str) -> Iterator[tuple[str, str]]:
    """The rows of a table of two columns."""
    for row in rows(name):
        yield row[0], row[1]


def words(name: str) -> frozenset[str]:
    """The words of ``data/<name>``, without comment lines."""
    lines = (_DATA / name).read_text(encoding="utf-8").split("\n")
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split())
