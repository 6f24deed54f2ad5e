"""The words of detections: a rule and its examples, what a rule's SQL returns, and whether a rule can run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from vedette.base import Finding, Place, Strength, VedetteError

#: What every rule.sql returns, in this order of importance; see README.md for their meaning.
REQUIRED_OUTPUT = ("account_id", "time_us", "bits", "event_ids")
OPTIONAL_OUTPUT = ("subject_kind", "subject_id", "window_id")
VALUE_PREFIX = "v_"


class Basis(StrEnum):
    """Where a rule's weight comes from."""

    JUDGED = "judged"
    MEASURED = "measured"


class Shows(StrEnum):
    """What an example is there to show. A rule has at least one of each."""

    FIRES = "fires"
    QUIET = "quiet"
    BOUNDARY = "boundary"
    LATE = "late"
    NULLS = "nulls"


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """What must hold something before a rule can say anything: columns of the export, any one of which will do.

    Columns are written ``signins.device_id``; ``references.country`` and ``references.class`` stand for loaded address
    references.
    """

    columns: tuple[str, ...]

    def __str__(self) -> str:
        return " or ".join(self.columns)

    def met(self, held: Collection[str]) -> bool:
        """Whether one of the columns is held."""
        return any(column in held for column in self.columns)


@dataclass(frozen=True, slots=True)
class Weight:
    """How a rule's bits came about, and the most that one finding of it may weigh."""

    basis: Basis
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A threshold of a rule and the range in which it may lie. ``span`` says that the numbers are microseconds."""

    name: str
    value: int | float
    least: int | float
    most: int | float
    why: str
    span: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a rule was imported from, and whose it is. ``id`` is its id there."""

    format: str
    id: str
    author: str
    licence: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One detection as its folder declares it. ``id`` is ``family/name``.

    ``sql`` is the text with the thresholds filled in, ``written`` the text with ``{name}`` in their places. ``sources``
    are dated publications; ``expires`` is the day from which what the rule knows must be checked anew, or None.
    """

    id: str
    version: int
    title: str
    caption: str
    family: str
    strength: Strength
    reads: tuple[str, ...]
    key: str
    lookback: str
    citation: tuple[str, ...]
    why: str
    blind_spots: str
    false_positives: str
    honest_customer: str
    next_step: str
    fairness: str
    summary: str
    evidence: str
    needs: tuple[Need, ...]
    weight: Weight
    sql: str
    declaration: str
    examples: str
    folder: str = ""
    written: str = ""
    parameters: tuple[Parameter, ...] = ()
    sources: tuple[str, ...] = ()
    expires: date | None = None
    origin: Provenance | None = None

    def expired(self, today: date) -> bool:
        """Whether what the rule knows must be checked anew before it counts again."""
        return self.expires is not None and today >= self.expires

    @property
    def place(self) -> Place:
        """The declaration's file, for errors about the rule as a whole."""
        return Place(f"{self.folder or self.id}/rule.yml")


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that an example must give. Fields left out are not compared."""

    subject: str
    accounts: tuple[str, ...] | None = None
    count: int | None = None
    bits: float | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One named case: rows in, findings out. ``given`` holds rows by table, in order of arrival."""

    name: str
    shows: Shows
    given: Mapping[str, Sequence[Mapping[str, Any]]]
    then: tuple[Expected, ...]
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a rule can run on the data held, and which columns would let it."""

    rule: str
    missing: tuple[Need, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def reason(self) -> str:
        """One sentence for people; empty where the rule can run."""
        if self.ready:
            return ""
        return f"{self.rule} cannot run: no row holds {', '.join(str(need) for need in self.missing)}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that did not finish: over its time or memory limit, or refused by the engine."""

    rule: str
    problem: str


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the rules gave. A rule is in ``readiness`` always, in ``faults`` when it did not finish."""

    findings: tuple[Finding, ...]
    readiness: tuple[Readiness, ...]
    faults: tuple[Fault, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rule may use: seconds, memory as DuckDB writes it, threads, and rows it may return."""

    seconds: float = 120.0
    memory: str = "1200MB"
    threads: int = 2
    rows: int = 2_000_000


class RuleStopped(VedetteError):
    """A rule went over a limit or its SQL failed; the other rules go on."""


class Engine(Protocol):
    """Runs one checked SELECT over exactly the tables named, and nothing else."""

    @property
    def dialect(self) -> str:
        """The SQL dialect to write for, as sqlglot names it."""
        ...

    def rows(self, sql: str, tables: Sequence[str], limits: Limits) -> Iterator[Mapping[str, Any]]:
        """The rows as dictionaries, fetched in chunks. Raises RuleStopped."""
        ...
