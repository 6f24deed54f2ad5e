"""What is held of a customer is found on both databases, in whichever table it stands."""

from __future__ import annotations

from tests.made import ANNA, JOB, finding
from vedette import audit, findings
from vedette.accounts.store import SECRET
from vedette.app import store as state
from vedette.base import FixedClock
from vedette.cases.store.desk import keep_remark
from vedette.store import Store


class TestHeld:
    def test_sealed_rows_and_findings_of_one_customer(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "fill", clock=clock) as act:
            rows = [
                {"account_id": who, "received_us": 1, "sealed": store.vault.seal(who, {"name": who})}
                for who in ("a", "b")
            ]
            act.upsert(SECRET, rows)
            keep_remark(act, store, "case-a", "looks odd")
            keep_remark(act, store, "case-b", "looks fine")
        with audit.writing(store, JOB, "find", clock=clock) as act:
            findings.record(
                act, [finding(account="a"), finding("x/y", accounts=("a", "b")), finding("x/z", accounts=("b",))]
            )

        with store.database.reading() as connection:
            sealed = {part.table.name: part for part in state.sealed_of(connection, "a", ["case-a"])}
            alone = {part.table.name: len(part.rows) for part in state.findings_of(connection, "a")}
            shared = state.shared_findings(connection, "a")

        assert {name: (len(part.rows), part.erased) for name, part in sealed.items()} == {
            "account_secret": (1, True),
            "case_remark": (1, False),
        }
        assert (alone, shared) == ({"finding": 1, "rule_shadow": 0}, 1)
        assert all(isinstance(row["sealed"], bytes) for part in sealed.values() for row in part.rows)


class TestScrub:
    def test_is_harmless_at_any_time(self, store: Store, clock: FixedClock) -> None:
        store.database.scrub()
        with audit.writing(store, ANNA, "tell", clock=clock) as act:
            act.fact("n", 1)
        store.database.scrub()

        assert audit.verify(store).leaves == 1
