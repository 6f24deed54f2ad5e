"""Declared purpose against what was done: the surprise in bits, with plain reasons, for a question to the customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log2
from typing import Any

import yaml

from vedette.workloads.model import JobClass


@dataclass(frozen=True, slots=True)
class Use:
    """What an account did: GPU-hours by class, without what could not be told, and the most GPUs that it held at once."""

    account_id: str
    hours: Mapping[JobClass, float]
    untold: float
    gpus: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A use that its declared purpose does not lead one to expect."""

    account_id: str
    words: tuple[str, ...]
    bits: float
    reasons: tuple[str, ...]
    hours: float


@lru_cache(maxsize=1)
def expectations() -> Mapping[str, Any]:
    """What purposes lead one to expect, from ``purposes.yml``."""
    held: Mapping[str, Any] = yaml.safe_load((files("vedette.workloads") / "purposes.yml").read_text("utf-8"))
    return held


def mismatches(uses: Iterable[Use], declared: Mapping[str, str]) -> list[Mismatch]:
    """The uses that surprise, the most surprising first. ``declared``: account -> words of the vocabulary.

    Nothing is said of accounts that declared nothing known, used little, or whose jobs could mostly not be told.
    """
    found = [
        one for use in uses if (one := _surprise(use, tuple(declared.get(use.account_id, "").split()))) is not None
    ]
    return sorted(found, key=lambda item: (-item.bits, item.account_id))


def _surprise(use: Use, words: tuple[str, ...]) -> Mismatch | None:
    rules = expectations()
    known = [word for word in words if word in rules["purposes"]]
    told = sum(use.hours.values())
    if not known or told < rules["least_gpu_hours"] or told < use.untold:
        return None
    expected = _expected(known)
    bits, reasons = 0.0, []
    for label, hours in sorted(use.hours.items(), key=lambda item: -item[1]):
        share = hours / told
        if share <= 0:
            continue
        more = share * log2(share / max(expected[label], rules["floor"]))
        bits += more
        if more >= 0.5:
            reasons.append(
                f"{share:.0%} of {told:,.0f} GPU-hours were {label.value}, where {expected[label]:.0%} is expected"
            )
    most = max(rules["purposes"][word]["gpus"] for word in known)
    if use.gpus > most:
        more = log2(use.gpus / most)
        bits += more
        reasons.append(f"{use.gpus:,} GPUs at once, where {most:,} are the most expected")
    if bits < rules["least_bits"] or not reasons:
        return None
    return Mismatch(use.account_id, tuple(known), bits, tuple(reasons), told)


def _expected(words: list[str]) -> dict[JobClass, float]:
    """The share of each class that the most lenient of the words allows."""
    purposes, floor = expectations()["purposes"], expectations()["floor"]
    return {
        label: max(purposes[word].get(label.value, floor) for word in words)
        for label in JobClass
        if label is not JobClass.UNDETERMINED
    }
