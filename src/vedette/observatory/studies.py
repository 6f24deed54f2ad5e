"""Published counts with which an audited corpus is compared: read strictly from `published.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files

from vedette.base import Record, read_record, unique

_FILE = "published.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study: works that the focus country shares with partners up to and with the year ``until``, and who comes first."""

    id: str
    title: str
    citation: str
    focus: str
    until: int
    total: int
    checked: date | None
    partners: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def studies() -> tuple[Study, ...]:
    """Every study, in the file's order. Raises ContentError naming the line."""
    return read_studies(files("vedette.observatory").joinpath(_FILE).read_text(encoding="utf-8"), _FILE)


def read_studies(text: str, file: str) -> tuple[Study, ...]:
    """Studies of a YAML text."""
    record = read_record(text, file)
    found = [(_study(item), item.place()) for item in record.take_records("studies")]
    record.finish()
    unique(((study.id, place) for study, place in found), "study")
    return tuple(study for study, _ in found)


def _study(record: Record) -> Study:
    partners: dict[str, int] = {}
    read = Study(
        id=record.take_text("id"),
        title=record.take_text("title"),
        citation=record.take_text("citation"),
        focus=record.take_text("focus"),
        until=record.take_int("until"),
        total=record.take_int("total"),
        checked=record.take_day("checked"),
        order=record.take_texts("order"),
        partners=partners,
    )
    for item in record.take_records("partners"):
        partners[item.take_text("country")] = item.take_int("works")
        item.finish()
    record.finish()
    return read
