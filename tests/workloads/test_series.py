"""Windows of jobs: counters of a node's links count for a job only where the node was wholly that job's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workloads.made import CLOCK, at, fleet, put, samples
from vedette import workloads
from vedette.workloads.store.series import windows

_WORK: dict[str, Any] = {"gpu_util": 0.9, "sm_active": 0.8, "tensor_active": 0.35, "power_w": 600}


def gpus(
    job: str, *, account: str = "a-1", node: str = "n-1", number: int = 2, moving: bool = False, **more: Any
) -> list[dict[str, Any]]:
    return [
        {**row, "node": node, **({"tensor_active": 0.3 + minute % 3 / 20} if moving else {})}
        for gpu in range(number)
        for minute, row in enumerate(
            samples(account, job, gpu=f"{node}-{job}-{gpu}", **{"minutes": 30, **_WORK, **more})
        )
    ]


def links(*, account: str = "a-1", node: str = "n-1", minutes: int = 30, each: float = 6e9) -> list[dict[str, Any]]:
    """A node's counters: bytes each way in each minute."""
    return [
        {
            "time": at(minute + 0.001),
            "seconds": 60,
            "account_id": account,
            "node": node,
            "gpu_count": 0,
            "net_tx_bytes": each,
            "net_rx_bytes": each,
        }
        for minute in range(minutes)
    ]


def net(tmp_path: Path, rows: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Bytes a second and GPU by job, window by window."""
    store = fleet(tmp_path / "ws")
    put(store, tmp_path / "e", usage=rows)
    found = windows(store)
    store.close()
    told: dict[str, list[float]] = {}
    for job, value in zip(found["job_id"].tolist(), found["net"].tolist(), strict=True):
        told.setdefault(job, []).append(value)
    return told


class TestLinks:
    def test_a_node_that_is_wholly_one_job_s(self, tmp_path: Path) -> None:
        found = net(tmp_path, gpus("j-1") + links())
        assert found["j-1"] == pytest.approx([12e9 / 120] * 6)

    def test_two_jobs_on_a_node_share_counters_that_nobody_can_divide(self, tmp_path: Path) -> None:
        found = net(tmp_path, gpus("j-1") + gpus("j-2", minutes=10) + links())
        assert np.isnan(found["j-1"][:2]).all()
        assert np.isnan(found["j-2"]).all()
        assert found["j-1"][2:] == pytest.approx([1e8] * 4)

    def test_another_account_s_counters_are_not_taken(self, tmp_path: Path) -> None:
        assert np.isnan(net(tmp_path, gpus("j-1") + links(account="a-2"))["j-1"]).all()

    def test_a_job_over_nodes_of_which_one_is_counted(self, tmp_path: Path) -> None:
        rows = gpus("j-1") + gpus("j-1", node="n-2") + links()
        assert net(tmp_path, rows)["j-1"] == pytest.approx([1e8] * 6)

    def test_what_the_samples_say_themselves_comes_first(self, tmp_path: Path) -> None:
        rows = gpus("j-1", net_tx_bytes=6e7, net_rx_bytes=0) + links()
        assert net(tmp_path, rows)["j-1"] == pytest.approx([1e6] * 6)

    def test_no_counters_no_figure(self, tmp_path: Path) -> None:
        assert np.isnan(net(tmp_path, gpus("j-1"))["j-1"]).all()

    def test_the_answer_rests_on_the_network_then(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=gpus("j-1", number=4, moving=True) + links())
        (job,) = [item for item in workloads.classes(store, CLOCK) if item.job_id == "j-1"]
        assert job.tier.value == "T3"
        store.close()
