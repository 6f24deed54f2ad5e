"""Which rules can run on the data held, which columns would let more run, and which rows of the catalogue rules cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vedette.base import Record, read_record, unique
from vedette.detections.model import Engine, Limits, Need, Readiness, Rule

#: Where a column of the export lies in the lake, when under another name. Direct identifiers lie there as tokens only.
_LAKE_COLUMNS: Mapping[str, str] = {
    "accounts.opened_at": "opened_us",
    "accounts.name": "name_token",
    "accounts.email": "email_canonical_token",
    "accounts.phone": "phone_token",
    "accounts.address": "address_token",
    "accounts.website": "website_token",
    "accounts.id_document_hash": "document_token",
    "accounts.registration_number": "registration_token",
    "payments.payer_name": "payer_name_token",
}

#: What must have been loaded beside the export: the table and condition that show it.
_REFERENCES: Mapping[str, tuple[str, str]] = {
    "references.country": ("signins", "ip_country IS NOT NULL"),
    "references.class": ("signins", "ip_class IS NOT NULL AND ip_class <> 'unknown'"),
}


def readiness(rules: Iterable[Rule], held: Collection[str]) -> tuple[Readiness, ...]:
    """For each rule, what it needs and is not held. ``held`` names columns as ``table.column`` of the export."""
    return tuple(Readiness(rule.id, tuple(need for need in rule.needs if not need.met(held))) for rule in rules)


def unlocks(states: Iterable[Readiness]) -> tuple[tuple[Need, int], ...]:
    """How many more rules each missing column would let run by itself, most first."""
    counts = Counter(state.missing[0] for state in states if len(state.missing) == 1)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def held_in(
    engine: Engine, rules: Iterable[Rule], limits: Limits, among: Collection[str] | None = None
) -> frozenset[str]:
    """The needed columns, of these ``among`` all, that hold something in at least one row of the lake."""
    found: set[str] = set()
    by_table: dict[str, list[tuple[str, str]]] = {}
    needed = {column for rule in rules for need in rule.needs for column in need.columns}
    for column in sorted(needed if among is None else needed.intersection(among)):
        table, condition = lake_condition(column)
        by_table.setdefault(table, []).append((column, condition))
    for table, conditions in by_table.items():
        tests = ", ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE {condition}) AS c{number}"
            for number, (_, condition) in enumerate(conditions)
        )
        for row in engine.rows(f"SELECT {tests}", (table,), limits):
            found.update(column for (column, _), value in zip(conditions, row.values(), strict=True) if value)
    return frozenset(found)


def lake_condition(column: str) -> tuple[str, str]:
    """The lake's table and the condition that shows that a column of the export holds something."""
    if column in _REFERENCES:
        return _REFERENCES[column]
    table, _, name = column.partition(".")
    lake = _LAKE_COLUMNS.get(column, "time_us" if name == "time" else name)
    return table, f"{lake} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rows of the catalogue of indicators, and by row why it is excluded, not shown by any table, or shown in part."""

    rows: tuple[str, ...]
    excluded: Mapping[str, str]
    not_shown: Mapping[str, str]
    partly: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Covered:
    """One row of the catalogue: the rules that cite it, and the reason where they show nothing of it or a part only."""

    row: str
    rules: tuple[str, ...]
    reason: str


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue as ``catalogue.yml`` holds it. Raises ContentError."""
    path = Path(__file__).with_name("catalogue.yml")
    record = read_record(path.read_text("utf-8"), str(path))
    record.take_day("checked_on")
    found = Catalogue(
        record.take_texts("rows"),
        _reasons(record, "excluded"),
        _reasons(record, "not_shown"),
        _reasons(record, "partly"),
    )
    record.finish()
    return found


def _reasons(record: Record, key: str) -> dict[str, str]:
    place = record.place(key)
    found = []
    for item in record.take_records(key):
        found.append((item.take_text("row"), item.take_text("why")))
        item.finish()
    unique(((row, place) for row, _ in found), f"row under {key}")
    return dict(found)


def covered(rules: Iterable[Rule]) -> tuple[Covered, ...]:
    """Every row of the catalogue with the rules that cite it, in the catalogue's order."""
    known = catalogue()
    citing: dict[str, list[str]] = {}
    for rule in rules:
        for row in rule.citation:
            citing.setdefault(row, []).append(rule.id)
    reasons = {**known.partly, **known.not_shown, **known.excluded}
    return tuple(Covered(row, tuple(sorted(citing.get(row, ()))), reasons.get(row, "")) for row in known.rows)
