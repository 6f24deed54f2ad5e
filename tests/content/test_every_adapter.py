"""What holds for every log adapter: its sample reads as expected, and hostile records are refused, never a crash."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.events.discover import Adapter, adapters
from vedette.events.model import Event, RecordFault
from vedette.events.records import Item, records
from vedette.events.vocabulary import OTHER, vocabulary

ALL = list(adapters().values())
RECEIVED = 1_770_000_000_000_000
IDS = [item.id for item in ALL]


def answer(adapter: Adapter, item: Item) -> dict[str, Any]:
    """One line as expected.jsonl writes it: the event without empty fields, or why there is none."""
    try:
        if item.fault:
            raise RecordFault(item.fault)
        event = item.event or adapter.event(item.record or {})
    except RecordFault as fault:
        return {"line": item.line, "refused": fault.problem}
    filled = {name: value for name, value in msgspec.structs.asdict(event).items() if value is not None}
    return {"line": item.line, "event": filled}


def answers(adapter: Adapter) -> list[dict[str, Any]]:
    return [answer(adapter, item) for item in records(adapter.sample, adapter, received_us=RECEIVED)]


@pytest.mark.parametrize("adapter", ALL, ids=IDS)
class TestEveryAdapter:
    def test_the_sample_reads_to_exactly_what_is_expected(self, adapter: Adapter) -> None:
        lines = (adapter.folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
        assert answers(adapter) == [json.loads(line) for line in lines]

    def test_the_sample_shows_success_failure_the_unknown_and_the_refused(self, adapter: Adapter) -> None:
        found = answers(adapter)
        events = [item["event"] for item in found if "event" in item]
        assert {event.get("outcome") for event in events} >= {"success", "failure"}
        assert any(event["act"] == OTHER for event in events)
        assert any("refused" in item for item in found)

    def test_words_are_of_the_vocabulary_and_the_declaration_speaks(self, adapter: Adapter) -> None:
        assert {item["event"]["act"] for item in answers(adapter) if "event" in item} <= vocabulary().keys()
        assert adapter.caption.endswith(".")
        assert len(adapter.blind_spots.split()) >= 8

    def test_any_field_may_hold_anything(self, adapter: Adapter) -> None:
        """Each field of each sample record in turn is replaced by a value of every other shape."""
        for item in records(adapter.sample, replace(adapter, quick=None), received_us=RECEIVED):
            for key in item.record or {}:
                for value in (None, 7, True, "", "x" * 10_000, [], [1], {}, {"a": {}}, [[]], "\x00", "\ud7ff"):
                    holds_only_texts(adapter, {**(item.record or {}), key: value})

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_any_object_is_an_event_or_refused(self, adapter: Adapter, data: st.DataObject) -> None:
        known = [
            key
            for item in records(adapter.sample, replace(adapter, quick=None), received_us=RECEIVED)
            for key in item.record or {}
        ]
        scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
        inner = st.recursive(
            scalars,
            lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from(known), below, max_size=3),
            max_leaves=8,
        )
        holds_only_texts(adapter, data.draw(st.dictionaries(st.sampled_from(known), inner, max_size=6)))


def holds_only_texts(adapter: Adapter, record: dict[str, Any]) -> None:
    try:
        event = adapter.event(record)
    except RecordFault as fault:
        assert fault.problem
        return
    for name in Event.__struct_fields__:
        value = getattr(event, name)
        expected = int if name == "time_us" else bool if name == "mfa" else str
        assert value is None or type(value) is expected, name
    assert event.operation
