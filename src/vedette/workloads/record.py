"""A site's own labelled runs, and what a model learnt from them is worth: measured on whole conditions held out, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vedette.base import Json
from vedette.workloads import classify
from vedette.workloads.features import Columns
from vedette.workloads.learning import Linear, learn
from vedette.workloads.model import JobClass, WorkloadError

#: What a run may be labelled with.
LABELS = tuple(item.value for item in JobClass if item is not JobClass.UNDETERMINED)
#: The share of a window at work from which on it teaches; as in ``learning``.
_WORKING = 0.2
_WEAK_UNDER = 20
_CONDITION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What somebody knows a job to have done. ``condition`` names the way in which it was run: runs that are alike share it."""

    account_id: str
    job_id: str
    label: str
    condition: str
    recorded_by: str = ""
    recorded_at: str = ""

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            raise WorkloadError(f"{self.label!r} is no class", remedy=f"One of: {', '.join(LABELS)}")
        if not _CONDITION.fullmatch(self.condition):
            raise WorkloadError(
                "a condition is a short word such as h100-data-parallel",
                remedy="Use small letters, digits, dots and dashes",
            )

    def as_json(self) -> dict[str, Json]:
        """The row that is printed."""
        return {
            "account_id": self.account_id,
            "job_id": self.job_id,
            "label": self.label,
            "condition": self.condition,
            "recorded_by": self.recorded_by,
            "recorded_at": self.recorded_at,
        }


@dataclass(frozen=True, slots=True)
class Pool:
    """Windows of labelled runs: the columns of ``series``, and for each job id its label and its condition."""

    windows: Columns
    labels: Mapping[str, str]
    conditions: Mapping[str, str]

    def __post_init__(self) -> None:
        said: dict[str, str] = {}
        for job, condition in self.conditions.items():
            if said.setdefault(condition, self.labels[job]) != self.labels[job]:
                raise WorkloadError(
                    f"the condition {condition!r} bears two labels",
                    remedy="Give runs of different classes different conditions",
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Every condition of which there are windows, in order of the alphabet."""
        return tuple(sorted({self.conditions[job] for job in self.jobs}))

    @property
    def jobs(self) -> list[str]:
        """Every job of which there are windows, in order of the alphabet."""
        return sorted(set(self.windows["job_id"].tolist()))

    def only(self, conditions: Sequence[str]) -> Pool:
        """The runs of some conditions."""
        return self._where([self.conditions[job] in conditions for job in self.windows["job_id"].tolist()])

    def labelled(self, labels: Sequence[str]) -> Pool:
        """The runs that bear one of these labels and have windows at work."""
        working = self.windows["active"] > _WORKING
        mine = [self.labels[job] in labels for job in self.windows["job_id"].tolist()]
        return self._where(np.array(mine, dtype=bool) & working)

    def joined(self, other: Pool) -> Pool:
        """Both together. Jobs and conditions must differ."""
        both = {name: np.concatenate([column, other.windows[name]]) for name, column in self.windows.items()}
        return Pool(both, {**self.labels, **other.labels}, {**self.conditions, **other.conditions})

    def _where(self, wanted: object) -> Pool:
        mask = np.asarray(wanted, dtype=bool)
        return Pool({name: column[mask] for name, column in self.windows.items()}, self.labels, self.conditions)


@dataclass(frozen=True, slots=True)
class Fold:
    """One part of an evaluation. A condition that is judged was not learnt from: else the figure would flatter."""

    learnt: tuple[str, ...]
    judged: tuple[str, ...]

    def __post_init__(self) -> None:
        both = sorted(set(self.learnt) & set(self.judged))
        if both or not self.judged:
            raise WorkloadError(
                f"a figure on conditions that were learnt from says nothing: {', '.join(both)}",
                remedy="Hold out whole conditions; a random split of runs or windows is not offered",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What became of one condition that was held out whole."""

    tier: str
    condition: str
    label: str
    jobs: int
    right: int
    silent: int

    @property
    def wrong(self) -> int:
        """Answers that were given and were not right."""
        return self.jobs - self.right - self.silent

    def as_json(self) -> dict[str, Json]:
        """The row that is printed."""
        return {
            "tier": self.tier,
            "condition": self.condition,
            "label": self.label,
            "jobs": self.jobs,
            "right": self.right,
            "silent": self.silent,
            "wrong": self.wrong,
        }


def folds(conditions: Sequence[str], always: Sequence[str] = (), *, by: str = "condition") -> Iterator[Fold]:
    """Each condition held out in turn, learnt from the others and from what is ``always`` there. Only whole conditions."""
    if by != "condition":
        raise WorkloadError(
            f"a split by {by} cannot be reported", remedy="Runs of one condition are alike; hold out whole conditions"
        )
    for name in conditions:
        yield Fold((*always, *(other for other in conditions if other != name)), (name,))


def taught_on(pool: Pool, tier: str, labels: Sequence[str]) -> Linear:
    """The model that a pool teaches. Raises WorkloadError where it knows one class only."""
    used = pool.labelled(labels)
    jobs = used.jobs
    if len({used.labels[job] for job in jobs}) < 2:
        raise WorkloadError("runs of one class only teach nothing", remedy="Record runs of another class as well")
    return learn(tier, used.windows, [used.labels[job] for job in jobs], [used.conditions[job] for job in jobs])


def evaluated(recorded: Pool, shipped: Pool, tier: str, labels: Sequence[str]) -> list[Held]:
    """Every recorded condition held out whole, judged by what the other recorded ones and the shipped runs teach."""
    both = shipped.joined(recorded)
    found = []
    for fold in folds(recorded.names, shipped.names):
        model = taught_on(both.only(fold.learnt), tier, labels)
        for name in fold.judged:
            answers = classify.judged(recorded.only((name,)).windows, {tier: model})
            label = recorded.labels[answers[0].job_id]
            found.append(
                Held(
                    tier=tier,
                    condition=name,
                    label=label,
                    jobs=len(answers),
                    right=sum(item.label.value == label for item in answers),
                    silent=sum(item.label is JobClass.UNDETERMINED for item in answers),
                )
            )
    return found


def worth(held: Sequence[Held]) -> str:
    """One sentence on what the figures are worth."""
    if not held:
        return "Nothing was held out: no recorded condition has windows for this model."
    jobs, right, silent = (sum(getattr(item, name) for item in held) for name in ("jobs", "right", "silent"))
    answered = jobs - silent
    share = f"{right / answered:.1%} right" if answered else "no answer given"
    weak = f"; under {_WEAK_UNDER} conditions this says little about the next one" if len(held) < _WEAK_UNDER else ""
    return f"{len(held)} conditions held out whole: {share} where it answers, answers {answered / jobs:.1%} of {jobs} jobs{weak}."
