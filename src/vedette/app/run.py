"""The daily run: every step that is due, each in its own audited transaction, so that any interruption only delays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from vedette import events
from vedette.app import store as state
from vedette.app.ingest import IngestReport, ingest_all, order_of
from vedette.app.settings import read as read_settings
from vedette.app.step import Step, Surroundings
from vedette.app.steps import STEPS
from vedette.base import Json
from vedette.doors import Session
from vedette.events.references.cache import cache_folder


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step did. ``due`` is false where its inputs are those of its last run; ``facts`` then are the last ones."""

    step: str
    due: bool
    seconds: float
    facts: dict[str, Json]

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {"step": self.step, "due": self.due, "seconds": round(self.seconds, 2), **self.facts}


@dataclass(slots=True)
class RunReport:
    """All steps of one run, and what was refused on the way."""

    steps: list[StepResult] = field(default_factory=list)
    ingest: IngestReport | None = None

    @property
    def faults(self) -> list[str]:
        """Files refused whole, and tables over the limit of refused rows."""
        return [] if self.ingest is None else self.ingest.refusals

    @property
    def failed(self) -> bool:
        """Whether the command must end with exit 1."""
        return self.ingest is not None and self.ingest.failed

    def facts(self, step: str) -> dict[str, Json]:
        """What a step reported, empty where it did not run."""
        return next((item.facts for item in self.steps if item.step == step), {})


def run(
    session: Session,
    *,
    export: Path | str | None = None,
    mapping: Path | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> RunReport:
    """Sweep what an interrupted run left, ingest an export if one is given, then do every step whose inputs changed.

    ``export`` is a folder, or the address of a bucket (``s3://BUCKET/PREFIX``).
    """
    settings = read_settings(session.workspace)
    around = Surroundings(
        store=session.store,
        principal=session.principal,
        clock=session.clock,
        home=settings.home,
        rule_seconds=settings.rule_seconds,
        threads=settings.threads,
        spark_master=settings.spark_master if settings.engine == "spark" else None,
    )
    report = RunReport()
    started = perf_counter()
    swept = around.store.sweep()
    _references(around)
    if export is not None:
        order = order_of([str(export)], mapping=mapping, endpoint=settings.s3_endpoint)
        report.ingest = ingest_all(
            around.store,
            around.principal,
            order,
            clock=around.clock,
            advance=advance,
            most_refused=settings.max_refused,
        )
        total = report.ingest.total()
        facts: dict[str, Json] = {name: value for name, value in total.items() if name not in ("adapter", "refused")}
        report.steps.append(StepResult("ingest", True, perf_counter() - started, {**facts, "swept_files": swept}))
    for step in STEPS:
        report.steps.append(_do(step, around))
        advance(1)
    return report


def _references(around: Surroundings) -> None:
    """Take fetched country and network lists from the user's cache where the workspace has none."""
    cache = cache_folder(os.environ, Path.home())
    events.ensure(around.store, around.principal, clock=around.clock, cache=cache)


def _do(step: Step, around: Surroundings) -> StepResult:
    started = perf_counter()
    inputs = hashlib.sha256(step.inputs(around).encode()).hexdigest()
    before = state.last(around.store, step.name)
    if before is not None and before[0] == inputs:
        return StepResult(step.name, False, perf_counter() - started, before[1])
    facts = step.work(around, inputs)
    return StepResult(step.name, True, perf_counter() - started, facts)
