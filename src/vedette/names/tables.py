"""Read the tables of this room, each once and only when first needed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of ``data/<name>``, without comments and blank lines."""
    text = files("vedette.names").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.split("\n"):
        if line and line[0] != "#":
            yield line.split("\t")
