"""What was measured: sums of telemetry by job, model and day, and what each job was allocated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

#: The signals that an estimate can rest on, the best first, and the condition under which a sample has it.
METHODS: Mapping[str, str] = {
    "tensor": "tensor_active IS NOT NULL",
    "energy": "power_w IS NOT NULL",
    "sm": "sm_active IS NOT NULL",
    "util": "gpu_util IS NOT NULL",
    "allocation": "true",
}
Column = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Sums:
    """Columns of equal length: what each (account, job, model, day) did. Seconds are GPU-seconds.

    ``seconds_<method>`` are those whose best signal is that one. ``tensor_mhz`` is the sum of activity x clock x seconds of
    samples with a clock, ``tensor_plain`` that of activity x seconds without; ``joule``, ``sm_work``, ``util_work`` likewise.
    """

    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["account_id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a job was allocated and what was seen of it. Times are microseconds; seconds are GPU-seconds.

    ``nodes`` and ``gpus`` are as allocated, else as seen; ``open`` says that no end is known.
    """

    account_id: str
    job_id: str
    model: str
    first_us: int
    last_us: int
    seen_seconds: float
    span_seconds: float
    allocated_seconds: float
    nodes: int
    gpus: int
    region: str
    open: bool

    @property
    def coverage(self) -> float:
        """The share of the time held for which there is telemetry, 0..1."""
        held = max(self.allocated_seconds, self.span_seconds)
        return min(1.0, self.seen_seconds / held) if held > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that the ledger is made from, and oddities by their name with a count."""

    sums: Sums
    jobs: tuple[Job, ...]
    odd: Mapping[str, int]
