"""Split work stands out against the fleet's own rhythm; strangers on a common schedule do not."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from tests.workloads.made import CLOCK, at, fleet, job, put
from vedette.base import to_micros
from vedette.workloads.store.pairs import Flow, Pair, flows, pairs
from vedette.workloads.structuring import Seen, splits

_NOW = to_micros(CLOCK.now())


def pair(**facts: float) -> Pair:
    held = {
        "left_jobs": 5,
        "right_jobs": 5,
        "starts": 0,
        "ends": 0,
        "shaped": 0,
        "handovers": 0,
        "overlap_seconds": 3e6,
        **facts,
    }
    return Pair(left="a", right="b", **held)  # type: ignore[arg-type]  # whole numbers all


def seen(*found: Pair, sent: tuple[Flow, ...] = (), linked: bool = True) -> Seen:
    return Seen(found, 3e6, sent, {}, frozenset({("a", "b")} if linked else ()))


class TestMeetings:
    def test_jobs_that_begin_together_again_and_again(self, tmp_path: Path) -> None:
        draw = random.Random(4)
        rows = [job(f"x-{n}", f"n-{n}-{k}", draw.randrange(40_000), 60) for n in range(40) for k in range(4)]
        rows += [
            job(name, f"{name}-{k}", 3_000 * k + 2 * place, 300)
            for k in range(8)
            for place, name in enumerate(("left", "right"))
        ]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=rows)
        met, span = pairs(store, _NOW)
        (first, *others) = splits(Seen(met, span, (), {}, frozenset()))
        assert first.accounts == ("left", "right")
        assert first.bits > 10
        assert all(item.bits < first.bits / 2 for item in others)
        store.close()

    def test_handovers_of_one_shape(self, tmp_path: Path) -> None:
        rows = [job(("left", "right")[k % 2], f"j-{k}", 400 * k, 395) for k in range(10)]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=rows)
        met, span = pairs(store, _NOW)
        assert [(one.left, one.right, one.handovers) for one in met] == [("left", "right", 9)]
        (found,) = splits(Seen(met, span, (), {}, frozenset()))
        assert "stopped and the other went on" in found.reasons[0]
        store.close()

    def test_another_region_or_model_is_no_meeting(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(
            store,
            tmp_path / "e",
            allocations=[
                job("a", "1", 0, 60),
                job("b", "2", 1, 60, region="far"),
                job("c", "3", 1, 60, gpu_model="L40S"),
            ],
        )
        assert pairs(store, _NOW)[0] == []
        store.close()

    def test_a_class_of_sixty_that_begins_at_nine_is_no_ring(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=[job(f"s-{n}", f"j-{n}", 0, 90) for n in range(60)])
        met, span = pairs(store, _NOW)
        assert splits(Seen(met, span, (), {}, frozenset())) == []
        store.close()


class TestBits:
    def test_more_meetings_never_weigh_less(self) -> None:
        bits = [next((item.bits for item in splits(seen(pair(starts=n)))), 0.0) for n in range(1, 12)]
        assert bits == sorted(bits)

    def test_a_pair_that_nothing_links_pays_for_the_search(self) -> None:
        linked = splits(seen(pair(starts=6, shaped=6)))[0].bits
        free = splits(seen(pair(starts=6, shaped=6), pair(starts=0, handovers=1), linked=False))
        assert not free or free[0].bits <= linked

    def test_data_between_accounts(self) -> None:
        (found,) = splits(seen(sent=(Flow("a", "b", 5e12, 20),)))
        assert "sent each other 5,000 GB" in found.reasons[0]
        assert splits(seen(sent=(Flow("a", "b", 1e6, 20),))) == []

    def test_a_common_day_is_no_synchrony_but_common_steps_are(self) -> None:
        chance = np.random.Generator(np.random.PCG64(2))
        steps = np.arange(600)
        day = 0.5 + 0.4 * np.sin(steps / 100)
        shared = 0.2 * chance.standard_normal(600)

        def levels(common: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
            return {name: (steps, day + common * shared + 0.05 * chance.standard_normal(600)) for name in "ab"}

        apart = Seen([pair(starts=1)], 3e6, (), levels(0.0), frozenset({("a", "b")}))
        together = Seen([pair(starts=1)], 3e6, (), levels(1.0), frozenset({("a", "b")}))
        assert not any("agree" in reason for item in splits(apart) for reason in item.reasons)
        assert any("agree" in reason for item in splits(together) for reason in item.reasons)


class TestFlows:
    def test_both_ways_add_up_and_own_traffic_is_left_out(self, tmp_path: Path) -> None:
        rows = [
            {"time": at(0), "seconds": 300, "src_account_id": "a", "dst_account_id": "b", "bytes": 5},
            {"time": at(5), "seconds": 300, "src_account_id": "b", "dst_account_id": "a", "bytes": 7},
            {"time": at(5), "seconds": 300, "src_account_id": "a", "dst_account_id": "a", "bytes": 99},
            {"time": at(5), "seconds": 300, "src_account_id": "a", "dst_account_id": "", "bytes": 99},
        ]
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", flows=rows)
        assert flows(store, _NOW) == [Flow("a", "b", 12.0, 2)]
        store.close()
