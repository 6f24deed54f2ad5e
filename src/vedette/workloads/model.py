"""The words of the room: classes and tiers, lines of the ledger, and what was found about jobs and pairs of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Json, VedetteError


def digits(value: float, number: int = 4) -> float:
    """A figure with so many digits: sums over many rows differ in their last ones from run to run, and say nothing there."""
    return float(f"{value:.{number}g}")


class WorkloadError(VedetteError):
    """A question about workloads that cannot be answered."""


class JobClass(StrEnum):
    """What a job does, as far as metadata tells."""

    IDLE = "idle"
    TRAINING = "training"
    INFERENCE = "inference"
    HPC = "hpc"
    HASH = "hash"
    UNDETERMINED = "undetermined"


class Tier(StrEnum):
    """What an answer rests on: accounts only, the driver's counters, profiling counters, or network and board as well."""

    T0 = "T0"
    T1 = "T1"
    T2 = "T2"
    T3 = "T3"


class Scope(StrEnum):
    """Whom a line of the ledger is about."""

    JOB = "job"
    ACCOUNT = "account"
    OWNER = "owner"
    ACTOR = "actor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the ledger: operations (a multiply-add counts two) of one job, account, owner or actor.

    ``minimum``, ``p50`` and ``maximum`` differ where shares of ownership or links are uncertain. ``bound`` is what the
    hardware held could have done at most; None where nothing is known of it. ``method`` names the estimator that most
    of the expected operations rest on. ``integer_share`` is None where no counter tells integer from floating operations, which
    none that is read here does; ``integer_bound`` is what the hardware could have done at most in integers.
    Times are ISO 8601.
    """

    scope: Scope
    id: str
    begin: str
    end: str
    p5: float
    p50: float
    p95: float
    minimum: float
    maximum: float
    bound: float | None
    training_p50: float
    largest_run_p50: float
    integer_share: float | None
    integer_bound: float | None
    gpu_hours: float
    unknown_gpu_hours: float
    method: str
    coverage: float
    accounts: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The row of the output contract."""
        return {
            "scope": self.scope.value,
            "id": self.id,
            "from": self.begin,
            "to": self.end,
            "flop_p5": digits(self.p5),
            "flop_p50": digits(self.p50),
            "flop_p95": digits(self.p95),
            "flop_bound": None if self.bound is None else digits(self.bound),
            "training_flop_p50": digits(self.training_p50),
            "gpu_hours": digits(self.gpu_hours),
            "method": self.method,
            "coverage": digits(self.coverage),
            "flop_minimum": digits(self.minimum),
            "flop_maximum": digits(self.maximum),
            "largest_run_flop_p50": digits(self.largest_run_p50),
            "integer_share": self.integer_share,
            "integer_bound": None if self.integer_bound is None else digits(self.integer_bound),
            "unknown_gpu_hours": digits(self.unknown_gpu_hours),
            "accounts": list(self.accounts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a job seems to do. ``chances`` are by class; ``label`` is undetermined where the answer would be a guess."""

    account_id: str
    job_id: str
    label: JobClass
    probability: float
    tier: Tier
    coverage: float
    reasons: tuple[str, ...]
    chances: Mapping[JobClass, float]

    def as_json(self) -> dict[str, Json]:
        """The row of the output contract."""
        return {
            "job_id": self.job_id,
            "account_id": self.account_id,
            "class": self.label.value,
            "probability": round(self.probability, 4),
            "tier": self.tier.value,
            "coverage": round(self.coverage, 4),
            "reasons": list(self.reasons),
            "chances": {label.value: round(chance, 4) for label, chance in self.chances.items()},
        }
