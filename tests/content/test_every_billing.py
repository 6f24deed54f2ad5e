"""What holds for every billing adapter: its sample reads as expected, hostile records are refused, nothing is imported."""

from __future__ import annotations

import ast
import json
from dataclasses import asdict
from typing import Any

import pytest

from vedette.events.billing.discover import BillingAdapter, billing_adapters
from vedette.events.billing.model import BillingFault, Ignored, Payment
from vedette.events.billing.read import billing_records
from vedette.events.model import RecordFault
from vedette.events.records import Item

ALL = list(billing_adapters().values())
NONSENSE: tuple[Any, ...] = (
    None,
    "",
    "x",
    7,
    -1,
    10**30,
    1e308,
    True,
    [],
    {},
    ["x"],
    {"id": ["x"]},
    "\x00",
    "9" * 5000,
)


def answer(adapter: BillingAdapter, item: Item) -> dict[str, Any]:
    """One line as expected.jsonl writes it."""
    try:
        if item.record is None:
            raise RecordFault(item.fault)
        found = adapter.payment(item.record)
    except RecordFault as fault:
        return {"line": item.line, "refused": fault.problem}
    if isinstance(found, Ignored):
        return {"line": item.line, "ignored": found.reason}
    return {"line": item.line, "payment": {name: value for name, value in asdict(found).items() if value is not None}}


def answers(adapter: BillingAdapter) -> list[dict[str, Any]]:
    return [answer(adapter, item) for item in billing_records(adapter.sample, adapter)]


@pytest.mark.parametrize("adapter", ALL, ids=[item.id for item in ALL])
class TestEveryBillingAdapter:
    def test_the_sample_reads_to_exactly_what_is_expected(self, adapter: BillingAdapter) -> None:
        lines = (adapter.folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
        assert answers(adapter) == [json.loads(line) for line in lines]

    def test_the_sample_shows_payments_of_two_customers_or_means_refunds_and_refusals(
        self, adapter: BillingAdapter
    ) -> None:
        found = answers(adapter)
        payments = [item["payment"] for item in found if "payment" in item]
        assert len({item.get("instrument_kind") for item in payments}) >= 3
        assert {"refund"} <= {item.get("ignored") for item in found}
        assert any("refused" in item for item in found)

    def test_any_field_may_hold_anything(self, adapter: BillingAdapter) -> None:
        for item in billing_records(adapter.sample, adapter):
            for key in item.record or {}:
                for value in NONSENSE:
                    hostile = {**(item.record or {}), key: value}
                    try:
                        found = adapter.payment(hostile)
                    except RecordFault as fault:
                        assert fault.problem
                        assert not isinstance(fault, BillingFault) or (fault.field and fault.remedy)
                    else:
                        assert isinstance(found, Payment | Ignored)

    def test_an_adapter_knows_only_words_and_fields(self, adapter: BillingAdapter) -> None:
        tree = ast.parse((adapter.folder / "adapter.py").read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        own = {name for name in imported if name.startswith("vedette")}
        assert own <= {"vedette.events.billing.model", "vedette.events.fields", "vedette.events.model"}

    def test_the_declaration_speaks(self, adapter: BillingAdapter) -> None:
        assert adapter.caption.endswith(".")
        assert len(adapter.blind_spots.split()) >= 8
        assert adapter.product in adapter.customer_remedy
