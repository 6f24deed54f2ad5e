"""Billing exports become payments of the right account, or are refused or ignored and counted; never with a card number."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.made import JOB
from vedette import audit
from vedette.base import FixedClock
from vedette.events.billing.discover import billing_adapters
from vedette.events.discover import UnknownAdapter
from vedette.events.model import Intake
from vedette.events.store.billing import ingest_billing
from vedette.store import Store

Write = Callable[[str, str], Path]
PLANTED = "4929123412341239"
CHARGE: dict[str, Any] = json.loads(billing_adapters()["stripe"].sample.read_text(encoding="utf-8").splitlines()[0])
US = 1_000_000


def charge(number: int, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CHARGE), "id": f"ch_{number}", "payment_intent": None, **changes}


def lines(*records: Any) -> str:
    return "".join(json.dumps(item) + "\n" for item in records)


def owners(*entries: tuple[str, str, str, int | None, int | None]) -> str:
    values = ", ".join(
        f"('{account}', '{product}', 'principal', '{name}', {start or 'NULL'}::BIGINT, {end or 'NULL'}::BIGINT)"
        for account, product, name, start, end in entries
    )
    return f"(SELECT * FROM (VALUES {values}) AS t(account_id, product, kind, external_id, valid_from_us, valid_to_us))"


def payments(store: Store) -> list[dict[str, Any]]:
    with store.engine() as engine:
        return list(engine.dictionaries("SELECT * FROM payments ORDER BY payment_id"))


def add_up(intake: Intake) -> bool:
    return intake.read == intake.stored + intake.duplicates + intake.refused_count


class TestSamples:
    @pytest.mark.parametrize(
        ("product", "customers", "counts", "ignored"),
        [
            (
                "stripe",
                ("cus_sampleA",),
                (9, 6, 0, 3),
                {"status requires_payment_method", "refund", "status failed", "test mode"},
            ),
            ("whmcs", ("2",), (6, 3, 0, 3), {"refund", "refund or payout"}),
        ],
    )
    def test_every_record_is_accounted_for(
        self,
        place: Store,
        clock: FixedClock,
        product: str,
        customers: tuple[str, ...],
        counts: tuple[int, ...],
        ignored: set[str],
    ) -> None:
        known = owners(*(("a-9", product, name, None, None) for name in customers))
        sample = billing_adapters()[product].sample
        found = ingest_billing(place, JOB, [sample], product, clock=clock, identities=known)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == counts
        assert found.ignored.keys() == ignored
        assert any("ignored, not in read" in note for note in found.notes)
        assert {row["account_id"] for row in payments(place)} == {"acc-1", "a-9"}
        again = ingest_billing(place, JOB, [sample], product, clock=clock, identities=known)
        assert (again.read, again.stored, again.duplicates) == (found.read, 0, found.stored)
        assert list(audit.verify(place).problems) == []


class TestAccounts:
    def test_a_customer_of_no_account_is_refused_with_a_remedy_and_taken_once_identities_name_it(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        path = written("c.jsonl", lines({"object": "refund"}, charge(1, metadata={})))
        found = ingest_billing(place, JOB, [path], "stripe", clock=clock)
        (refusal,) = found.refused
        assert (refusal.file, refusal.line, refusal.field) == (str(path), 2, "account_id")
        assert "metadata.account_id" in refusal.remedy
        assert "identities" in refusal.remedy
        known = owners(("a-1", "stripe", "cus_sampleA", None, None))
        assert ingest_billing(place, JOB, [path], "stripe", clock=clock, identities=known).stored == 1

    @pytest.mark.parametrize(
        ("entries", "account"),
        [
            ([("a-1", "stripe", "cus_sampleA", None, None)], "a-1"),
            ([("a-1", "whmcs", "cus_sampleA", None, None)], None),
            ([("a-1", "stripe", "cus_sampleA", None, None), ("a-2", "stripe", "cus_sampleA", None, None)], None),
            ([("a-1", "stripe", "cus_sampleA", None, CHARGE["created"] * US)], None),
            ([("a-1", "stripe", "cus_sampleA", CHARGE["created"] * US, None)], "a-1"),
        ],
    )
    def test_exactly_one_account_at_the_time_of_the_payment(
        self, place: Store, clock: FixedClock, written: Write, entries: list[Any], account: str | None
    ) -> None:
        path = written("c.jsonl", lines(charge(1, metadata={})))
        ingest_billing(place, JOB, [path], "stripe", clock=clock, identities=owners(*entries))
        assert [row["account_id"] for row in payments(place)] == ([account] if account else [])


class TestStripe:
    def test_a_charge_and_its_intent_are_one_payment_and_the_charge_tells_the_card(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        intent = {
            **charge(1),
            "object": "payment_intent",
            "id": "pi_1",
            "amount_received": 2000,
            "latest_charge": "ch_1",
        }
        del intent["payment_method_details"]
        listed = {"object": "list", "data": [intent, charge(1, payment_intent="pi_1")]}
        found = ingest_billing(place, JOB, [written("l.json", json.dumps(listed, indent=1))], "stripe", clock=clock)
        assert (found.read, found.stored, found.duplicates) == (2, 1, 1)
        (row,) = payments(place)
        assert (row["payment_id"], row["instrument_id"], row["amount"]) == ("pi_1", "fpSampleCard1", 20.0)
        assert row["payer_name_token"]
        assert "payer_name" not in row

    @pytest.mark.parametrize(
        ("currency", "amount"), [("usd", 20.0), ("jpy", 2000.0), ("kwd", 2.0), ("isk", 20.0), ("ugx", 20.0)]
    )
    def test_minor_units(self, place: Store, clock: FixedClock, written: Write, currency: str, amount: float) -> None:
        ingest_billing(place, JOB, [written("c.jsonl", lines(charge(1, currency=currency)))], "stripe", clock=clock)
        assert [row["amount"] for row in payments(place)] == [amount]

    def test_bad_records_cost_only_themselves(self, place: Store, clock: FixedClock, written: Write) -> None:
        path = written("c.jsonl", '{"cut": \n7\n' + lines(charge(1, created=1), charge(2), charge(3, customer=[])))
        found = ingest_billing(place, JOB, [path], "stripe", clock=clock)
        assert (found.stored, found.refused_count, [item.line for item in found.refused]) == (2, 3, [1, 2, 3])
        assert all(item.reason and item.remedy for item in found.refused)
        kept = next(place.workspace.refused.iterdir()).read_text(encoding="utf-8")
        assert '{"cut":' in kept

    def test_a_file_of_attempts_only_is_no_fault(self, place: Store, clock: FixedClock, written: Write) -> None:
        found = ingest_billing(
            place, JOB, [written("c.jsonl", lines(charge(1, status="failed")))], "stripe", clock=clock
        )
        assert (found.read, dict(found.ignored), found.faults) == (0, {"status failed": 1}, ())

    def test_a_broken_file_is_refused_and_the_others_go_on(
        self, place: Store, clock: FixedClock, written: Write, tmp_path: Path
    ) -> None:
        bad = tmp_path / "bad.jsonl.gz"
        bad.write_bytes(b"\x1f\x8bnot really")
        found = ingest_billing(place, JOB, [bad, written("c.jsonl", lines(charge(1)))], "stripe", clock=clock)
        assert (found.stored, len(found.faults)) == (1, 1)
        assert add_up(found)

    def test_unknown_product(self, place: Store, clock: FixedClock) -> None:
        with pytest.raises(UnknownAdapter, match="stripe"):
            ingest_billing(place, JOB, [], "abacus", clock=clock)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in a record, branches included."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))


def planted(record: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


class TestNoCardNumberIsStored:
    def test_wherever_it_stands_in_a_stripe_record(self, place: Store, clock: FixedClock, written: Write) -> None:
        spaced = " ".join(PLANTED[at : at + 4] for at in range(0, 16, 4))
        values = (PLANTED, int(PLANTED), f"x {PLANTED} y", spaced)
        base = charge(1)
        records = [
            {**planted(base, path, value), **({} if path == ("id",) else {"id": f"ch_{number}_{form}"})}
            for number, path in enumerate(places(base))
            for form, value in enumerate(values)
        ]
        found = ingest_billing(place, JOB, [written("c.jsonl", lines(*records))], "stripe", clock=clock)
        assert found.stored > 50
        assert add_up(found)
        self._nowhere(place, found)

    def test_wherever_it_stands_in_a_whmcs_row(self, place: Store, clock: FixedClock, written: Write) -> None:
        head, row = billing_adapters()["whmcs"].sample.read_text(encoding="utf-8").splitlines()[:2]
        cells = row.split(",")
        rows = [
            ",".join([f"{number}", *cells[1:number], PLANTED, *cells[number + 1 :]]) for number in range(1, len(cells))
        ]
        text = "\n".join([head, *rows, ",".join([PLANTED, *cells[1:]]), f"{PLANTED},short"]) + "\n"
        found = ingest_billing(place, JOB, [written("t.csv", text)], "whmcs", clock=clock)
        assert found.stored >= 10
        assert found.refused_count >= 3
        self._nowhere(place, found)

    def _nowhere(self, store: Store, found: Intake) -> None:
        """Neither in the lake's files nor in its values, the refused records, the state, or what is told."""
        root = store.workspace.root
        for path in (item for item in root.rglob("*") if item.is_file()):
            assert PLANTED.encode() not in path.read_bytes(), path
        with store.engine() as engine:
            held = [list(engine.dictionaries(f"SELECT * FROM {name}")) for name in ("payments", "payer_name_parts")]
        told = json.dumps([held, found.as_json()], default=str)
        assert PLANTED not in told.replace(" ", "")
