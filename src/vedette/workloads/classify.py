"""Tells what jobs do, from metadata: physical rules first, then a linear model with a second opinion, else no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from vedette.workloads.features import Columns, Floats
from vedette.workloads.learning import Linear, read
from vedette.workloads.model import JobClass, Judged, Tier

#: An answer is given from this chance on; below, the job is undetermined.
SURE = 0.8
SURE_WITH_DRIVER = 0.9
#: A window further than this from every condition that was learnt is new: nothing is said.
NOVEL = 3.0
_REST, _REST_POWER = 0.03, 0.35
#: Below this share of the busy time the matrix units do nothing that counts: neither training nor serving of models.
_NO_MATRIX = 0.04
#: How much nearer to another class a job may lie before that class's word counts against an answer.
_NEARER = 0.75
_TRAINING, _SERVING = 0.22, 0.2
#: Training on GPUs that do not move together, or on one alone, needs a greater chance before it is called so.
_ALONE, _MOVING = 0.93, 0.35


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Linear]:
    """The models that come with the program, learnt on invented telemetry (see bench/classes.py)."""
    return read((files("vedette.workloads") / "classes.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Means:
    """What a job's windows say together: means over the time at work, weighted by GPU-seconds."""

    rest: float
    seconds: float
    matrix: float
    busy: float
    ratio: float
    memory: float
    together: float
    gpus: float


def judged(
    found: Columns, models: Mapping[str, Linear] | None = None, coverage: Mapping[tuple[str, str], float] | None = None
) -> list[Judged]:
    """The class of each job of the windows, by account and job. ``coverage``: (account, job) -> share of time seen."""
    models = shipped() if models is None else models
    accounts, jobs = found["account_id"].tolist(), found["job_id"].tolist()
    keys = list(dict.fromkeys(zip(accounts, jobs, strict=True)))
    place = {key: number for number, key in enumerate(keys)}
    index = np.array([place[key] for key in zip(accounts, jobs, strict=True)], dtype=np.int64)
    order = np.argsort(index, kind="stable")
    edges = np.searchsorted(index[order], np.arange(len(keys) + 1))
    opinions = {tier: _opinions(model, found) for tier, model in models.items()}
    share = coverage or {}
    return [
        _judge(key, found, order[edges[number] : edges[number + 1]], models, opinions, share.get(key, 1.0))
        for number, key in enumerate(keys)
    ]


def unseen(account_id: str, job_id: str) -> Judged:
    """The answer about a job that sent no telemetry: none."""
    said = ["no telemetry: only that it held GPUs is known"]
    return _answer((account_id, job_id), JobClass.UNDETERMINED, {}, Tier.T0, 0.0, said)


@dataclass(frozen=True, slots=True)
class _Opinions:
    log_chances: Floats
    distances: Floats


def _opinions(model: Linear, found: Columns) -> _Opinions:
    features = model.standardised(found)
    return _Opinions(model.log_chances(features), model.distances(features))


def _judge(
    key: tuple[str, str],
    found: Columns,
    rows: Any,
    models: Mapping[str, Linear],
    opinions: Mapping[str, _Opinions],
    coverage: float,
) -> Judged:
    tier = _tier(found, rows)
    means = _means(found, rows)
    if tier is Tier.T0:
        return _answer(key, JobClass.UNDETERMINED, {}, tier, coverage, ["no counter tells what the GPUs did"])
    if means.rest >= 0.95:
        held = f"at rest in {means.rest:.0%} of the time"
        return _answer(key, JobClass.IDLE, {JobClass.IDLE: 0.99}, tier, coverage, [held])
    if tier is not Tier.T1 and means.ratio < _NO_MATRIX:
        chances = _without_matrix(found, _working(found, rows))
        label, doubt = _likeliest(chances)
        return _answer(key, label, chances, tier, coverage, [*_reasons(means, tier), *doubt])
    name = "profiled" if tier in (Tier.T2, Tier.T3) else "driver"
    if name not in models:
        return _answer(key, JobClass.UNDETERMINED, {}, tier, coverage, ["no model for the counters that there are"])
    working = _working(found, rows)
    chances, distance, rival = _together(models[name], opinions[name], found, working)
    reasons = _reasons(means, tier)
    label, doubt = _decided(chances, distance, rival, means, tier)
    return _answer(key, label, chances, tier, coverage, [*reasons, *doubt])


def _tier(found: Columns, rows: Any) -> Tier:
    def has(name: str) -> bool:
        return bool((~np.isnan(found[name][rows])).any())

    if has("tensor_active") and has("sm_active"):
        return Tier.T3 if has("moves") and has("net") else Tier.T2
    return Tier.T1 if has("gpu_util") or has("power_w") else Tier.T0


def _working(found: Columns, rows: Any) -> Any:
    """The windows in which the job is at work, all of them where none is."""
    active = rows[found["active"][rows] > 0.2]
    return active if len(active) else rows


def _means(found: Columns, rows: Any) -> _Means:
    seconds = found["seconds"][rows]
    rest = float((seconds * (1 - _or(found["active"][rows], 0.0))).sum() / max(seconds.sum(), 1e-9))
    working = _working(found, rows)
    weight = found["seconds"][working]

    def mean(name: str) -> float:
        values = found[name][working]
        there = ~np.isnan(values)
        return float((values[there] * weight[there]).sum() / weight[there].sum()) if there.any() else float("nan")

    matrix, busy = mean("tensor_active"), mean("sm_active")
    return _Means(
        rest,
        float(seconds.sum()),
        matrix,
        busy,
        matrix / max(busy, matrix, 0.01),
        mean("dram_active"),
        mean("moves"),
        float(np.nanmax(found["gpus"][rows])),
    )


def _or(values: Floats, otherwise: float) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _without_matrix(found: Columns, rows: Any) -> dict[JobClass, float]:
    """Hashing against other arithmetic, where the matrix units rest: hashing never swings, knows no doubles, and moves no data.

    The weights are judged: no labelled telemetry of hashing with a licence is known.
    """

    def mean(name: str, otherwise: float) -> float:
        values = found[name][rows]
        there = values[~np.isnan(values)]
        return float(there.mean()) if len(there) else otherwise

    busy = mean("sm_active", 0.0)
    swing = mean("spread_sm_active", 0.1) / max(busy, 0.02)
    bits = 3.0 if swing < 0.03 else 0.0 if swing < 0.06 else -4.0
    bits += 1.5 if mean("fp64_active", 0.0) < 0.005 else -7.0
    bits += 1.5 if mean("pcie", 5e7) < 2e6 else -2.0
    bits += -4.0 if mean("nvlink", 0.0) > 1e8 else 0.0
    bits += 0.5 if busy > 0.6 else -2.0
    chance = 1 / (1 + 2.0 ** -(bits - 1.5))
    return {JobClass.HASH: chance, JobClass.HPC: 1 - chance}


def _together(
    model: Linear, opinion: _Opinions, found: Columns, rows: Any
) -> tuple[dict[JobClass, float], float, tuple[JobClass, float]]:
    """Chances of the job, how far it lies from what was learnt, and the nearest class with how much nearer it is than others.

    Windows that follow each other say nearly the same: their mean counts, not their sum.
    """
    weight = found["seconds"][rows]
    logs = (opinion.log_chances[rows] * weight[:, None]).sum(axis=0) / weight.sum()
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    distances = (opinion.distances[rows] * weight[:, None]).sum(axis=0) / weight.sum()
    by_class = {
        label: min(float(d) for d, own in zip(distances, model.labels, strict=True) if own == label)
        for label in model.classes
    }
    near = sorted(by_class, key=lambda label: by_class[label])
    rival = near[0], by_class[near[0]] / max(by_class[near[1]], 1e-9) if len(near) > 1 else 1.0
    named = {JobClass(label): float(chance) for label, chance in zip(model.classes, chances, strict=True)}
    return named, by_class[near[0]], (JobClass(rival[0]), rival[1])


def _likeliest(chances: Mapping[JobClass, float]) -> tuple[JobClass, list[str]]:
    """The likeliest class, or undetermined where its chance is too small for an answer."""
    best = max(chances, key=lambda label: chances[label])
    if chances[best] >= SURE:
        return best, []
    said = f"{best.value} is likeliest, with a chance of {chances[best]:.0%}: too little for an answer"
    return JobClass.UNDETERMINED, [said]


def _decided(
    chances: Mapping[JobClass, float], distance: float, rival: tuple[JobClass, float], means: _Means, tier: Tier
) -> tuple[JobClass, list[str]]:
    """The class, or undetermined with what speaks against an answer."""
    best = max(chances, key=lambda label: chances[label])
    doubt = _likeliest(chances)[1]
    if distance > NOVEL:
        doubt.append("unlike everything that the model was taught")
    if rival[0] is not best and rival[1] < _NEARER:
        doubt.append(f"lies much nearer to {rival[0].value} than to {best.value}")
    if tier is Tier.T1:
        if best in (JobClass.HPC, JobClass.HASH) or chances[best] < SURE_WITH_DRIVER:
            doubt.append("the driver's counters alone do not tell this")
    else:
        doubt += _against(best, means, chances[best])
    return (JobClass.UNDETERMINED, doubt) if doubt else (best, [])


def _against(best: JobClass, means: _Means, chance: float) -> list[str]:
    """What is physically at odds with a class."""
    if best is JobClass.TRAINING and means.ratio < _TRAINING:
        return [f"the matrix units work in {means.ratio:.0%} of the busy time only"]
    if best is JobClass.TRAINING and chance < _ALONE and not means.together > _MOVING:
        return ["no GPUs that move together: the reading of prompts and the making of images look the same"]
    if best is JobClass.INFERENCE and means.ratio > _SERVING + 0.05:
        return [
            f"the matrix units work in {means.ratio:.0%} of the busy time, as in training or the reading of prompts"
        ]
    return []


def _reasons(means: _Means, tier: Tier) -> list[str]:
    said = []
    if tier is not Tier.T1:
        said.append(
            f"matrix units {means.matrix:.0%}, multiprocessors {means.busy:.0%} of the time: ratio {means.ratio:.2f}"
        )
        if not np.isnan(means.memory):
            said.append(f"memory active {means.memory:.0%} of the time")
    else:
        said.append("only the driver's counters: utilisation, power, memory")
    if not np.isnan(means.together):
        said.append(f"{means.gpus:.0f} GPUs change together by {max(means.together, 0.0):.0%}")
    return said


def _answer(
    key: tuple[str, str],
    label: JobClass,
    chances: Mapping[JobClass, float],
    tier: Tier,
    coverage: float,
    reasons: Sequence[str],
) -> Judged:
    best = max(chances.values(), default=0.0)
    return Judged(
        account_id=key[0],
        job_id=key[1],
        label=label,
        probability=chances.get(label, best) if label is not JobClass.UNDETERMINED else best,
        tier=tier,
        coverage=coverage,
        reasons=tuple(reasons),
        chances=dict(chances),
    )
