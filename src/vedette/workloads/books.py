"""The room's questions as one call each: the ledger of a stretch of time, the classes of jobs, and whose compute it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

import numpy as np

from vedette import linking
from vedette.base import Clock, Finding, parse_time, to_micros
from vedette.documents import Figure
from vedette.store import Store
from vedette.workloads import classify, pictures
from vedette.workloads import forecast as forecasting
from vedette.workloads import noticing as notices
from vedette.workloads.bunching import bunched, limits
from vedette.workloads.forecast import Course, Forecast, thresholds
from vedette.workloads.holders import Holding, Stake, actors, owners
from vedette.workloads.ledger import Ledger, ledger
from vedette.workloads.measured import Job, Measured
from vedette.workloads.model import JobClass, Judged, Line, Scope, WorkloadError
from vedette.workloads.purpose import Use, mismatches
from vedette.workloads.store.integrity import oddities
from vedette.workloads.store.labels import in_force
from vedette.workloads.store.measure import measure
from vedette.workloads.store.pairs import flows, levels, pairs, reserved
from vedette.workloads.store.series import windows
from vedette.workloads.store.spend import outlays
from vedette.workloads.structuring import Seen, Split, splits

_MOST_OF_ONE_OWNER = 40
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a stretch of time: what was measured, what its jobs do, and the ledger made of both."""

    measured: Measured
    judged: list[Judged]
    kept: Ledger


def look(store: Store, clock: Clock, since: datetime | None = None, until: datetime | None = None) -> Look:
    """Measure a stretch of time once, its end excluded: what the jobs do and the ledger made of them."""
    begin, end = _micros(since), _micros(until)
    measured = measure(store, since_us=begin, until_us=end, now_us=to_micros(clock.now()))
    coverage = {(job.account_id, job.job_id): job.coverage for job in measured.jobs}
    found = classify.judged(windows(store, since_us=begin, until_us=end), in_force(store), coverage)
    known = {(item.account_id, item.job_id) for item in found}
    silent = [classify.unseen(job.account_id, job.job_id) for job in measured.jobs if _key(job) not in known]
    judged = sorted([*found, *silent], key=lambda item: (item.account_id, item.job_id))
    chances = {(item.account_id, item.job_id): training_chance(item) for item in judged}
    return Look(measured, judged, ledger(measured, chances))


def classes(
    store: Store, clock: Clock, *, since: datetime | None = None, until: datetime | None = None
) -> list[Judged]:
    """What every job of a stretch of time does, as far as metadata tells; jobs without telemetry are undetermined."""
    return look(store, clock, since, until).judged


def book(store: Store, clock: Clock, *, since: datetime | None = None, until: datetime | None = None) -> Ledger:
    """The ledger of a stretch of time, its end excluded, with each job's chance of being training."""
    return look(store, clock, since, until).kept


def _key(job: Job) -> tuple[str, str]:
    return job.account_id, job.job_id


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


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


def forecasts(store: Store, clock: Clock, scopes: Sequence[Scope], kept: Ledger | None = None) -> list[Forecast]:
    """When owners, actors or accounts cross the thresholds of law, guidance and the house, from all that is held."""
    kept = book(store, clock) if kept is None else kept
    if not kept.jobs:
        return []
    # An export ends before today: the fleet's last sample is the moment from which the future begins.
    now = min(clock.now(), parse_time(kept.end))
    ahead = reserved(store, to_micros(now))
    last = now.toordinal() - _EPOCH
    courses = []
    for scope in scopes:
        held = stakes(store, kept, scope)
        courses += [_course(kept, line, held, ahead, last) for line in kept.lines(scope, held)]
    return forecasting.forecasts(courses, thresholds(now.date()), now)


def _course(
    kept: Ledger,
    line: Line,
    held: Mapping[str, Mapping[str, Stake]] | None,
    ahead: Mapping[str, tuple[float, float]],
    last: int,
) -> Course:
    share = {account: 1.0 if held is None else held[line.id][account].expected for account in line.accounts}
    days: dict[int, float] = {}
    for account in line.accounts:
        for day, value in kept.daily.get(account, {}).items():
            days[day] = days.get(day, 0.0) + share[account] * value
    seen = sum(days.values())
    scale = line.p50 / seen if seen > 0 else 0.0
    course = [days.get(day, 0.0) * scale for day in range(min(days), max(last, max(days)) + 1)] if days else []
    booked = [ahead[account] for account in line.accounts if account in ahead]
    return Course(
        line,
        np.array(course),
        sum(share[account] * ahead[account][0] for account in line.accounts if account in ahead),
        max((days_left for _, days_left in booked), default=0.0),
    )


def draw_course(store: Store, clock: Clock, scope: Scope, holder: str) -> Figure:
    """One holder's operations day by day as a figure. Raises WorkloadError where nothing of it is held."""
    kept = book(store, clock)
    course = course_of(store, kept, scope, holder)
    last = parse_time(kept.end).date()
    return pictures.course(course, last, thresholds(last))


def course_of(store: Store, kept: Ledger, scope: Scope, holder: str) -> Course:
    """One holder's line and its operations day by day, without what is reserved. Raises WorkloadError as above."""
    line = next((line for line in lines(store, kept, [scope]) if line.id == holder), None)
    if line is None:
        raise WorkloadError(f"no {scope.value} {holder!r} in the ledger", remedy="vedette workload ledger names them")
    return _course(kept, line, stakes(store, kept, scope), {}, parse_time(kept.end).toordinal() - _EPOCH)


def draw_classes(store: Store, clock: Clock) -> Figure:
    """GPU-hours by class of all jobs held, as a figure."""
    seen = look(store, clock)
    judged, kept = seen.judged, seen.kept
    spent = {
        (job.account_id, job.job_id): hours for job, hours in zip(kept.jobs, kept.work.hours.tolist(), strict=True)
    }
    return pictures.classes(judged, [spent.get((item.account_id, item.job_id), 0.0) for item in judged])


def split_work(store: Store, clock: Clock) -> list[Split]:
    """Pairs of accounts whose work looks like one, the strongest first."""
    until = to_micros(clock.now())
    met, span = pairs(store, until)
    linked = frozenset((min(link.left, link.right), max(link.left, link.right)) for link in linking.links(store))
    wanted = sorted({account for pair in met for account in (pair.left, pair.right)})
    owned = _owned(store)
    related = {*linked, *owned, *((pair.left, pair.right) for pair in met)}
    own = [item.operations for item in thresholds(clock.now().date()) if item.policy.startswith("own_")]
    known = limits(own)
    under = bunched(outlays(store, known), known, related) if related else {}
    return splits(Seen(met, span, flows(store, until), levels(store, wanted), linked, owned, under))


def _owned(store: Store) -> frozenset[tuple[str, str]]:
    """Pairs of accounts that name one owner. An owner of very many is a reseller or a fund and relates nobody."""
    held: dict[str, set[str]] = {}
    with store.engine(["owners"]) as engine:
        rows = engine.rows(
            "SELECT owner_id, account_id FROM owners WHERE owner_id IS NOT NULL GROUP BY ALL ORDER BY ALL"
        )
    for owner, account in rows:
        held.setdefault(owner, set()).add(account)
    return frozenset(
        pair
        for accounts in held.values()
        if len(accounts) <= _MOST_OF_ONE_OWNER
        for pair in combinations(sorted(accounts), 2)
    )


@dataclass(frozen=True, slots=True)
class Noticed:
    """What one look at everything held gives reviewers, with counts for the run's summary."""

    findings: tuple[Finding, ...]
    jobs: int
    told: int
    gpu_hours: float
    unknown_gpu_hours: float
    operations: float
    odd: Mapping[str, int]


def notice(store: Store, clock: Clock, standing: set[str]) -> Noticed:
    """Thresholds, split work, purposes and telemetry of everything that is held. ``standing``: ids of standing findings."""
    now = clock.now()
    seen = look(store, clock)
    judged, kept = seen.judged, seen.kept
    at = min(now, parse_time(kept.end)) if kept.jobs else now
    found: list[Finding] = []
    for scope in (Scope.OWNER, Scope.ACTOR):
        held = lines(store, kept, [scope])
        owners_of = {(line.scope.value, line.id): line.accounts for line in held}
        found += notices.of_forecasts(forecasts(store, clock, [scope], kept), owners_of, standing, at)
    found += notices.of_splits(split_work(store, clock), at)
    found += notices.of_mismatches(mismatches(_uses(kept, judged), _declared(store)), at)
    found += notices.of_oddities(oddities(store))
    return Noticed(
        tuple(found),
        len(kept.jobs),
        sum(item.label is not JobClass.UNDETERMINED for item in judged),
        float(kept.work.hours.sum()),
        float(kept.work.unknown.sum()),
        float(sum(line.p50 for line in lines(store, kept, [Scope.ACCOUNT]))),
        seen.measured.odd,
    )


def _uses(kept: Ledger, judged: Sequence[Judged]) -> list[Use]:
    """What accounts did in the time that was seen; time that nobody saw, and jobs that could not be told, are untold."""
    labels = {(item.account_id, item.job_id): item.label for item in judged}
    hours: dict[str, dict[JobClass, float]] = {}
    gpus: dict[str, int] = {}
    for job, spent in zip(kept.jobs, kept.work.hours.tolist(), strict=True):
        mix = hours.setdefault(job.account_id, {})
        seen = job.seen_seconds / 3600
        for label, part in ((labels[_key(job)], seen), (JobClass.UNDETERMINED, max(spent - seen, 0.0))):
            mix[label] = mix.get(label, 0.0) + part
        gpus[job.account_id] = max(gpus.get(job.account_id, 0), job.gpus)
    return [
        Use(
            account,
            {label: spent for label, spent in mix.items() if label is not JobClass.UNDETERMINED},
            mix.get(JobClass.UNDETERMINED, 0.0),
            gpus[account],
        )
        for account, mix in sorted(hours.items())
    ]


def _declared(store: Store) -> dict[str, str]:
    sql = "SELECT account_id, declared_purpose_words FROM accounts WHERE declared_purpose_words IS NOT NULL"
    with store.engine(["accounts"]) as engine:
        return {account: words for account, words in engine.rows(sql)}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _holdings(store: Store) -> list[Holding]:
    sql = (
        "SELECT account_id, owner_id, coalesce(parent_owner_id, ''), share_min, share_max FROM owners "
        "WHERE account_id IN (SELECT account_id FROM usage UNION SELECT account_id FROM allocations) ORDER BY ALL"
    )
    with store.engine(["owners", "usage", "allocations"]) as engine:
        return [Holding(*row) for row in engine.rows(sql)]
