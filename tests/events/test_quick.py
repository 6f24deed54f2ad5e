"""Reading a plain record at once gives the very event that careful reading gives, or leaves it to the careful one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.discover import Adapter, adapters
from vedette.events.model import Event, RecordFault
from vedette.events.records import Item, Piece, items

QUICK = [item for item in adapters().values() if item.quick is not None]
TRAIL = adapters()["cloudtrail"]
PLAIN: dict[str, Any] = next(
    record
    for record in map(json.loads, Path("src/vedette/events/adapters/cloudtrail/sample.jsonl").read_text().splitlines())
    if "eventName" in record
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(
        ["", "x" * 2_000, "x" * 2_001, "true", "Yes", "Failure", "\u0040", "@", "é", "2026-01-01T00:00:00Z"]
    ),
    st.text(max_size=8),
    st.lists(st.dictionaries(st.sampled_from(["ARN", "type"]), st.text(max_size=4)), max_size=2),
    st.dictionaries(st.sampled_from(["bucketName", "userName", "ConsoleLogin", "MFAUsed", "arn"]), st.text(max_size=4)),
)


def read(adapter: Adapter, line: bytes) -> list[Item]:
    return list(items(Piece(1, line), adapter))


def careful(item: Item) -> Event | str:
    if item.event is not None:
        return item.event
    try:
        return TRAIL.event(item.record or {})
    except RecordFault as fault:
        return fault.problem


def fields(record: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [(*path, name) for name in record]
    return found + [
        deep for name, value in record.items() if type(value) is dict for deep in fields(value, (*path, name))
    ]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A sound record with up to three of its fields replaced, at any depth."""
    record = json.loads(json.dumps(PLAIN))
    known = [*fields(PLAIN), ("errorCode",), ("resources",), ("additionalEventData",), ("responseElements",)]
    for path in draw(st.lists(st.sampled_from(known), max_size=3)):
        inner: Any = record
        for name in path[:-1]:
            inner = inner.get(name) if type(inner) is dict else None
        if type(inner) is dict:
            inner[path[-1]] = draw(ODD)
    return json.dumps(record, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")


class TestQuickReading:
    @given(spoilt())
    @settings(max_examples=150, deadline=None)
    def test_it_never_differs_from_the_careful_one(self, line: bytes) -> None:
        assert TRAIL.quick is not None
        record = json.loads(line)
        try:
            expected: Event | str = TRAIL.event(record)
        except RecordFault as fault:
            expected = fault.problem
        quick = TRAIL.quick(line)
        assert quick is None or quick == expected

    def test_a_plain_record_is_read_at_once(self) -> None:
        (item,) = read(TRAIL, json.dumps(PLAIN).encode())
        assert item.event is not None
        assert item.event == TRAIL.event(PLAIN)

    @pytest.mark.parametrize(
        ("line", "count"),
        [
            (json.dumps({"Records": [PLAIN, PLAIN]}), 2),
            (json.dumps({**PLAIN, "Records": [PLAIN]}), 1),
            (json.dumps({"event": PLAIN, "technique": "x"}), 1),
            (json.dumps({**PLAIN, "Records": [PLAIN]}).replace('"Records"', '"\\u0052ecords"'), 1),
        ],
    )
    def test_what_wraps_records_is_never_taken_for_one(self, line: str, count: int) -> None:
        found = read(TRAIL, line.encode())
        assert [careful(item) for item in found] == [TRAIL.event(PLAIN)] * count

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ('{"eventTime": "2026-01-01T00:00:00Z"}', "has no eventName"),
            ('{"eventName": "A", "eventTime": "yesterday"}', "is no time"),
            ('{"eventName": "A", "eventTime": "1970-01-01T00:00:00Z"}', "no possible time"),
            ('{"eventName": "A"}', "has no time"),
            ('{"eventName": 7}', "has no time"),
        ],
    )
    def test_what_is_refused_is_refused_with_its_reason(self, line: str, problem: str) -> None:
        (item,) = read(TRAIL, line.encode())
        assert problem in str(careful(item))

    @pytest.mark.parametrize(
        "line", [b'{"eventName": "A"', b'{"eventName": "A", "x": "\\q"}', b'{"x":' + b"[" * 9_999 + b"}"]
    )
    def test_what_is_no_json_stays_a_fault(self, line: bytes) -> None:
        (item,) = read(TRAIL, line)
        assert item.fault

    @pytest.mark.parametrize("adapter", QUICK, ids=lambda item: item.id)
    def test_every_adapter_that_reads_quickly_leaves_envelopes_alone(self, adapter: Adapter) -> None:
        assert adapter.quick is not None
        for key in (*adapter.lists, *adapter.wraps):
            assert adapter.quick(json.dumps({**PLAIN, key: [PLAIN]}).encode()) is None
