"""Trains the classes of jobs on invented telemetry and measures them on kinds of work that were held out whole. SIMULATED.

    python -m bench.classes train       writes src/vedette/workloads/classes.json
    python -m bench.classes measure     leaves out every kind in turn, learns on the others, judges the one left out

A random split is not offered: runs of one kind are alike, and a model that has seen a kind knows its other runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from vedette.simulate.telemetry import KINDS
from vedette.workloads import classify, learning
from vedette.workloads.store.invented import TIERS, drawn, taught, windows_of

_TARGET = Path(__file__).resolve().parents[1] / "src" / "vedette" / "workloads" / "classes.json"


def train() -> None:
    """Learn from every kind and write the shipped model."""
    model = {}
    for tier, signals in TIERS.items():
        runs = drawn(taught(tier, list(KINDS)), 1)
        model[tier] = learning.learn(
            tier, windows_of(runs, signals), [item.label for item in runs], [item.kind for item in runs]
        )
    learning.write(model, _TARGET)
    print(f"written to {_TARGET.name}: SIMULATED telemetry only")


def measure() -> None:
    """Hold out each kind in turn."""
    print("SIMULATED telemetry; every kind of work held out whole. This is no detection performance.")
    for tier, signals in TIERS.items():
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
