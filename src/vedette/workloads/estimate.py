"""From sums of telemetry to operations with their uncertainty: one shared error for each method, never averaged away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import yaml

from vedette import hardware
from vedette.hardware import Chip
from vedette.workloads.measured import METHODS, Job, Sums

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
_DRAWS = 2_000
_KINDS = tuple(METHODS)
#: From this coverage on, a job's unseen time counts at its own rate.
_MOSTLY_SEEN = 0.5


@dataclass(frozen=True, slots=True)
class Method:
    """How an estimator errs: the true count is its sum times ``median``, within a log-normal error of ``sigma``.

    ``low`` and ``high`` stand instead where all that is known is a range of utilisation (log-uniform).
    """

    median: float
    sigma: float
    low: float = 0.0
    high: float = 0.0


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, Any]:
    """The estimators' figures with their sources, from ``estimators.yml``."""
    from importlib.resources import files

    held: Mapping[str, Any] = yaml.safe_load((files("vedette.workloads") / "estimators.yml").read_text("utf-8"))
    return held


@lru_cache(maxsize=1)
def methods() -> Mapping[str, Method]:
    """Every estimator by name."""
    keys = ("median", "sigma", "low", "high")
    return {
        name: Method(**{key: held[key] for key in keys if key in held})
        for name, held in parameters()["methods"].items()
    }


@dataclass(frozen=True, slots=True)
class Work:
    """Operations by estimator before their error, for each row: shape (rows, methods x narrownesses).

    ``bound`` is the most that the hardware could have done, ``integer`` the most of it in integers; ``unknown`` the GPU-hours on
    cards of which nothing is known.
    """

    estimated: Floats
    bound: Floats
    integer: Floats
    hours: Floats
    unknown: Floats

    def grouped(self, places: Ints, size: int, weights: Floats | None = None) -> Work:
        """Rows added up into ``size`` groups; ``places`` names each row's group."""
        scale = np.ones(len(places)) if weights is None else weights
        return Work(
            _added(self.estimated * scale[:, None], places, size),
            _added(self.bound * scale, places, size),
            _added(self.integer * scale, places, size),
            _added(self.hours * scale, places, size),
            _added(self.unknown * scale, places, size),
        )

    def taken(self, rows: Ints) -> Work:
        """Some of the rows."""
        return Work(self.estimated[rows], self.bound[rows], self.integer[rows], self.hours[rows], self.unknown[rows])


def _added(values: Floats, places: Ints, size: int) -> Floats:
    total: Floats = np.zeros((size, *values.shape[1:]))
    np.add.at(total, places, values)
    return total


#: How many times the sixteen-bit peak the narrowest operands of a card reach, in classes.
_NARROW = (1.0, 2.0, 4.0)


def works(sums: Sums) -> Work:
    """The operations of each row of sums by estimator."""
    found = {model: hardware.find(str(model)) for model in set(sums["model"].tolist())}
    chips = [found[model] for model in sums["model"].tolist()]
    known = np.array([match is not None for match in chips], dtype=bool)
    peak = np.array([match.chip.matrix * match.share if match else 0.0 for match in chips])
    most = np.array([match.chip.most * match.share if match else 0.0 for match in chips])
    integer = np.array([_integer(match.chip) * match.share if match else 0.0 for match in chips])
    clock = np.array([match.chip.clock_mhz or 0.0 if match else 0.0 for match in chips])
    fp64 = np.array([_fp64(match.chip) * match.share if match else 0.0 for match in chips])
    flop_per_joule = np.array([_per_joule(match.chip) if match else _unknown_per_joule() for match in chips])
    idle = np.array([_idle(match.chip) if match else 0.0 for match in chips])
    # Where the clock of the peak is not stated, activity counts at the peak as it is.
    at_clock = np.where(
        clock > 0, np.divide(sums["tensor_mhz"], np.where(clock > 0, clock, 1.0)), sums["tensor_mhz"] / 1_900.0
    )
    joule = np.maximum(sums["joule"] - idle * sums["seconds_energy"], 0.0)
    by_method = {
        "tensor": peak * (at_clock + sums["tensor_plain"])
        + fp64 * np.where(sums["seconds_tensor"] > 0, sums["fp64_work"], 0.0),
        "energy": flop_per_joule * joule,
        "sm": peak * sums["sm_work"],
        "util": peak * sums["util_work"],
        "allocation": peak * sums["seconds_allocation"],
    }
    ratio = np.array([_class(match.chip) if match else 2 for match in chips], dtype=np.int64)
    estimated = np.zeros((len(sums), len(_KINDS) * len(_NARROW)))
    rows = np.arange(len(sums))
    for place, name in enumerate(_KINDS):
        estimated[rows, place * len(_NARROW) + ratio] = by_method[name]
    seconds = sums["seconds"]
    bound = np.where(known, most * seconds, _most_per_joule() * sums["joule_all"])
    whole = np.where(known, integer * seconds, bound)
    unknown = np.where(known | (sums["joule_all"] > 0), 0.0, seconds) / 3600.0
    return Work(estimated, bound, whole, seconds / 3600.0, unknown)


def unseen(jobs: Sequence[Job]) -> Work:
    """The operations that jobs may have done while they held GPUs and sent no telemetry: the prior of use, nothing else."""
    chips = [hardware.find(job.model) for job in jobs]
    held = np.array([max(job.allocated_seconds, job.span_seconds) - job.seen_seconds for job in jobs])
    seconds = np.maximum(held, 0.0)
    estimated = np.zeros((len(jobs), len(_KINDS) * len(_NARROW)))
    first = _KINDS.index("allocation") * len(_NARROW)
    for row, match in enumerate(chips):
        if match is not None:
            estimated[row, first + _class(match.chip)] = match.chip.matrix * match.share * seconds[row]
    most = np.array([match.chip.most * match.share if match else 0.0 for match in chips])
    unknown = np.array([0.0 if match else 1.0 for match in chips]) * seconds / 3600.0
    integer = np.array([_integer(match.chip) * match.share if match else 0.0 for match in chips])
    return Work(estimated, most * seconds, integer * seconds, seconds / 3600.0, unknown)


def gap(own: Work, rest: Work, jobs: Sequence[Job]) -> Floats:
    """The estimated operations of unseen time: at the job's own rate where most of its time was seen, else the prior's.

    The own rate errs like activity of the multiprocessors: what nobody saw may have been another stretch of the work.
    """
    found = rest.estimated.copy()
    place = _KINDS.index("sm") * len(_NARROW)
    medians = np.repeat([_median(methods()[name]) for name in _KINDS], len(_NARROW))
    for row, job in enumerate(jobs):
        if job.coverage < _MOSTLY_SEEN or rest.hours[row] <= 0 or own.estimated[row].sum() <= 0:
            continue
        rate = float(own.estimated[row] @ medians) / own.hours[row]
        kept = int(own.estimated[row].argmax()) % len(_NARROW)
        found[row] = 0.0
        found[row, place + kept] = rate * rest.hours[row] / methods()["sm"].median
    return found


def quantiles(work: Work, at: Sequence[float] = (0.05, 0.5, 0.95)) -> Floats:
    """Operations of each row at these chances, shape (rows, len(at)), never above the bound where one is known."""
    factors = _factors()
    found = np.empty((len(work.bound), len(at)))
    for start in range(0, len(found), 4_096):
        part = slice(start, start + 4_096)
        found[part] = np.quantile(work.estimated[part] @ factors, at, axis=1).T
    known = work.bound > 0
    found[known] = np.minimum(found[known], work.bound[known, None])
    return found


def usual_use() -> float:
    """The share of the peak that is expected of time held, where nothing else is known."""
    return _median(methods()["allocation"])


def middles(work: Work) -> Floats:
    """Operations of each row with every estimator at its median: quick, where the error does not matter."""
    found: Floats = work.estimated @ np.repeat([_median(methods()[name]) for name in _KINDS], len(_NARROW))
    return found


def leading(work: Work) -> list[str]:
    """The estimator that most of each row's operations rest on."""
    medians = np.array([_median(methods()[name]) for name in _KINDS])
    by_method = work.estimated.reshape(len(work.bound), len(_KINDS), len(_NARROW)).sum(axis=2) * medians
    names = [_KINDS[place] for place in by_method.argmax(axis=1).tolist()]
    return [name if total > 0 else "unknown" for name, total in zip(names, by_method.sum(axis=1).tolist(), strict=True)]


@lru_cache(maxsize=1)
def _factors() -> Floats:
    """What each estimator's sum is multiplied by, drawn together: shape (methods x narrownesses, draws).

    Every method has one error for everything that it counted, so that many samples do not make a bias small. Draws are
    evenly spaced quantiles in a fixed shuffle: the same on every machine.
    """
    chance = np.random.Generator(np.random.PCG64(20261125))
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS
    use = parameters()["narrow_operands"]
    steps = np.searchsorted(np.cumsum([use["none"], use["half"]]), chance.permutation(even), side="right")
    narrow = np.array([1.0, 2.0, 4.0])[steps]
    rows = []
    for name in _KINDS:
        method, level = methods()[name], chance.permutation(even)
        if method.high:
            error = method.low * (method.high / method.low) ** level
        else:
            error = method.median * np.exp(method.sigma * normal(level))
        rows += [error * np.minimum(narrow, most) for most in _NARROW]
    return np.array(rows)


def normal(levels: Floats) -> Floats:
    """Values of the standard normal distribution at these chances."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(level) for level in levels.tolist()])


def _median(method: Method) -> float:
    return float(np.sqrt(method.low * method.high)) if method.high else method.median


def _class(chip: Chip) -> int:
    return 2 if chip.narrower >= 3.5 else 1 if chip.narrower >= 1.5 else 0


def _integer(chip: Chip) -> float:
    """The peak for integer operands, operations a second; that of any precision where the table states none for integers."""
    return chip.peaks.get("int8", chip.most)


def _fp64(chip: Chip) -> float:
    return chip.peaks.get("fp64", chip.peaks.get("fp32", 0.0) / 32)


def _per_joule(chip: Chip) -> float:
    """FLOP a joule at the sixteen-bit peak and full power; a middling one where the maker states no power."""
    return chip.matrix / chip.power_w if chip.power_w else _unknown_per_joule()


def _idle(chip: Chip) -> float:
    return float(parameters()["idle_share_of_power"]) * (chip.power_w or 0.0)


@lru_cache(maxsize=1)
def _unknown_per_joule() -> float:
    """The median of the table, for cards that are not in it."""
    return float(np.median([chip.matrix / chip.power_w for chip in hardware.chips() if chip.power_w]))


@lru_cache(maxsize=1)
def _most_per_joule() -> float:
    """The most that any card of the table does with a joule: what bounds a card that is not in it."""
    return max(chip.most / chip.power_w for chip in hardware.chips() if chip.power_w)
