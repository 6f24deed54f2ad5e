"""Invented telemetry of accelerators: training, serving, computing, rendering, hashing, resting, and training in disguise.

Figures of each kind lie around what was published or measured about such work; nothing here says how real fleets look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its class and the ranges from which each run draws its level.

    ``busy`` is activity of the multiprocessors, ``matrix`` the share of it in which the matrix units work, ``dram``
    memory activity, ``double`` fp64 activity, ``held`` the share of memory in use, ``together`` how far the GPUs move
    together, ``swing`` how far they swing, ``duty`` the share of time at work, ``nvlink`` and ``pcie`` bytes a second.
    """

    label: str
    busy: tuple[float, float]
    matrix: tuple[float, float]
    dram: tuple[float, float]
    held: tuple[float, float]
    together: tuple[float, float]
    swing: tuple[float, float]
    gpus: tuple[int, ...]
    double: tuple[float, float] = (0.0, 0.0)
    duty: tuple[float, float] = (1.0, 1.0)
    nvlink: tuple[float, float] = (0.0, 0.0)
    pcie: tuple[float, float] = (1e6, 5e7)
    clock: tuple[float, float] = (0.95, 1.0)
    cap: float = 1.0
    evasive: bool = False


_MANY, _FEW = (2, 4, 8, 8, 16), (1, 1, 2, 4)
#: Every kind by name. Published: training has matrix shares of .25 to .70, decoding .10 to .20; saturated prefill and image
#: generation look like training from outside and must lead to no answer.
KINDS: Mapping[str, Kind] = {
    "data_parallel_small": Kind(
        "training", (0.35, 0.7), (0.26, 0.36), (0.3, 0.5), (0.3, 0.7), (0.85, 0.98), (0.1, 0.3), _MANY
    ),
    "data_parallel": Kind(
        "training",
        (0.7, 0.92),
        (0.38, 0.55),
        (0.35, 0.55),
        (0.6, 0.95),
        (0.9, 0.99),
        (0.08, 0.2),
        _MANY,
        nvlink=(2e10, 1e11),
    ),
    "accumulation": Kind(
        "training", (0.55, 0.8), (0.55, 0.7), (0.25, 0.4), (0.6, 0.95), (0.5, 0.7), (0.05, 0.2), _MANY
    ),
    "sharded": Kind(
        "training",
        (0.75, 0.95),
        (0.4, 0.6),
        (0.35, 0.6),
        (0.7, 0.97),
        (0.93, 0.995),
        (0.05, 0.15),
        _MANY,
        nvlink=(5e10, 3e11),
    ),
    "tensor_pipeline": Kind(
        "training",
        (0.5, 0.8),
        (0.24, 0.34),
        (0.3, 0.5),
        (0.6, 0.95),
        (0.5, 0.7),
        (0.1, 0.25),
        (4, 8, 16),
        nvlink=(8e10, 3e11),
    ),
    "offload": Kind(
        "training",
        (0.06, 0.3),
        (0.5, 0.66),
        (0.05, 0.15),
        (0.5, 0.95),
        (0.4, 0.7),
        (0.4, 0.9),
        _FEW,
        pcie=(5e9, 2.5e10),
    ),
    "mixture": Kind(
        "training",
        (0.55, 0.85),
        (0.28, 0.42),
        (0.4, 0.6),
        (0.7, 0.97),
        (0.6, 0.9),
        (0.1, 0.2),
        (8, 16),
        nvlink=(1e11, 4e11),
    ),
    "fine_tuning": Kind(
        "training", (0.6, 0.92), (0.33, 0.55), (0.35, 0.6), (0.4, 0.95), (0.7, 0.95), (0.05, 0.2), _FEW
    ),
    "vision": Kind(
        "training", (0.5, 0.9), (0.25, 0.42), (0.4, 0.6), (0.3, 0.8), (0.6, 0.9), (0.1, 0.3), _FEW, pcie=(2e8, 3e9)
    ),
    "decoding": Kind(
        "inference", (0.4, 0.95), (0.1, 0.18), (0.55, 0.9), (0.8, 0.96), (0.0, 0.4), (0.1, 0.3), (1, 1, 2, 4, 8)
    ),
    "decoding_small": Kind("inference", (0.1, 0.4), (0.1, 0.2), (0.15, 0.5), (0.3, 0.95), (0.0, 0.3), (0.3, 0.8), _FEW),
    "tensor_parallel_serving": Kind(
        "inference",
        (0.5, 0.85),
        (0.12, 0.2),
        (0.5, 0.8),
        (0.85, 0.97),
        (0.5, 0.85),
        (0.1, 0.3),
        (4, 8),
        nvlink=(5e9, 6e10),
    ),
    "batch_serving": Kind(
        "inference", (0.7, 0.95), (0.14, 0.22), (0.5, 0.75), (0.7, 0.96), (0.0, 0.3), (0.05, 0.15), _FEW
    ),
    "speech": Kind("inference", (0.2, 0.6), (0.12, 0.21), (0.3, 0.6), (0.1, 0.6), (0.0, 0.3), (0.2, 0.6), _FEW),
    "prefill": Kind("inference", (0.6, 0.95), (0.35, 0.62), (0.2, 0.32), (0.6, 0.95), (0.0, 0.3), (0.15, 0.4), _FEW),
    "images": Kind("inference", (0.75, 0.97), (0.32, 0.5), (0.35, 0.5), (0.3, 0.6), (0.0, 0.2), (0.1, 0.35), _FEW),
    "molecules": Kind(
        "hpc", (0.5, 0.95), (0.0, 0.005), (0.1, 0.35), (0.03, 0.3), (0.2, 0.9), (0.03, 0.15), _FEW, double=(0.02, 0.3)
    ),
    "fluids": Kind(
        "hpc",
        (0.6, 0.95),
        (0.0, 0.005),
        (0.55, 0.85),
        (0.3, 0.9),
        (0.5, 0.95),
        (0.05, 0.2),
        _MANY,
        double=(0.1, 0.5),
        nvlink=(1e9, 2e10),
    ),
    "linear_algebra": Kind(
        "hpc", (0.6, 0.98), (0.0, 0.01), (0.2, 0.5), (0.4, 0.95), (0.5, 0.95), (0.05, 0.2), _FEW, double=(0.4, 0.9)
    ),
    "rendering": Kind("hpc", (0.5, 0.95), (0.0, 0.015), (0.15, 0.45), (0.15, 0.7), (0.0, 0.3), (0.15, 0.4), _FEW),
    "hash_arithmetic": Kind(
        "hash", (0.96, 1.0), (0.0, 0.001), (0.0, 0.04), (0.02, 0.2), (0.0, 0.1), (0.0, 0.01), _FEW, pcie=(1e3, 2e5)
    ),
    "hash_memory": Kind(
        "hash", (0.7, 1.0), (0.0, 0.001), (0.85, 0.99), (0.05, 0.5), (0.0, 0.1), (0.0, 0.015), _FEW, pcie=(1e3, 2e5)
    ),
    "resting": Kind(
        "idle", (0.0, 0.002), (0.0, 0.0), (0.0, 0.002), (0.0, 0.02), (0.0, 0.1), (0.0, 0.1), _FEW, pcie=(0, 1e4)
    ),
    "resting_loaded": Kind(
        "idle", (0.0, 0.01), (0.0, 0.1), (0.0, 0.01), (0.4, 0.95), (0.0, 0.1), (0.0, 0.3), _FEW, pcie=(0, 1e5)
    ),
    "duty_cycled": Kind(
        "training",
        (0.7, 0.92),
        (0.38, 0.55),
        (0.35, 0.55),
        (0.6, 0.95),
        (0.9, 0.99),
        (0.08, 0.2),
        _MANY,
        duty=(0.3, 0.7),
        nvlink=(2e10, 1e11),
        evasive=True,
    ),
    "power_capped": Kind(
        "training",
        (0.7, 0.95),
        (0.38, 0.6),
        (0.3, 0.5),
        (0.6, 0.95),
        (0.9, 0.99),
        (0.03, 0.1),
        _MANY,
        clock=(0.5, 0.7),
        cap=0.6,
        nvlink=(2e10, 1e11),
        evasive=True,
    ),
    "covered": Kind(
        "training",
        (0.8, 0.98),
        (0.3, 0.5),
        (0.45, 0.65),
        (0.7, 0.97),
        (0.4, 0.7),
        (0.15, 0.35),
        _MANY,
        nvlink=(2e10, 1e11),
        evasive=True,
    ),
}
#: Chip -> (power limit in W, clock of the matrix peak in MHz, matrix peak in FLOP/s) of the cards that runs are drawn on.
CHIPS: Mapping[str, tuple[float, float, float]] = {
    "NVIDIA H100 80GB HBM3": (700, 1830, 989.4e12),
    "NVIDIA A100-SXM4-80GB": (400, 1410, 312e12),
    "NVIDIA B200": (1000, 1965, 2250e12),
    "NVIDIA L40S": (350, 2520, 362e12),
    "Tesla T4": (70, 1590, 65e12),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One invented run: signals of shape (GPUs, steps), what it is, and how many operations it truly made."""

    kind: str
    label: str
    model: str
    seconds: float
    signals: Mapping[str, Floats]
    flop: float


def run(
    name: str,
    chance: np.random.Generator,
    *,
    steps: int = 180,
    seconds: float = 10.0,
    model: str | None = None,
    gpus: int | None = None,
) -> Run:
    """Draw one run of a kind: ``steps`` samples of ``seconds`` each on some GPUs of one model."""
    kind = KINDS[name]
    model = model or str(chance.choice(list(CHIPS)))
    limit, clock, peak = CHIPS[model]
    gpus = gpus or int(chance.choice(kind.gpus))
    level = {
        part: chance.uniform(*getattr(kind, part)) for part in ("busy", "matrix", "dram", "held", "together", "swing")
    }
    shape = _shape(chance, gpus, steps, level["together"], level["swing"])
    on = _at_work(chance, kind, gpus, steps)
    busy = np.clip(level["busy"] * shape * on, 0, 1)
    tensor = np.clip(busy * level["matrix"] * _wobble(chance, gpus, steps, 0.04), 0, 1)
    dram = np.clip(level["dram"] * (0.3 + 0.7 * shape) * on * _wobble(chance, gpus, steps, 0.04), 0, 1)
    double = np.clip(chance.uniform(*kind.double) * shape * on, 0, 1)
    speed = clock * chance.uniform(*kind.clock) * _wobble(chance, gpus, steps, 0.01)
    drawn = 0.12 + 0.5 * tensor / 0.6 + 0.25 * busy + 0.2 * dram + 0.3 * double
    power = limit * np.minimum(drawn * _wobble(chance, gpus, steps, 0.03), kind.cap)
    links = {part: chance.uniform(*getattr(kind, part)) for part in ("nvlink", "pcie")}
    signals = {
        "gpu_util": np.clip(np.where(busy > 0.02, 0.4 + 0.6 * busy + 0.1 * chance.random((gpus, steps)), busy), 0, 1),
        "sm_active": busy,
        "tensor_active": tensor,
        "dram_active": dram,
        "fp64_active": double,
        "power_w": power,
        "memory_used_fraction": np.full((gpus, steps), level["held"]),
        "sm_clock_mhz": speed,
        "pcie_tx_bytes": links["pcie"] * seconds * on * _wobble(chance, gpus, steps, 0.2) / 2,
        "pcie_rx_bytes": links["pcie"] * seconds * on * _wobble(chance, gpus, steps, 0.2) / 2,
        "nvlink_tx_bytes": links["nvlink"] * seconds * on * shape / 2,
        "nvlink_rx_bytes": links["nvlink"] * seconds * on * shape / 2,
    }
    # The counter reads a little above the truth, as it was measured to.
    truth = float((tensor * speed / clock).sum() * seconds * peak / chance.lognormal(0.15, 0.05))
    truth += float(double.sum() * seconds * peak / 30)
    return Run(name, kind.label, model, seconds, signals, truth)


def _shape(chance: np.random.Generator, gpus: int, steps: int, together: float, swing: float) -> Floats:
    """How activity swings around 1: a part that all GPUs share and a part of each."""
    shared = chance.standard_normal((1, steps))
    own = chance.standard_normal((gpus, steps))
    moved = np.sqrt(together) * shared + np.sqrt(1 - together) * own
    shape: Floats = np.clip(1 + swing * moved, 0.05, 1.6)
    return shape


def _wobble(chance: np.random.Generator, gpus: int, steps: int, size: float) -> Floats:
    swings: Floats = np.exp(size * chance.standard_normal((gpus, steps)))
    return swings


def _at_work(chance: np.random.Generator, kind: Kind, gpus: int, steps: int) -> Floats:
    """1 while at work, nearly 0 in pauses: short stops as for checkpoints, or long ones of a duty cycle."""
    on = np.ones((1, steps))
    if kind.label == "training":
        every = int(chance.integers(40, 160))
        on[:, every - 1 :: every] = 0.1
    duty = chance.uniform(*kind.duty)
    if duty < 1:
        block = int(chance.integers(6, 18))
        idle = chance.random(steps // block + 1) > duty
        on *= np.where(np.repeat(idle, block)[:steps], 0.01, 1.0)[None, :]
    return np.repeat(on, gpus, axis=0)
