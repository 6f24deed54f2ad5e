"""A kept back-test compares what counts with what is to come, and stands in the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import folder
from tests.made import ANNA
from vedette.app.opening import create
from vedette.audit import verify
from vedette.base import FixedClock
from vedette.detections.publish import publish
from vedette.detections.read import read_rule
from vedette.detections.standing import Mode, RuleBookError
from vedette.detections.store.backtests import backtest_of
from vedette.detections.tried import try_rule, versions

SHIPPED = "network/console_from_dprk"


class TestTried:
    def test_what_is_kept(self, tmp_path: Path, clock: FixedClock) -> None:
        store = create(tmp_path / "ws", "us")
        assert [rule.id for rule in versions(store, SHIPPED)] == [SHIPPED]
        publish(store, ANNA, read_rule(folder(tmp_path / "rules")), Mode.SHADOW, reason="trying", clock=clock)
        assert [rule.id for rule in versions(store, "network/odd")] == ["network/odd"]
        told = try_rule(store, ANNA, "network/odd", capacity=3, clock=clock)
        kept = backtest_of(store, "network/odd")
        assert kept is not None and kept["trials"] == told["trials"] and kept["made_by"] == str(ANNA)
        assert backtest_of(store, SHIPPED) is None
        with pytest.raises(RuleBookError, match="no rule"):
            try_rule(store, ANNA, "network/none", clock=clock)
        assert verify(store).holds
        store.close()
