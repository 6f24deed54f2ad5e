"""The SQL that turns cells of text into typed columns, and everything that can be wrong with a cell.

Countries and addresses stay text in SQL; ``settle`` decides them once per distinct text.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from vedette.base import from_micros, iso
from vedette.names import country_code
from vedette.store.intake.form import Field
from vedette.store.intake.quoting import literal

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
_LOCAL = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}"
_ZONED = rf"{_LOCAL} ?(Z|UTC|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)"
_DAY = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_WHOLE = r"[+-]?[0-9]{1,19}(\.0*)?"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
PLAIN_IP = rf"({_OCTET}\.){{3}}{_OCTET}"
# 1970-01-01 and 2100-01-01 in microseconds: nothing a provider holds lies outside.
_EARLIEST, _LATEST = 0, 4_102_444_800_000_000
_TRUE, _FALSE = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f")
_TIME_REMEDY = "Write ISO 8601 with a zone, such as 2026-01-31T09:00:00Z"

SQL_TYPES = {
    "time": "BIGINT",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "fraction": "DOUBLE",
    "flag": "BOOLEAN",
}
SettledKind = Literal["country", "ip"]
WRONG: dict[str, tuple[str, str]] = {
    "country": ("names no single country", "Write its two-letter code"),
    "ip": ("is no IP address", "Write one address such as 192.0.2.1"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a row is refused: SQL condition over its cells and values, reason and remedy."""

    field: str
    condition: str
    reason: str
    remedy: str

    @property
    def told(self) -> str:
        """``field|reason|remedy``."""
        return f"{self.field}|{self.reason}|{self.remedy}"


def sql_type(field: Field) -> str:
    """The DuckDB type of a field's column."""
    return SQL_TYPES.get(field.kind, "VARCHAR")


def value(field: Field, cell: str) -> str:
    """The typed expression of a trimmed cell; NULL where it is blank or cannot be read."""
    match field.kind:
        case "time":
            spaced = f"replace(replace(upper({cell}), 'UTC', 'Z'), ' ', '')"
            clock = f"concat(left({cell}, 10), ' ', substr({spaced}, CASE WHEN substr({cell}, 11, 1) = ' ' THEN 11 ELSE 12 END))"
            return _shaped(f"upper({cell})", _ZONED, f"epoch_us(TRY_CAST({clock} AS TIMESTAMPTZ))")
        case "number" | "fraction":
            return _shaped(cell, _NUMBER, f"TRY_CAST({cell} AS DOUBLE)")
        case "whole":
            return _shaped(cell, _WHOLE, f"TRY_CAST(split_part({cell}, '.', 1) AS BIGINT)")
        case "flag":
            return f"CASE WHEN lower({cell}) IN {_words(_TRUE)} THEN true WHEN lower({cell}) IN {_words(_FALSE)} THEN false END"
        case "choice":
            return f"CASE WHEN lower({cell}) IN {_words(field.choices)} THEN lower({cell}) END"
        case "day":
            full = f"concat({cell}, CASE length({cell}) WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END)"
            real = f"{cell} >= '1000' AND TRY_CAST({full} AS DATE) IS NOT NULL"
            return _shaped(cell, _DAY, f"CASE WHEN {real} THEN {cell} END")
        case _:
            return cell


def _shaped(text: str, pattern: str, then: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {then} END"


def faults(field: Field, cell: str, typed: str) -> list[Fault]:
    """Everything that can be wrong with a field, tested in order. ``typed`` is the column of its value."""
    found = []
    if field.required:
        found.append(Fault(field.name, f"{cell} IS NULL", "is blank", field.remedy or "Give every row one"))
    for condition, reason, remedy in _kind_faults(field, cell, typed):
        found.append(Fault(field.name, condition, reason, field.remedy or remedy))
    for limit, sign, word in ((field.minimum, "<", "below"), (field.maximum, ">", "above")):
        if limit is not None and field.kind == "time":
            told = f"lies {'before' if sign == '<' else 'after'} {iso(from_micros(int(limit)))}"
            found.append(Fault(field.name, f"{typed} {sign} {int(limit)}", told, "Check the clock or the unit"))
        elif limit is not None:
            found.append(
                Fault(field.name, f"{typed} {sign} {limit!r}", f"is {word} {limit:g}", field.remedy or "Correct it")
            )
    return found


def _kind_faults(field: Field, cell: str, typed: str) -> list[tuple[str, str, str]]:
    unread = f"{cell} IS NOT NULL AND {typed} IS NULL"
    match field.kind:
        case "time":
            local = f"{unread} AND regexp_full_match(upper({cell}), {literal(f'{_LOCAL}|{_DAY}')})"
            outside = f"{typed} < {_EARLIEST} OR {typed} >= {_LATEST}"
            return [
                (local, "has no zone", _TIME_REMEDY),
                (unread, "is no possible time with a zone", _TIME_REMEDY),
                (outside, "lies outside 1970 to 2100", "Check the clock or the unit"),
            ]
        case "number":
            return [_no_number(unread, typed)]
        case "fraction":
            too_far = (f"{typed} < 0 OR {typed} > 1", "is not within 0..1", "Divide percentages by 100")
            return [_no_number(unread, typed), too_far]
        case "whole":
            return [(unread, "is no whole number", "Write digits only, at most 18")]
        case "flag":
            return [(unread, "is neither true nor false", "Write true or false")]
        case "choice":
            return [(unread, "is no known word", f"One of: {', '.join(field.choices)}")]
        case "day":
            return [(unread, "is no day", "Write 2026-01-31, 2026-01 or 2026")]
        case _:
            return []


def _no_number(unread: str, typed: str) -> tuple[str, str, str]:
    return f"({unread}) OR NOT isfinite({typed})", "is no number", "Write digits with a point"


def _words(words: Sequence[str]) -> str:
    return "(" + ", ".join(literal(word) for word in words) + ")"


def settle(kind: SettledKind, texts: Iterable[str]) -> list[tuple[str, str | None]]:
    """(text, code or canonical address or None) for each text."""
    decide = _country if kind == "country" else _address
    return [(text, decide(text)) for text in texts]


def _country(text: str) -> str | None:
    """Alpha-2. Two letters that are no known code are kept: lists of codes grow."""
    known = country_code(text) if len(text) <= 200 else None
    if known is None and len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return known


def _address(text: str) -> str | None:
    """The shortest form; IPv4 that travels inside IPv6 is taken out, so that equal addresses are equal texts."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        address = address.ipv4_mapped or address
    return str(address)
