"""Readers choose by time, check, account and state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.findings.test_store import record, settle
from tests.made import finding
from vedette.base import FixedClock
from vedette.findings.select import Wanted, WrongTime, wanted
from vedette.store import Store


@pytest.fixture(autouse=True)
def _filled(store: Store, clock: FixedClock) -> None:
    record(store, clock, finding(), finding("payment/b", account="a-2"))
    settle(store, clock, "payment/b")
    clock.advance(timedelta(hours=1, microseconds=500))
    record(store, clock, finding("device/c"))


class TestWanted:
    @pytest.mark.parametrize(
        ("query", "checks"),
        [
            (Wanted(), ["network/odd", "device/c"]),
            (Wanted(withdrawn=True), ["network/odd", "payment/b", "device/c"]),
            (Wanted(check="device/c"), ["device/c"]),
            (Wanted(account="a-2", withdrawn=True), ["payment/b"]),
            (Wanted(since="2026-03-01T12:30:00Z"), ["device/c"]),
            (Wanted(since="2026-03-01T13:00:00Z"), ["device/c"]),
            (Wanted(since="2026-03-01T13:00:00.000500Z"), ["device/c"]),
            (Wanted(since="2026-03-01T13:00:00.000501Z"), []),
            (Wanted(since="2026-03-01T21:30:00+09:00"), ["device/c"]),
        ],
    )
    def test_table(self, store: Store, query: Wanted, checks: list[str]) -> None:
        assert [item.finding.check for item in wanted(store, query)] == checks

    @pytest.mark.parametrize("text", ["yesterday", "2026-03-01", "2026-03-01T12:00:00"])
    def test_a_time_without_zone_is_refused(self, store: Store, text: str) -> None:
        with pytest.raises(WrongTime, match="--since"):
            wanted(store, Wanted(since=text))
