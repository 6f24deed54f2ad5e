"""Telemetry that contradicts itself, the card or another account is told; honest telemetry is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.workloads.made import fleet, put, samples
from vedette.workloads.noticing import of_oddities
from vedette.workloads.store.integrity import oddities

_HONEST: dict[str, Any] = {"gpu_util": 0.9, "sm_active": 0.7, "tensor_active": 0.3, "sm_clock_mhz": 1700}


def honest(account: str = "a-1", **changes: Any) -> list[dict[str, Any]]:
    rows = samples(account, minutes=90, **{**_HONEST, **changes})
    return [
        {
            **row,
            "power_w": changes.get("power_w", 500 + number % 7),
            "gpu_util": changes.get("gpu_util", 0.8 + number % 3 / 20),
        }
        for number, row in enumerate(rows)
    ]


class TestOddities:
    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"power_w": 75}, "busy_at_rest_power"),
            ({"tensor_active": 0.9, "sm_active": 0.5}, "matrix_without_multiprocessors"),
            ({"power_w": 1_400}, "power_over_limit"),
            ({"gpu_util": 0.0}, "work_without_utilisation"),
            ({"sm_clock_mhz": 3_500}, "clock_beyond_card"),
        ],
    )
    def test_each_kind(self, tmp_path: Path, changes: dict[str, Any], what: str) -> None:
        rows = (
            honest(**changes)
            if what != "busy_at_rest_power"
            else [{**row, "gpu_util": 0.95} for row in honest(**changes)]
        )
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=rows)
        assert what in {item.what for item in oddities(store)}
        store.close()

    def test_honest_telemetry_says_nothing(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=honest())
        assert oddities(store) == []
        store.close()

    def test_a_power_reading_that_never_moves(self, tmp_path: Path) -> None:
        rows = [{**row, "power_w": 450, "gpu_util": 0.1 + 0.8 * (number % 2)} for number, row in enumerate(honest())]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=rows)
        (found,) = oddities(store)
        assert (found.what, found.gpus) == ("power_never_moves", 1)
        (finding,) = of_oddities([found])
        assert "never moved" in finding.summary
        store.close()

    def test_one_serial_at_two_accounts(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=[*honest("a-1"), *honest("a-2")])
        assert {item.account_id for item in oddities(store) if item.what == "one_gpu_at_two_accounts"} == {"a-1", "a-2"}
        store.close()
