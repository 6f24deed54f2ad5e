"""Pictures that are asked for by name: the classes of one job over time, and the jobs of pairs whose work looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from vedette.base import Clock, stable_id, to_micros
from vedette.documents import Figure, Mark
from vedette.store import Store
from vedette.workloads.features import Columns
from vedette.workloads.model import WorkloadError
from vedette.workloads.store.labels import in_force
from vedette.workloads.store.pairs import HANDOVER_SECONDS, Held, held
from vedette.workloads.store.series import windows
from vedette.workloads.stretches import SILENT, Stretch, stretches
from vedette.workloads.structuring import Split

#: More rows are no picture any longer; more pictures than pairs that somebody would look at are not drawn.
_MOST_ROWS, _MOST_PAIRS = 40, 20
_PLAIN = re.compile(r"[^A-Za-z0-9-]+")


def draw_timeline(store: Store, job: str) -> Figure:
    """The classes of one job over time; ``job`` is its id, or ACCOUNT/JOB where several accounts use one id. Raises WorkloadError."""
    account, _, name = job.rpartition("/")
    found = windows(store, job_id=name, account_id=account or None)
    owners = sorted(set(np.asarray(found["account_id"]).tolist()))
    if not owners:
        raise WorkloadError(f"no telemetry of a job {job!r}", remedy="vedette workload classify names the jobs")
    if len(owners) > 1:
        raise WorkloadError(
            f"several accounts have a job {job!r}",
            remedy=f"Write one of: {', '.join(f'{one}/{name}' for one in owners)}",
        )
    return timeline(f"{owners[0]}/{name}", stretches(_plain(found), in_force(store)))


def _plain(found: Columns) -> Columns:
    return {name: np.asarray(column) for name, column in found.items()}


def timeline(job: str, found: Sequence[Stretch]) -> Figure:
    """Stretches of a job as a figure."""
    begin, end = found[0].begin, found[-1].end
    told = sorted({item.label for item in found if item.label != SILENT})
    return Figure(
        kind="timeline",
        title=f"What job {job} did",
        description=(
            f"From {_moment(begin)} to {_moment(end)}, as far as metadata tells: {', '.join(told) or 'nothing'}. "
            "The number is the least chance of the class in its stretch; undetermined stretches would have been guesses."
        ),
        marks=tuple(Mark(_label(item), float(item.begin), None, float(item.end)) for item in found[:_MOST_ROWS]),
    )


def _label(item: Stretch) -> str:
    return item.label if item.label in (SILENT, "undetermined") else f"{item.label} {item.probability:.2f}"


def draw_pairs(store: Store, clock: Clock, found: Sequence[Split]) -> Mapping[str, Figure]:
    """The jobs of each pair whose work looks split, as far as pictures go, by a name that may stand in a file's."""
    pairs = found[:_MOST_PAIRS]
    jobs = held(store, sorted({account for pair in pairs for account in pair.accounts}), to_micros(clock.now()))
    by_account: dict[str, list[Held]] = {}
    for job in jobs:
        by_account.setdefault(job.account_id, []).append(job)
    return {
        _name(number, pair): pair_view(pair, by_account.get(pair.accounts[0], []), by_account.get(pair.accounts[1], []))
        for number, pair in enumerate(pairs, 1)
    }


def _name(number: int, pair: Split) -> str:
    words = "-".join(_PLAIN.sub("_", account)[:40] for account in pair.accounts)
    return f"pair-{number:02d}-{words}-{stable_id('p', *pair.accounts)[-6:]}"


def pair_view(pair: Split, left: Sequence[Held], right: Sequence[Held]) -> Figure:
    """Jobs of a pair as a figure: those that lie nearest to a job of the other account, in order of time."""
    near = [(_distance(job, right), job) for job in left] + [(_distance(job, left), job) for job in right]
    shown = sorted(
        sorted(near, key=lambda item: (item[0], item[1]))[:_MOST_ROWS], key=lambda item: (item[1].begin, item[1])
    )
    meeting = sum(distance <= HANDOVER_SECONDS for distance, _ in near)
    return Figure(
        kind="timeline",
        title=f"Jobs of {pair.accounts[0]} and {pair.accounts[1]}",
        description=(
            f"{pair.bits:.1f} bits that the work of both is one: {'; '.join(pair.reasons)}. {meeting} of {len(near)} jobs begin or "
            f"end within {HANDOVER_SECONDS // 60} minutes of one of the other account; the {len(shown)} nearest are shown. "
            "Strangers on one schedule look alike, too."
        ),
        marks=tuple(Mark(f"{job.account_id} {job.job_id}", float(job.begin), None, float(job.end)) for _, job in shown),
    )


def _distance(job: Held, others: Sequence[Held]) -> float:
    """Seconds from a job's begin or end to the nearest begin or end of another."""
    ends = (job.begin, job.end)
    return min(
        (abs(one - other) for item in others for other in (item.begin, item.end) for one in ends), default=np.inf
    )


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
