"""From a rule's rows about one subject to one finding: accounts, weight, evidence, and the sentence for the reader."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from vedette.base import Evidence, Finding, Json, Subject, from_micros, iso
from vedette.detections.model import VALUE_PREFIX, Rule

_SHOWN = 20
_KEPT = 200
_LISTED = 6
_TEXT = 80

_Row = tuple[float, int, tuple[str, ...], str, tuple[tuple[str, Json], ...]]


class Gathered:
    """The rows about one subject, whatever order they come in: exact counts, and the weightiest rows kept as evidence."""

    def __init__(self) -> None:
        self.accounts: set[str] = set()
        self.first_us = math.inf
        self.last_us = -math.inf
        self.bits: float | None = None
        self.values: dict[str, set[Json]] = {}
        self._seen: set[tuple[str, ...]] = set()
        self._rows: list[_Row] = []

    @property
    def count(self) -> int:
        """How many different observations the rows tell of."""
        return len(self._seen)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one row of a rule's result; the same observation twice counts once."""
        account, moment = str(row["account_id"]), int(row["time_us"])
        ids = _ids(row["event_ids"])
        observation = ids or (account, str(moment))
        if observation in self._seen:
            return
        self._seen.add(observation)
        bits = None if row["bits"] is None else float(row["bits"])
        values = tuple(sorted(_values(row)))
        self.accounts.add(account)
        self.first_us, self.last_us = min(self.first_us, moment), max(self.last_us, moment)
        if bits is not None:
            self.bits = bits if self.bits is None else max(self.bits, bits)
        for name, value in values:
            self.values.setdefault(name, set()).add(value)
        self._rows.append((-(bits or 0.0), moment, ids, account, values))
        if len(self._rows) > _KEPT:
            self._rows = sorted(self._rows, key=_order)[:_SHOWN]

    def evidence(self, kind: str) -> tuple[Evidence, ...]:
        """The weightiest twenty observations, in order of time."""
        best = sorted(self._rows, key=_order)[:_SHOWN]
        return tuple(
            item for row in sorted(best, key=lambda row: (row[1], row[2], row[3])) for item in _evidence(kind, row)
        )


def finding(rule: Rule, key: tuple[str, str, str], gathered: Gathered) -> Finding:
    """The finding of a rule about (subject kind, subject id, window)."""
    kind, subject_id, window = key
    bits = None if gathered.bits is None else round(min(gathered.bits, rule.weight.cap), 2)
    accounts = gathered.accounts | ({subject_id} if kind == "account" else set())
    return Finding(
        check=rule.id,
        version=str(rule.version),
        subject=Subject(kind, subject_id),
        accounts=tuple(sorted(accounts)),
        family=rule.family,
        strength=rule.strength,
        bits=bits,
        summary=_sentence(rule, gathered),
        evidence=gathered.evidence(rule.evidence),
        citation=rule.citation,
        blind_spots=rule.blind_spots,
        first_seen=from_micros(int(gathered.first_us)),
        last_seen=from_micros(int(gathered.last_us)),
        count=gathered.count,
        window=window,
    )


def _order(row: _Row) -> tuple[float, int, tuple[str, ...], str]:
    return row[:4]


def _ids(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(sorted({str(item) for item in items if item is not None}))


def _values(row: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    for name, value in row.items():
        if name.startswith(VALUE_PREFIX) and value is not None:
            yield name.removeprefix(VALUE_PREFIX), _plain(value)


def _plain(value: object) -> Json:
    """A value fit for evidence: numbers rounded, texts one short line without control characters."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        # Engines differ in whether FLOOR gives 3 or 3.0, and in the digits of decimals.
        number = round(float(value), 4)
        return int(number) if number.is_integer() else number
    return "".join(letter if letter.isprintable() else " " for letter in str(value))[:_TEXT]


def _evidence(kind: str, row: _Row) -> Iterator[Evidence]:
    _, moment, ids, account, values = row
    about: dict[str, Json] = {"at": iso(from_micros(moment)), "account_id": account, **dict(values)}
    if not ids:
        yield Evidence("account", account, about)
    for item in ids:
        yield Evidence(kind, item, about)


def _sentence(rule: Rule, gathered: Gathered) -> str:
    words: dict[str, str] = {name: _shown(values) for name, values in gathered.values.items()}
    words["count"] = str(gathered.count)
    words["accounts"] = str(len(gathered.accounts))
    words["first_seen"] = from_micros(int(gathered.first_us)).date().isoformat()
    words["last_seen"] = from_micros(int(gathered.last_us)).date().isoformat()
    return " ".join(rule.summary.format_map(_Unknown(words)).split())


class _Unknown(dict[str, str]):
    """Words of a summary; a value that no row held reads as unknown."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def _shown(values: set[Json]) -> str:
    """Numbers as the largest, texts as a sorted list that ends early."""
    numbers = [value for value in values if isinstance(value, int | float)]
    if numbers:
        largest = max(numbers)
        return str(largest) if isinstance(largest, int) else f"{largest:.1f}"
    texts = sorted(str(value) for value in values)
    rest = len(texts) - _LISTED
    return ", ".join(texts[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")
