"""Examples beside a rule: named cases read strictly, rows filled with defaults, and the findings compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vedette.base import ContentError, Finding, Record, VedetteError, parse_time, read_record, to_micros
from vedette.detections.model import Example, Expected, Shows

_SPAN = re.compile(r"^([1-9][0-9]*)([smhd])$")
_MICROS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_MAX_REPEAT = 2_000

#: What a column holds in an example that does not speak of it; all others are null.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "accounts": {"status": "active", "kind": "person"},
    "signins": {"outcome": "success", "channel": "console", "ip_class": "residential"},
    "logs": {"outcome": "success", "ip_class": "residential"},
}


class ExampleError(VedetteError):
    """An example's rows do not fit the tables they are for."""


def read_examples(text: str, file: str) -> tuple[Example, ...]:
    """The named cases of one examples.yml."""
    record = read_record(text, file)
    cases = tuple(_example(item) for item in record.take_records("examples"))
    record.finish()
    return cases


def _example(record: Record) -> Example:
    place = record.place()
    case = Example(
        name=record.take_text("name"),
        shows=Shows(record.take_choice("shows", [word.value for word in Shows])),
        given=_given(record),
        then=tuple(_expected(item) for item in record.take_records("then", optional=True)),
        place=place,
    )
    record.finish()
    if case.shows is Shows.FIRES and not case.then:
        raise ContentError(f"{case.name!r} shows firing but expects nothing", place=place, remedy="Add then:")
    if case.shows is Shows.QUIET and case.then:
        raise ContentError(f"{case.name!r} shows quiet but expects findings", place=place, remedy="Drop then:")
    late = any(row.get("late") for rows in case.given.values() for row in rows)
    if late != (case.shows is Shows.LATE):
        raise ContentError(
            f"{case.name!r}: late rows and shows: late go together", place=place, remedy="Mark late: true"
        )
    return case


def _given(record: Record) -> dict[str, list[dict[str, Any]]]:
    where = record.place("given")
    given = record.take_plain("given")
    if not isinstance(given, dict):
        raise ContentError("'given' maps tables to rows", place=where, remedy="Write signins: followed by - rows")
    for table, rows in given.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ContentError(f"the rows of {table!r} must be a list of mappings", place=where)
    return given


def _expected(record: Record) -> Expected:
    has_accounts = record.has("accounts")
    accounts = record.take_texts("accounts", optional=True)
    count = record.take_int("count", -1)
    bits = record.take_number("bits", float("nan"))
    summary = record.take_text("summary", "")
    expected = Expected(
        subject=record.take_text("subject"),
        accounts=accounts if has_accounts else None,
        count=count if count >= 0 else None,
        bits=bits if bits == bits else None,
        summary=summary or None,
    )
    record.finish()
    return expected


def rows_of(case: Example, columns: Mapping[str, Sequence[str]]) -> dict[str, list[dict[str, Any]]]:
    """The case's rows by table, whole: defaults filled, repeats written out, times as microseconds.

    ``columns`` names the columns of every table. Raises ExampleError for a table or column that does not exist.
    """
    filled: dict[str, list[dict[str, Any]]] = {name: [] for name in columns}
    for table, rows in case.given.items():
        if table not in columns:
            raise ExampleError(f"example {case.name!r}: no table {table!r}", place=case.place)
        for row in rows:
            filled[table].extend(_filled(case, table, row, columns[table]))
    return filled


def _filled(case: Example, table: str, row: Mapping[str, Any], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    given = dict(row)
    late, repeat, every = given.pop("late", False), given.pop("repeat", 1), _span(given.pop("every", "1d"), case)
    if not isinstance(repeat, int) or not 1 <= repeat <= _MAX_REPEAT:
        raise ExampleError(f"example {case.name!r}: repeat is 1 to {_MAX_REPEAT}", place=case.place)
    for number in range(1, repeat + 1):
        whole: dict[str, Any] = dict.fromkeys(names)
        whole.update({key: value for key, value in DEFAULTS.get(table, {}).items() if key in whole})
        for key, value in given.items():
            name, worth = _cell(key, value, names, case)
            if name == "time_us" and worth is not None:
                worth = worth + (number - 1) * every
            whole[name] = worth.replace("{n}", str(number)) if isinstance(worth, str) else worth
        if repeat > 1 and "event_id" in given and "{n}" not in given["event_id"]:
            whole["event_id"] = f"{given['event_id']}-{number}"
        _stamp(whole, late=bool(late))
        yield whole


def _cell(key: str, value: Any, names: Sequence[str], case: Example) -> tuple[str, Any]:
    if key in names:
        return key, value
    if f"{key}_us" in names:
        return f"{key}_us", _micros(value, case)
    raise ExampleError(
        f"example {case.name!r}: no column {key!r}", place=case.place, remedy=f"One of: {', '.join(names)}"
    )


def _stamp(whole: dict[str, Any], *, late: bool) -> None:
    """When the row was received: at once, or a week after it happened."""
    moment = whole.get("time_us") or whole.get("opened_us") or 0
    if "received_us" in whole:
        whole["received_us"] = moment + (7 * _MICROS["d"] if late else 0)
    if "day" in whole and whole.get("time_us") is not None:
        whole["day"] = datetime.fromtimestamp(
            moment / 1_000_000, tz=parse_time("1970-01-01T00:00:00Z").tzinfo
        ).strftime("%Y-%m-%d")


def _micros(value: Any, case: Example) -> int | None:
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else parse_time(str(value))
        return to_micros(moment)
    except ValueError as fault:
        raise ExampleError(f"example {case.name!r}: {fault}", place=case.place) from None


def _span(text: Any, case: Example) -> int:
    match = _SPAN.match(str(text))
    if match is None:
        raise ExampleError(
            f"example {case.name!r}: {text!r} is no span", place=case.place, remedy="Write 30m, 6h or 1d"
        )
    return int(match[1]) * _MICROS[match[2]]


def differences(case: Example, findings: Sequence[Finding]) -> tuple[str, ...]:
    """What the findings of a case lack or have too much, one sentence each; empty where they are as expected."""
    found = {str(finding.subject): finding for finding in findings}
    wanted = {item.subject: item for item in case.then}
    problems = [f"{case.name}: unexpected finding about {subject}" for subject in found if subject not in wanted]
    for subject, item in wanted.items():
        if subject not in found:
            problems.append(f"{case.name}: no finding about {subject}")
        else:
            problems.extend(f"{case.name}: {subject}: {text}" for text in _unlike(item, found[subject]))
    return tuple(problems)


def _unlike(item: Expected, finding: Finding) -> Iterator[str]:
    pairs = (
        ("accounts", item.accounts, finding.accounts),
        ("count", item.count, finding.count),
        ("bits", item.bits, finding.bits),
        ("summary", item.summary, finding.summary),
    )
    for name, wanted, held in pairs:
        if wanted is not None and wanted != held:
            yield f"{name} is {held!r}, expected {wanted!r}"
