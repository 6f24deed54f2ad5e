"""The ledger: operations of every job, account, owner and actor in a stretch of time, with bounds and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from vedette.base import iso
from vedette.workloads.estimate import Floats, Ints, Work, gap, leading, middles, quantiles, unseen, works
from vedette.workloads.holders import Stake
from vedette.workloads.measured import Job, Measured
from vedette.workloads.model import Line, Scope


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every job with its work; all lines are made from here.

    ``training`` is each job's chance of being training, 0..1; unknown jobs count half. ``daily`` holds each account's
    expected operations by day (days since 1970), without what was not seen.
    """

    jobs: tuple[Job, ...]
    work: Work
    training: Floats
    begin: str
    end: str
    daily: Mapping[str, Mapping[int, float]]

    def lines(self, scope: Scope, stakes: Mapping[str, Mapping[str, Stake]] | None = None) -> list[Line]:
        """The lines of a scope, the most expected operations first. Owners and actors need their ``stakes`` in accounts."""
        if scope is Scope.JOB:
            keys = [f"{job.account_id}/{job.job_id}" if job.job_id else job.account_id for job in self.jobs]
            return self._made(scope, [(key, [row], None) for row, key in enumerate(keys)])
        by_account: dict[str, list[int]] = {}
        for row, job in enumerate(self.jobs):
            by_account.setdefault(job.account_id, []).append(row)
        if scope is Scope.ACCOUNT:
            return self._made(scope, [(account, rows, None) for account, rows in by_account.items()])
        groups = []
        for holder, held in (stakes or {}).items():
            rows = [row for account in held for row in by_account.get(account, ())]
            if rows:
                groups.append((holder, rows, held))
        return self._made(scope, groups)

    def _made(self, scope: Scope, groups: Sequence[tuple[str, list[int], Mapping[str, Stake] | None]]) -> list[Line]:
        if not groups:
            return []
        rows = np.array([row for _, members, _ in groups for row in members], dtype=np.int64)
        places = np.array([place for place, (_, members, _) in enumerate(groups) for _ in members], dtype=np.int64)
        stakes = [
            Stake(1.0, 1.0, 1.0) if held is None else held[self.jobs[row].account_id]
            for _, members, held in groups
            for row in members
        ]
        taken, size = self.work.taken(rows), len(groups)
        expected = taken.grouped(places, size, np.array([stake.expected for stake in stakes]))
        spread = quantiles(expected)
        single = quantiles(taken, (0.5,))[:, 0]
        least = _sums(single * [stake.least for stake in stakes], places, size)
        most = _sums(single * [stake.most for stake in stakes], places, size)
        # An owner of a tenth is told the whole of what the hardware could have done: a bound must hold.
        whole = taken.grouped(places, size, np.array([stake.most for stake in stakes]))
        bound = whole.bound
        training = _sums(single * self.training[rows] * [stake.expected for stake in stakes], places, size)
        largest = np.zeros(size)
        np.maximum.at(largest, places, single * [stake.expected for stake in stakes])
        seen, held = self._coverage(rows, places, size)
        methods = leading(expected)
        found = [
            Line(
                scope=scope,
                id=name,
                begin=self.begin,
                end=self.end,
                p5=float(spread[place, 0]),
                p50=float(spread[place, 1]),
                p95=float(spread[place, 2]),
                minimum=min(float(least[place]), float(spread[place, 1])),
                maximum=max(float(most[place]), float(spread[place, 1])),
                bound=float(bound[place]) if bound[place] > 0 else None,
                training_p50=min(float(training[place]), float(spread[place, 1])),
                largest_run_p50=min(float(largest[place]), float(spread[place, 1])),
                integer_share=None,
                integer_bound=float(whole.integer[place]) if bound[place] > 0 else None,
                gpu_hours=float(expected.hours[place]),
                unknown_gpu_hours=float(expected.unknown[place]),
                method=methods[place],
                coverage=float(seen[place] / held[place]) if held[place] > 0 else 0.0,
                accounts=tuple(sorted({self.jobs[row].account_id for row in members})),
            )
            for place, (name, members, _) in enumerate(groups)
        ]
        return sorted(found, key=lambda line: (-line.p50, -(line.bound or 0.0), line.id))

    def _coverage(self, rows: Ints, places: Ints, size: int) -> tuple[Floats, Floats]:
        held = np.array([max(self.jobs[row].allocated_seconds, self.jobs[row].span_seconds) for row in rows.tolist()])
        seen = np.array([self.jobs[row].coverage for row in rows.tolist()]) * held
        return _sums(seen, places, size), _sums(held, places, size)


def _sums(values: Floats, places: Ints, size: int) -> Floats:
    total = np.zeros(size)
    np.add.at(total, places, values)
    return total


def ledger(measured: Measured, training: Mapping[tuple[str, str], float] | None = None) -> Ledger:
    """The ledger of what was measured. ``training``: (account, job) -> chance that the job is training.

    Time that a job held without telemetry counts at its own rate where most of it was seen, else at the prior of use.
    """
    sums, jobs = measured.sums, measured.jobs
    order = {(job.account_id, job.job_id): place for place, job in enumerate(jobs)}
    keys = zip(sums["account_id"].tolist(), sums["job_id"].tolist(), strict=True)
    places = np.array([order[key] for key in keys], dtype=np.int64)
    by_day = works(sums)
    own = by_day.grouped(places, len(jobs))
    rest = unseen(jobs)
    total = Work(
        own.estimated + gap(own, rest, jobs),
        own.bound + rest.bound,
        own.integer + rest.integer,
        own.hours + rest.hours,
        own.unknown + rest.unknown,
    )
    chances = training or {}
    shares = np.array([chances.get((job.account_id, job.job_id), 0.5) for job in jobs])
    first = min((job.first_us for job in jobs), default=0)
    last = max((job.last_us for job in jobs), default=0)
    daily: dict[str, dict[int, float]] = {}
    for account, day, value in zip(
        sums["account_id"].tolist(), sums["day"].tolist(), middles(by_day).tolist(), strict=True
    ):
        held = daily.setdefault(account, {})
        held[int(day)] = held.get(int(day), 0.0) + value
    return Ledger(jobs, total, shares, _iso(first), _iso(last), daily)


def _iso(micros: int) -> str:
    return iso(datetime.fromtimestamp(micros / 1e6, tz=UTC))
