"""Labels a site's own runs and learns its models from them: recorded, measured on held-out conditions, kept by version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.store import Store
from vedette.workloads import classify
from vedette.workloads.learning import Linear
from vedette.workloads.model import WorkloadError
from vedette.workloads.record import Held, Label, evaluated, taught_on
from vedette.workloads.store import labels as kept
from vedette.workloads.store import runs
from vedette.workloads.store.invented import RUNS, TAUGHT


@dataclass(frozen=True, slots=True)
class Learnt:
    """A new version of the site's models, what came of each condition that was held out, and what is said of the rest."""

    version: int
    content_hash: str
    held: tuple[Held, ...]
    notes: tuple[str, ...]


def record(store: Store, principal: Principal, item: Label, *, clock: Clock) -> None:
    """Record what a job did. Raises WorkloadError for a job without telemetry."""
    if not runs.seen(store, item.account_id, item.job_id):
        raise WorkloadError(
            f"no telemetry of job {item.job_id!r} of account {item.account_id!r}",
            remedy="Ingest it first; `vedette workload classify` lists the jobs",
        )
    with writing(store, principal, "workloads.label", clock=clock) as act:
        kept.put(act, item)


def forget(store: Store, principal: Principal, account_id: str, job_id: str, *, clock: Clock) -> None:
    """Take a label away. Raises WorkloadError where the job bears none."""
    if not any((item.account_id, item.job_id) == (account_id, job_id) for item in kept.labels(store)):
        raise WorkloadError(
            f"job {job_id!r} of account {account_id!r} bears no label", remedy="`vedette workload record` lists them"
        )
    with writing(store, principal, "workloads.unlabel", clock=clock) as act:
        kept.remove(act, account_id, job_id)


def learn(store: Store, principal: Principal, *, clock: Clock, shipped_runs: int = RUNS) -> Learnt:
    """Learn from the recorded runs and the shipped ones, measure by conditions held out whole, and keep the result.

    A tier of which no recorded run has the counters keeps its shipped model. Raises WorkloadError where nothing is recorded or
    no recorded run has telemetry that teaches.
    """
    labels = kept.labels(store)
    if not labels:
        raise WorkloadError("no run is labelled", remedy="Label some with `vedette workload record`")
    models: dict[str, Linear] = dict(classify.shipped())
    held: list[Held] = []
    notes = []
    for tier, classes in TAUGHT.items():
        own = runs.recorded(store, labels, tier)
        if not own.labelled(classes).jobs:
            notes.append(
                f"{tier}: no recorded run of {' or '.join(classes)} has these counters; the shipped model stays"
            )
            continue
        invented = runs.shipped(tier, shipped_runs)
        held += evaluated(own, invented, tier, classes)
        models[tier] = taught_on(invented.joined(own), tier, classes)
    if len(notes) == len(TAUGHT):
        raise WorkloadError("no recorded run has telemetry that teaches", remedy="; ".join(notes))
    body = json.dumps({tier: asdict(model) for tier, model in models.items()}, indent=1).encode()
    content_hash = store.archive.put(body)
    with writing(store, principal, "workloads.learn", clock=clock) as act:
        version = kept.keep(act, content_hash, [item.as_json() for item in held])
    return Learnt(version, content_hash, tuple(held), tuple(notes))
