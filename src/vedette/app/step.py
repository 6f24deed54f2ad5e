"""What a step of the daily run is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vedette.app import store as state
from vedette.audit import writing
from vedette.base import Clock, Json, Principal
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a step works with."""

    store: Store
    principal: Principal
    clock: Clock
    home: str
    rule_seconds: int = 300
    threads: int = 2
    spark_master: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what makes it due, and the work, which records its own result in its own act.

    ``inputs`` gives a text that changes whenever there is something to do.
    """

    name: str
    inputs: Callable[[Surroundings], str]
    work: Callable[[Surroundings, str], dict[str, Json]]


def finish(around: Surroundings, step: str, inputs: str, facts: dict[str, Json]) -> None:
    """Note a step's result in an act of its own, for a step whose work wrote nothing else."""
    with writing(around.store, around.principal, f"run.{step}", clock=around.clock) as act:
        state.finish(act, step, inputs, facts)
