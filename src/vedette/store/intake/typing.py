"""The SQL that turns cells of text into typed columns and says, for each row, the first thing wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.store.engines.duckdb import identifier, literal
from vedette.store.intake.form import Field, Form

_TIME = r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)? ?([Zz]|UTC|[+-]\d{2}(:?\d{2})?)"
_SIMPLE_IP = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}"
#: 1970-01-01 and 2100-01-01 in microseconds: nothing a provider holds lies outside.
_EARLIEST, _LATEST = 0, 4_102_444_800_000_000
_TRUE, _FALSE = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f")


def cell_of(field: Field) -> str:
    """The column that keeps a field's cell as it was written, beside its typed value."""
    return identifier(f"cell__{field.name}")


def value(field: Field) -> str:
    """The typed expression of a field; NULL where the cell is blank or cannot be read."""
    cell = identifier(field.name)
    match field.kind:
        case "time":
            return f"epoch_us(TRY_CAST({_zoned(cell)} AS TIMESTAMPTZ))"
        case "number" | "fraction":
            return f"TRY_CAST({cell} AS DOUBLE)"
        case "whole":
            whole = f"regexp_full_match({cell}, '[+-]?\\d+(\\.0+)?')"
            return f"CASE WHEN {whole} THEN TRY_CAST(regexp_replace({cell}, '\\.0+$', '') AS BIGINT) END"
        case "flag":
            return f"CASE WHEN lower({cell}) IN {_words(_TRUE)} THEN true WHEN lower({cell}) IN {_words(_FALSE)} THEN false END"
        case "choice":
            return f"lower({cell})"
        case "country":
            return identifier(f"country__{field.name}") + ".code__"
        case _:
            return cell


def _zoned(cell: str) -> str:
    colon = f"regexp_replace({cell}, '([+-]\\d{{2}})(\\d{{2}})$', '\\1:\\2')"
    return f"replace(replace(upper({colon}), 'UTC', 'Z'), ' Z', 'Z')"


def faults(field: Field) -> list[tuple[str, str, str]]:
    """(condition, reason, remedy) of everything that can be wrong with a field, tested in order."""
    cell, found = cell_of(field), []
    if field.required:
        found.append((f"{cell} IS NULL", f"{field.name} is blank", "Give every row one"))
    found.extend(_kind_faults(field, cell))
    typed = identifier(field.column)
    if field.minimum is not None:
        found.append((f"{typed} < {field.minimum}", f"is below {field.minimum:g}", field.remedy))
    if field.maximum is not None:
        found.append((f"{typed} > {field.maximum}", f"is above {field.maximum:g}", field.remedy))
    return found


def _kind_faults(field: Field, cell: str) -> list[tuple[str, str, str]]:
    typed = identifier(field.column)
    unread = f"{cell} IS NOT NULL AND {typed} IS NULL"
    match field.kind:
        case "time":
            shape = f"{cell} IS NOT NULL AND NOT regexp_full_match({cell}, {literal(_TIME)})"
            outside = f"{typed} < {_EARLIEST} OR {typed} >= {_LATEST}"
            remedy = "Write ISO 8601 with a zone, such as 2026-01-31T09:00:00Z"
            return [
                (shape, "is no time with a zone", remedy),
                (unread, "is no possible time", remedy),
                (outside, "lies outside 1970 to 2100", "Check the clock or the unit"),
            ]
        case "number":
            return [(f"{unread} OR NOT isfinite({typed})", "is no number", "Write digits with a point")]
        case "fraction":
            low, high = f"{unread} OR NOT isfinite({typed})", f"{typed} < 0 OR {typed} > 1"
            return [
                (low, "is no number", "Write digits with a point"),
                (high, "is not within 0..1", "Divide percentages by 100"),
            ]
        case "whole":
            return [(unread, "is no whole number", "Write digits only")]
        case "flag":
            return [(unread, "is neither true nor false", "Write true or false")]
        case "choice":
            words = _words(field.choices)
            return [
                (
                    f"{typed} IS NOT NULL AND {typed} NOT IN {words}",
                    "is no known word",
                    f"One of: {', '.join(field.choices)}",
                )
            ]
        case "day":
            full = f"regexp_full_match({cell}, '\\d{{4}}(-\\d{{2}}(-\\d{{2}})?)?')"
            real = f"TRY_CAST({cell} || CASE length({cell}) WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END AS DATE) IS NOT NULL"
            return [
                (f"{cell} IS NOT NULL AND NOT ({full} AND {real})", "is no day", "Write 2026-01-31, 2026-01 or 2026")
            ]
        case "ip":
            bad = f"{cell} IN (SELECT given__ FROM wrong_ip__)"
            return [(bad, "is no IP address", "Write one address such as 192.0.2.1")]
        case _:
            return []


def _words(words: Sequence[str]) -> str:
    return "(" + ", ".join(literal(word) for word in words) + ")"


def simple_ip(cell: str) -> str:
    """Whether a cell is a plainly valid IPv4 address: the common case, decided without Python."""
    return f"regexp_full_match({cell}, {literal(_SIMPLE_IP)})"


def first_fault(form: Form) -> str:
    """A CASE that gives "field|reason|remedy" of the first fault of a row, or NULL."""
    branches = ["WHEN fault__ IS NOT NULL THEN '|' || fault__ || '|Correct the row''s shape'"]
    for field in form.fields:
        for condition, reason, remedy in faults(field):
            branches.append(f"WHEN {condition} THEN {literal(f'{field.name}|{reason}|{remedy or field.remedy}')}")
    return f"CASE {' '.join(branches)} END"
