"""Jobs are told apart by physics first; what looks like two things, or like nothing that was learnt, gets no answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from vedette.simulate.telemetry import KINDS, run
from vedette.workloads import classify, learning
from vedette.workloads.model import JobClass, Judged, Tier
from vedette.workloads.store.invented import TIERS, windows_of


def told(kinds: Sequence[str], signals: Sequence[str] = TIERS["profiled"], seed: int = 9) -> list[Judged]:
    """What is said of one run of each kind. SIMULATED."""
    chance = np.random.Generator(np.random.PCG64(seed))
    return classify.judged(windows_of([run(kind, chance, steps=60, seconds=10.0) for kind in kinds], signals))


class TestProfiled:
    def test_most_kinds_are_told_and_none_wrongly_but_for_what_looks_alike(self) -> None:
        kinds = list(KINDS)
        answers = dict(zip(kinds, told(kinds), strict=True))
        wrong = [kind for kind, item in answers.items() if item.label not in (KINDS[kind].label, JobClass.UNDETERMINED)]
        assert set(wrong) <= {"prefill", "images"}
        assert sum(item.label is not JobClass.UNDETERMINED for item in answers.values()) >= 0.6 * len(kinds)
        assert all(item.tier is Tier.T2 for item in answers.values())

    @pytest.mark.parametrize(
        "kind", ["resting", "resting_loaded", "linear_algebra", "hash_arithmetic", "decoding", "sharded"]
    )
    def test_clear_cases(self, kind: str) -> None:
        (item,) = told([kind])
        assert item.label == KINDS[kind].label
        assert item.probability >= classify.SURE
        assert item.reasons

    def test_what_was_never_learnt_gets_no_answer(self) -> None:
        chance = np.random.Generator(np.random.PCG64(1))
        odd = run("sharded", chance, steps=60)
        signals = {
            **odd.signals,
            "tensor_active": odd.signals["sm_active"] * 0.99,
            "dram_active": odd.signals["sm_active"] * 0,
        }
        from dataclasses import replace

        (item,) = classify.judged(windows_of([replace(odd, signals=signals)]))
        assert item.label is JobClass.UNDETERMINED


class TestDriver:
    def test_the_driver_s_counters_never_tell_hashing_from_computing(self) -> None:
        for item in told([kind for kind in KINDS if KINDS[kind].label in ("hpc", "hash")], TIERS["driver"]):
            assert item.label not in (JobClass.HPC, JobClass.HASH)
            assert item.tier is Tier.T1

    def test_rest_is_told_by_utilisation_alone(self) -> None:
        (item,) = told(["resting"], ("gpu_util",))
        assert item.label is JobClass.IDLE


class TestNothing:
    def test_no_counter_no_answer(self) -> None:
        (item,) = told(["sharded"], ("memory_used_fraction",))
        assert (item.label, item.tier) == (JobClass.UNDETERMINED, Tier.T0)

    def test_unseen_jobs_are_undetermined_not_idle(self) -> None:
        assert classify.unseen("a", "j").label is JobClass.UNDETERMINED


class TestLearning:
    def test_written_and_read_again_is_the_same(self) -> None:
        models = classify.shipped()
        import json
        from dataclasses import asdict

        assert learning.read(json.dumps({tier: asdict(model) for tier, model in models.items()})) == dict(models)

    def test_the_shipped_models_know_no_evasive_name_of_a_customer(self) -> None:
        assert {tier: model.tier for tier, model in classify.shipped().items()} == {
            "profiled": "profiled",
            "driver": "driver",
        }
