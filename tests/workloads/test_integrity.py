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


def machine(board: float | None, *, gpus: int = 4, minutes: int = 90, each: float = 500.0, **first: Any) -> list[Any]:
    """A node of some GPUs with a reading of its board a minute; ``first`` changes what the first GPU says."""
    rows = []
    for gpu in range(gpus):
        told = {"power_w": each, **(first if gpu == 0 else {})}
        rows += [
            {**row, "power_w": told["power_w"] + number % 5, "gpu_util": 0.8 + number % 3 / 20}
            for number, row in enumerate(samples(gpu=f"GPU-{gpu}", minutes=minutes, sm_active=0.7))
        ]
    if board is not None:
        rows += [
            {
                "time": row["time"],
                "seconds": 60,
                "account_id": "a-1",
                "node": "n-1",
                "gpu_count": 0,
                "power_w": board + number % 7,
            }
            for number, row in enumerate(samples(minutes=minutes))
        ]
    return rows


def kinds(tmp_path: Path, rows: list[dict[str, Any]]) -> set[str]:
    store = fleet(tmp_path / "ws")
    put(store, tmp_path / "e", usage=rows)
    found = {item.what for item in oddities(store)}
    store.close()
    return found


class TestBoards:
    """Simulated faults of a machine with four GPUs of 500 W."""

    @pytest.mark.parametrize(
        ("board", "changes", "told"),
        [
            (2_900, {}, set()),  # as machines are: the GPUs and some 900 W beside
            (2_100, {}, set()),  # a lean machine, or a board that reads low by a little
            (1_500, {}, {"gpus_over_board"}),  # the GPUs say more than the whole machine draws
            (2_700, {"power_w": 1_200.0, "each": 650.0}, {"gpus_over_board", "power_over_limit"}),
            (7_500, {"each": 80.0}, {"board_over_gpus"}),  # GPUs at rest, they say, in a machine at full power
            (None, {}, set()),
        ],
    )
    def test_a_board_against_its_gpus(
        self, tmp_path: Path, board: float | None, changes: dict[str, Any], told: set[str]
    ) -> None:
        found = kinds(tmp_path, machine(board, **changes))
        assert found - {"busy_at_rest_power"} == told

    def test_an_hour_of_it_is_needed(self, tmp_path: Path) -> None:
        assert kinds(tmp_path, machine(1_500, minutes=40)) == set()

    def test_gaps_of_a_gpu_say_nothing(self, tmp_path: Path) -> None:
        """A GPU that sends every tenth minute only is not set beside a board that sends every minute."""
        rows = machine(7_500, each=80.0)
        kept = [row for number, row in enumerate(rows) if row.get("gpu_uuid") != "GPU-0" or number % 10 == 0]
        assert "board_over_gpus" not in kinds(tmp_path, kept)


class TestEnergy:
    @pytest.mark.parametrize(("factor", "odd"), [(1.0, False), (1.2, False), (0.85, False), (1.5, True), (0.5, True)])
    def test_a_counter_against_the_power_over_the_same_time(self, tmp_path: Path, factor: float, odd: bool) -> None:
        rows = [{**row, "energy_j": row["power_w"] * 60 * factor} for row in honest()]
        assert ("energy_off_power" in kinds(tmp_path, rows)) is odd

    def test_only_intervals_with_both_count(self, tmp_path: Path) -> None:
        """A counter with gaps is compared over what it counted, not over the whole day."""
        rows = [{**row, **({"energy_j": row["power_w"] * 60} if n % 3 else {})} for n, row in enumerate(honest())]
        assert kinds(tmp_path, rows) == set()

    def test_few_samples_are_no_story(self, tmp_path: Path) -> None:
        rows = [{**row, **({"energy_j": 1.0} if n < 20 else {})} for n, row in enumerate(honest())]
        assert kinds(tmp_path, rows) == set()

    def test_each_kind_has_words(self, tmp_path: Path) -> None:
        from vedette.workloads import noticing
        from vedette.workloads.store import integrity

        assert set(integrity.CHECKS) | {"energy_off_power", "gpus_over_board", "board_over_gpus"} <= set(noticing._SAID)
