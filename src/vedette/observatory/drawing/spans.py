"""Counting by year without gaps, for the figures that have years along the bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vedette.observatory.drawing.model import Rows

UNKNOWN = "unknown"


def filled(years: Iterable[int]) -> list[int]:
    """Every year from the first known to the last."""
    known = sorted({year for year in years if year > 0})
    return list(range(known[0], known[-1] + 1)) if known else []


def by_year(pairs: Iterable[tuple[int, str]], kinds: Sequence[str]) -> Rows:
    """A row a year with a count of each kind; works without a year in a last row of their own."""
    counts: dict[tuple[int, str], int] = {}
    for year, kind in pairs:
        counts[max(year, 0), kind] = counts.get((max(year, 0), kind), 0) + 1
    years = filled(year for year, _ in counts)
    last = [0] if any(year == 0 for year, _ in counts) else []
    return tuple((str(year or UNKNOWN), *(str(counts.get((year, kind), 0)) for kind in kinds)) for year in years + last)


def drawn(rows: Rows, kinds: Sequence[str]) -> tuple[list[str], Mapping[str, list[float]]]:
    """Labels and series of the rows with a known year; the years are the first column, the kinds the next ones."""
    known = [row for row in rows if row[0] != UNKNOWN]
    return [row[0] for row in known], {
        kind: [float(row[place]) for row in known] for place, kind in enumerate(kinds, 1)
    }


def without(rows: Rows) -> str:
    """What a picture must say of works whose year is not known."""
    lost = sum(int(cell) for row in rows if row[0] == UNKNOWN for cell in row[1:])
    return f" {lost} works without a year are in the table only." if lost else ""
