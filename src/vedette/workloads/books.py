"""The room's questions as one call each: the ledger of a stretch of time, the classes of jobs, and whose compute it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vedette import linking
from vedette.base import Clock, to_micros
from vedette.store import Store
from vedette.workloads import classify
from vedette.workloads.holders import Holding, Stake, actors, owners
from vedette.workloads.ledger import Ledger, ledger
from vedette.workloads.model import JobClass, Judged, Line, Scope
from vedette.workloads.store.measure import Job, Measured, measure
from vedette.workloads.store.series import windows


def classes(
    store: Store, clock: Clock, *, since: datetime | None = None, until: datetime | None = None
) -> list[Judged]:
    """What every job of a stretch of time does, as far as metadata tells; jobs without telemetry are undetermined."""
    begin, end = _micros(since), _micros(until)
    return _classes(store, measure(store, since_us=begin, until_us=end, now_us=to_micros(clock.now())), begin, end)


def _classes(store: Store, measured: Measured, begin: int | None, end: int | None) -> list[Judged]:
    coverage = {(job.account_id, job.job_id): job.coverage for job in measured.jobs}
    found = classify.judged(windows(store, since_us=begin, until_us=end), coverage=coverage)
    known = {(item.account_id, item.job_id) for item in found}
    silent = [classify.unseen(job.account_id, job.job_id) for job in measured.jobs if _key(job) not in known]
    return sorted([*found, *silent], key=lambda item: (item.account_id, item.job_id))


def _key(job: Job) -> tuple[str, str]:
    return job.account_id, job.job_id


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def book(store: Store, clock: Clock, *, since: datetime | None = None, until: datetime | None = None) -> Ledger:
    """The ledger of a stretch of time, its end excluded, with each job's chance of being training."""
    begin, end = _micros(since), _micros(until)
    measured = measure(store, since_us=begin, until_us=end, now_us=to_micros(clock.now()))
    judged = _classes(store, measured, begin, end)
    return ledger(measured, {(item.account_id, item.job_id): training_chance(item) for item in judged})


def training_chance(item: Judged) -> float:
    """The chance that a job is training; half where nothing is known of it."""
    if not item.chances:
        return 0.5
    return item.chances.get(JobClass.TRAINING, 0.0)


def lines(store: Store, book: Ledger, scopes: Sequence[Scope]) -> list[Line]:
    """The ledger's lines of some scopes, scope by scope."""
    found: list[Line] = []
    for scope in scopes:
        found += book.lines(scope, stakes(store, book, scope))
    return found


def stakes(store: Store, book: Ledger, scope: Scope) -> Mapping[str, Mapping[str, Stake]] | None:
    """Whose accounts' compute is: for owners by share, for actors by the confidence of links."""
    if scope is Scope.OWNER:
        return owners(_holdings(store), sorted({job.account_id for job in book.jobs}))
    if scope is Scope.ACTOR:
        members: dict[str, dict[str, float]] = {}
        for row in linking.rows(store):
            members.setdefault(str(row["actor_id"]), {})[str(row["account_id"])] = _number(row["confidence"])
        return actors(members)
    return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _holdings(store: Store) -> list[Holding]:
    sql = (
        "SELECT account_id, owner_id, coalesce(parent_owner_id, ''), share_min, share_max FROM owners "
        "WHERE account_id IN (SELECT account_id FROM usage UNION SELECT account_id FROM allocations) ORDER BY ALL"
    )
    with store.engine(["owners", "usage", "allocations"]) as engine:
        return [Holding(*row) for row in engine.rows(sql)]
