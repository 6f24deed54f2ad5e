"""What a job did from stretch to stretch: its windows judged some at a time, equal neighbours put together, gaps left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vedette.workloads import classify
from vedette.workloads.features import Columns
from vedette.workloads.learning import Linear
from vedette.workloads.store.series import WINDOW_SECONDS

#: A job is judged in at most so many blocks; a picture of more says no more.
_MOST_BLOCKS = 48
SILENT = "no telemetry"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one answer: its class or ``no telemetry``, the least chance of that class in it, begin and end in seconds."""

    label: str
    probability: float
    begin: int
    end: int


def stretches(found: Columns, models: Mapping[str, Linear] | None = None) -> list[Stretch]:
    """The stretches of one job's windows (as ``store.series`` gives them, of one account and job), in order of time."""
    windows = np.asarray(found["window"]).astype(np.int64)
    if not len(windows):
        return []
    first, last = int(windows.min()), int(windows.max())
    size = -(-(last - first + 1) // _MOST_BLOCKS)
    blocks = (windows - first) // size
    named = {**found, "job_id": np.array([f"{block:06d}" for block in blocks.tolist()], dtype=object)}
    answers = {int(item.job_id): item for item in classify.judged(named, models)}
    made: list[Stretch] = []
    for block in range((last - first) // size + 1):
        begin = (first + block * size) * WINDOW_SECONDS
        end = min(begin + size * WINDOW_SECONDS, (last + 1) * WINDOW_SECONDS)
        answer = answers.get(block)
        label, chance = (SILENT, 0.0) if answer is None else (answer.label.value, answer.probability)
        if made and made[-1].label == label:
            made[-1] = Stretch(label, min(made[-1].probability, chance), made[-1].begin, end)
        else:
            made.append(Stretch(label, chance, begin, end))
    return made
