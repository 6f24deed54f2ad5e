"""Reads the table of accelerators strictly: an unknown key, precision or repeated name is refused with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from vedette.base import Place
from vedette.hardware.model import PRECISIONS, Chip, HardwareError

_FILE = "chips.yml"
_KEYS = {"names", "vendor", "clock_mhz", "power_w", "memory_gb", "tera", "export_variant_of", "source"}
_NEEDED = _KEYS - {"clock_mhz", "power_w", "export_variant_of"}


@cache
def chips() -> tuple[Chip, ...]:
    """Every accelerator of the table, by id. Raises HardwareError on the first faulty entry."""
    return parse(_text())


@cache
def version() -> str:
    """The first 12 hex digits of the table's SHA-256: which figures a ledger was made with."""
    return hashlib.sha256(_text().encode()).hexdigest()[:12]


def _text() -> str:
    return (files("vedette.hardware") / _FILE).read_text("utf-8")


def parse(text: str) -> tuple[Chip, ...]:
    """The accelerators that a table's text tells of. Raises HardwareError."""
    held = yaml.safe_load(text)
    if not isinstance(held, dict) or set(held) != {"checked_on", "chips"}:
        raise _fault("", "needs `checked_on` and `chips`, and nothing else")
    checked = held["checked_on"]
    if not isinstance(checked, date):
        raise _fault("checked_on", "is no date")
    found = [_chip(str(id), entry, checked) for id, entry in dict(held["chips"]).items()]
    names = [name for chip in found for name in (chip.id, *chip.names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _fault(twice[0], "names two accelerators")
    known = {chip.id for chip in found}
    for chip in found:
        if chip.export_variant_of and chip.export_variant_of not in known:
            raise _fault(chip.id, f"is a variant of {chip.export_variant_of!r}, which is not in the table")
    return tuple(sorted(found, key=lambda chip: chip.id))


def _chip(id: str, entry: Mapping[str, Any], checked: date) -> Chip:
    if not isinstance(entry, dict) or not _NEEDED <= set(entry) <= _KEYS:
        odd = set(entry) ^ _NEEDED if isinstance(entry, dict) else set()
        raise _fault(id, f"has missing or unknown keys: {', '.join(sorted(odd - (_KEYS - _NEEDED)))}")
    tera = entry["tera"]
    if not isinstance(tera, dict) or not set(tera) <= set(PRECISIONS) or "fp16" not in tera:
        raise _fault(id, f"needs `tera` with fp16 and no precision other than {', '.join(PRECISIONS)}")
    if not all(isinstance(value, int | float) and 0 < value < 100_000 for value in tera.values()):
        raise _fault(id, "has a peak that is no positive number of tera operations a second")
    return Chip(
        id=id,
        names=tuple(str(name) for name in entry["names"]),
        vendor=str(entry["vendor"]),
        clock_mhz=_number(id, entry, "clock_mhz"),
        power_w=_number(id, entry, "power_w"),
        memory_gb=float(entry["memory_gb"]),
        peaks={name: float(value) * 1e12 for name, value in tera.items()},
        export_variant_of=str(entry.get("export_variant_of", "")),
        source=str(entry["source"]),
        checked_on=checked,
    )


def _number(id: str, entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    if value is not None and not (isinstance(value, int | float) and value > 0):
        raise _fault(id, f"has a {key} that is no positive number")
    return None if value is None else float(value)


def _fault(id: str, problem: str) -> HardwareError:
    return HardwareError(
        problem, place=Place(_FILE, None, id or None), remedy="Correct the entry; see hardware/README.md"
    )
