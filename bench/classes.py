"""Trains the classes of jobs on invented telemetry and measures them on kinds of work that were held out whole. SIMULATED.

    python -m bench.classes train       writes src/vedette/workloads/classes.json
    python -m bench.classes measure     leaves out every kind in turn, learns on the others, judges the one left out

A random split is not offered: runs of one kind are alike, and a model that has seen a kind knows its other runs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vedette.simulate.telemetry import KINDS, Run, run
from vedette.store.engines.duckdb import DuckEngine
from vedette.workloads import classify, learning
from vedette.workloads.store.series import of_engine

_RUNS, _STEPS, _SECONDS = 24, 90, 10.0
_TARGET = Path(__file__).resolve().parents[1] / "src" / "vedette" / "workloads" / "classes.json"
_SIGNALS = (
    "gpu_util sm_active tensor_active dram_active fp64_active power_w memory_used_fraction sm_clock_mhz "
    "pcie_tx_bytes pcie_rx_bytes nvlink_tx_bytes nvlink_rx_bytes"
).split()
_DRIVER = "gpu_util power_w memory_used_fraction sm_clock_mhz pcie_tx_bytes pcie_rx_bytes".split()


def windows_of(runs: Sequence[Run], signals: Sequence[str] = _SIGNALS) -> Mapping[str, Any]:
    """The windows of runs, as they would be read from the lake; the job's number is the run's."""
    names: dict[str, list[Any]] = {
        name: [] for name in ("account_id", "job_id", "gpu_uuid", "gpu_model", "time_us", "seconds", *_SIGNALS)
    }
    for number, one in enumerate(runs):
        gpus, steps = one.signals["sm_active"].shape
        size = gpus * steps
        names["account_id"].append(np.full(size, "a", dtype=object))
        names["job_id"].append(np.full(size, f"{number:06d}", dtype=object))
        names["gpu_uuid"].append(np.repeat([f"g{number}-{gpu}" for gpu in range(gpus)], steps).astype(object))
        names["gpu_model"].append(np.full(size, one.model, dtype=object))
        names["time_us"].append(np.tile((np.arange(steps) * one.seconds * 1e6).astype(np.int64), gpus))
        names["seconds"].append(np.full(size, one.seconds))
        for name in _SIGNALS:
            shown = one.signals[name].ravel() if name in signals else np.full(size, np.nan)
            names[name].append(shown)
    table = {name: np.concatenate(parts) for name, parts in names.items()}
    with tempfile.TemporaryDirectory() as scratch, DuckEngine({}, Path(scratch), memory="2GB", threads=2) as engine:
        engine.connection.register("raw", table)
        held = ", ".join(f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}" for name in _SIGNALS)
        engine.run(
            "CREATE TABLE usage AS SELECT account_id, job_id, NULL::VARCHAR AS node, gpu_uuid, gpu_model, time_us, seconds, "
            f"1 AS gpu_count, {held}, NULL::DOUBLE AS net_tx_bytes, NULL::DOUBLE AS net_rx_bytes FROM raw"
        )
        return of_engine(engine)


def drawn(kinds: Sequence[str], seed: int, count: int = _RUNS) -> list[Run]:
    """Some runs of each kind."""
    chance = np.random.Generator(np.random.PCG64(seed))
    return [run(kind, chance, steps=_STEPS, seconds=_SECONDS) for kind in kinds for _ in range(count)]


def taught(tier: str, kinds: Sequence[str]) -> list[str]:
    """The kinds that a tier learns from: rest is told by rule, and with profiling counters so is work without matrix units."""
    wanted = ("training", "inference") if tier == "profiled" else ("training", "inference", "hpc", "hash")
    return [kind for kind in kinds if KINDS[kind].label in wanted]


def train() -> None:
    """Learn from every kind and write the shipped model."""
    model = {}
    for tier, signals in (("profiled", _SIGNALS), ("driver", _DRIVER)):
        runs = drawn(taught(tier, list(KINDS)), 1)
        model[tier] = learning.learn(
            tier, windows_of(runs, signals), [item.label for item in runs], [item.kind for item in runs]
        )
    learning.write(model, _TARGET)
    print(f"written to {_TARGET.name}: SIMULATED telemetry only")


def measure() -> None:
    """Hold out each kind in turn."""
    print("SIMULATED telemetry; every kind of work held out whole. This is no detection performance.")
    for tier, signals in (("profiled", _SIGNALS), ("driver", _DRIVER)):
        truth, answers = [], []
        for kind in KINDS:
            learnt = drawn(taught(tier, [name for name in KINDS if name != kind]), 1)
            model = learning.learn(
                tier, windows_of(learnt, signals), [item.label for item in learnt], [item.kind for item in learnt]
            )
            runs = drawn([kind], 2)
            found = classify.judged(windows_of(runs, signals), {tier: model})
            truth += [item.label for item in runs]
            answers += [
                (item.label.value, max(item.chances, key=lambda label: item.chances[label]).value) for item in found
            ]
            right = sum(answer == KINDS[kind].label for answer, _ in answers[-len(runs) :])
            silent = sum(answer == "undetermined" for answer, _ in answers[-len(runs) :])
            wrong = len(runs) - right - silent
            print(f"  {tier:<9} {kind:<24}{KINDS[kind].label:<11} right {right:>3} silent {silent:>3} wrong {wrong:>3}")
        report(tier, truth, answers)


def report(tier: str, truth: Sequence[str], answers: Sequence[tuple[str, str]]) -> None:
    """Macro-F1 of the likeliest class, accuracy of the answers given, and how many were given."""
    labels = sorted(set(truth))
    scores = []
    for label in labels:
        hit = sum(t == label and best == label for t, (_, best) in zip(truth, answers, strict=True))
        said = sum(best == label for _, best in answers)
        there = sum(t == label for t in truth)
        scores.append(2 * hit / (said + there) if said + there else 0.0)
    given = [(t, answer) for t, (answer, _) in zip(truth, answers, strict=True) if answer != "undetermined"]
    right = sum(t == answer for t, answer in given) / max(len(given), 1)
    print(f"{tier}: macro-F1 of the likeliest class {sum(scores) / len(scores):.3f}   target (profiled): .94")
    print(f"{tier}: accuracy where it answers {right:.3f}, answers {len(given) / len(truth):.3f}   target: .97 and .60")


if __name__ == "__main__":
    {"train": train, "measure": measure}[sys.argv[1] if len(sys.argv) > 1 else "measure"]()
