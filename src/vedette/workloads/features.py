"""Dimensionless features of windows of telemetry: ratios that mean the same on every card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vedette import hardware

Floats = np.ndarray[Any, np.dtype[np.float64]]
Columns = Mapping[str, np.ndarray[Any, np.dtype[Any]]]

#: Features of windows with profiling counters, and of those with the driver's counters only.
PROFILED = (
    "matrix_share",
    "matrix_step",
    "memory_to_matrix",
    "memory",
    "power",
    "held",
    "together",
    "links",
    "host_links",
    "unsteady",
    "active",
)
DRIVER = ("util", "power", "power_to_util", "held", "together", "host_links", "unsteady", "active", "clock")
_USUAL_POWER = 350.0
_BETWEEN = 0.225


def profiled(found: Columns) -> Floats:
    """One row of ``PROFILED`` features for each window; missing ones are neutral. Shape (windows, features)."""
    busy, matrix, memory = (_or(found[name], 0.0) for name in ("sm_active", "tensor_active", "dram_active"))
    busy = np.maximum(busy, matrix)
    memory = np.where(np.isnan(found["dram_active"]), 0.4 * busy, memory)
    operations = np.maximum(matrix, 0.005) * _peaks(found)
    return np.column_stack(
        (
            np.log((matrix + 0.005) / (busy + 0.005)),
            # Published: decoding stays at .10 to .20, every kind of training measured lies above .26.
            np.tanh(np.log((matrix + 0.001) / (busy + 0.001) / _BETWEEN) / 0.12),
            np.clip(np.log((memory + 0.01) / (matrix + 0.01)), -3, 4),
            memory,
            _power(found),
            _or(found["memory_used_fraction"], 0.5),
            _together(found),
            np.clip(np.log1p(1e4 * _or(found["nvlink"], 0.0) / operations), 0, 6),
            np.log1p(_or(found["pcie"], 5e7) / 1e8),
            np.clip(_or(found["spread_sm_active"], 0.1) / (busy + 0.02), 0, 2),
            _or(found["active"], 1.0),
        )
    )


def driver(found: Columns) -> Floats:
    """One row of ``DRIVER`` features for each window. Shape (windows, features)."""
    use, power = _or(found["gpu_util"], 0.5), _power(found)
    spread = _or(found["spread_power_w"], 30.0) / (_limits(found) * (power + 0.05))
    return np.column_stack(
        (
            use,
            power,
            power / (use + 0.1),
            _or(found["memory_used_fraction"], 0.5),
            _together(found),
            np.log1p(_or(found["pcie"], 5e7) / 1e8),
            np.clip(spread, 0, 2),
            _or(found["active"], 1.0),
            _or(found["sm_clock_mhz"], 1_600.0) / 2_000,
        )
    )


def _or(values: Floats, otherwise: float) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _together(found: Columns) -> Floats:
    """How far GPUs move together, centred: 0 where there is one GPU or nothing is known."""
    return _or(found["moves"], 0.5) - 0.5


def _limits(found: Columns) -> Floats:
    return np.array([_limit(str(model)) for model in found["model"].tolist()])


def _limit(model: str) -> float:
    match = hardware.find(model)
    return (match.chip.power_w or _USUAL_POWER) * match.share if match else _USUAL_POWER


def _power(found: Columns) -> Floats:
    """Power as a share of the card's limit; a middling share where it is not measured."""
    return np.clip(_or(found["power_w"] / _limits(found), 0.6), 0, 1.5)


def _peaks(found: Columns) -> Floats:
    """The matrix peak, FLOP/s; a middling card's where the model is not known."""
    matches = [hardware.find(str(model)) for model in found["model"].tolist()]
    return np.array([match.chip.matrix * match.share if match else 3e14 for match in matches])
