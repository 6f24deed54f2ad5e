"""The words of cases: a case and its states, a decision's outcome kept apart from its action, reasons, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vedette.base import Json, Strength, VedetteError, iso


class CaseError(VedetteError):
    """A case cannot be found, or cannot take the step that was asked for."""


class StaleCase(CaseError):
    """The case has changed since the reviewer looked at it."""


class CaseHeld(CaseError):
    """Another reviewer holds the case."""


class Outcome(StrEnum):
    """What the reviewer believes, apart from what is done about it. ``useful``: not what was sought, worth knowing."""

    TRUE = "true"
    USEFUL = "useful"
    FALSE = "false"
    UNDETERMINED = "undetermined"


class Action(StrEnum):
    """What is done about it."""

    NONE = "none"
    ASK = "ask"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    REJECT = "reject"
    BLOCK_PROPERTY = "block-property"
    UNBLOCK = "unblock"
    PRESERVE = "preserve"
    REPORT = "report"


#: What a false outcome leaves open: nothing that harms a customer about whom nothing was true.
ACTIONS_OF_FALSE = frozenset({Action.NONE, Action.ASK, Action.UNBLOCK})


class CaseStatus(StrEnum):
    """Where a case stands. ``claimed`` and ``snoozed`` end by themselves and fall back to ``open``."""

    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    WAITING_APPROVAL = "waiting_approval"
    DECIDED = "decided"
    CLOSED = "closed"
    MERGED = "merged"


#: Statuses in which a person still owes a decision.
UNDECIDED = frozenset({CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.SNOOZED})
#: Statuses in which a decision stands.
SETTLED = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Families that rest on the same observations count as one source, with a cap of its own (bits)."""

    name: str
    families: tuple[str, ...]
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRule:
    """When findings become a case, as ``opening.yml`` states it. Weights are in bits; ``version`` is the text's SHA-256."""

    threshold: float
    needed: int
    cap: float
    sources: tuple[Source, ...]
    bits: Mapping[Strength, float]
    joins: frozenset[Strength]
    most_accounts: int
    most_accounts_stop: int
    share: float
    text: str
    version: str

    def source(self, family: str) -> Source:
        """The source that a family counts under; by default the family itself with the common cap."""
        for item in self.sources:
            if family in item.families:
                return item
        return Source(name=family, families=(family,), cap=self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """How long things last, as ``timers.yml`` states it."""

    hold_hours: int
    lease_minutes: int
    undo_seconds: int
    snooze_most_days: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A coded reason, the text that a person reads, and the outcomes it fits."""

    code: str
    text: str
    outcomes: frozenset[Outcome]


@dataclass(frozen=True, slots=True)
class Guidance:
    """For one family: what to look at next, and what would close the case."""

    look_next: str
    closes: str


@dataclass(frozen=True, slots=True)
class SourceWeight:
    """What one source of evidence weighs: bits found, bits counted under its cap, and the checks behind them."""

    source: str
    found: float
    counted: float
    checks: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The form stored and shown."""
        return {"source": self.source, "found": self.found, "counted": self.counted, "checks": list(self.checks)}


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the opening rule made of some findings, with every number a reader needs to follow it."""

    sources: tuple[SourceWeight, ...] = ()
    stops: tuple[str, ...] = ()
    threshold: float = 0.0
    needed: int = 0

    @property
    def bits(self) -> float:
        """The capped weight over all sources."""
        return round(sum(item.counted for item in self.sources), 6)

    @property
    def independent(self) -> int:
        """How many sources weigh anything."""
        return sum(item.counted > 0 for item in self.sources)

    @property
    def corroborated(self) -> bool:
        """Enough independent sources and enough weight."""
        return self.independent >= self.needed and self.bits >= self.threshold

    @property
    def qualifies(self) -> bool:
        """Whether this opens a case: at once on a stop, otherwise when corroborated."""
        return bool(self.stops) or self.corroborated

    def as_json(self) -> dict[str, Json]:
        """The form stored with the case and in its history."""
        return {
            "bits": self.bits,
            "threshold": self.threshold,
            "needed": self.needed,
            "sources": [item.as_json() for item in self.sources],
            "stops": list(self.stops),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Findings about one account, or about accounts that share something, for people.

    ``findings`` stand now; ``seen`` and ``stops`` were ever attached (new evidence is what is not among them).
    ``version`` grows when what a reviewer judges changes, not when somebody claims. ``hold_expires`` is when an
    unanswered hold escalates.
    """

    case_id: str
    version: int
    status: CaseStatus
    priority: int
    opened_at: datetime
    changed_at: datetime
    accounts: tuple[str, ...]
    families: tuple[str, ...]
    findings: tuple[str, ...]
    seen: tuple[str, ...]
    stops: tuple[str, ...]
    weighing: Weighing
    summary: str
    lead: str
    rule_version: str
    actor_id: str | None = None
    supported: bool = True
    human_required: bool = False
    hold_expires: datetime | None = None
    escalations: int = 0
    claimed_by: str | None = None
    lease_until: datetime | None = None
    snoozed_until: datetime | None = None
    merged_into: str | None = None
    decision_id: str | None = None

    def status_at(self, now: datetime) -> CaseStatus:
        """The status that holds at a moment: a claim past its lease and a snooze past its end are open again."""
        lapsed = {CaseStatus.CLAIMED: self.lease_until, CaseStatus.SNOOZED: self.snoozed_until}.get(self.status)
        return CaseStatus.OPEN if lapsed is not None and lapsed <= now else self.status

    def holder_at(self, now: datetime) -> str | None:
        """Who holds the case at a moment, if anybody does."""
        return self.claimed_by if self.status_at(now) is CaseStatus.CLAIMED else None

    def row(self, now: datetime) -> dict[str, Json]:
        """The output contract's form, and the fields that a queue shows besides."""
        return {
            "case_id": self.case_id,
            "status": self.status_at(now).value,
            "priority": self.priority,
            "opened_at": iso(self.opened_at),
            "accounts": list(self.accounts),
            "actor_id": self.actor_id,
            "families": list(self.families),
            "findings": list(self.findings),
            "summary": self.summary,
            "version": self.version,
            "bits": self.weighing.bits,
            "human_required": self.human_required,
            "hold_expires": iso(self.hold_expires) if self.hold_expires else None,
            "escalations": self.escalations,
            "supported": self.supported,
            "claimed_by": self.holder_at(now),
            "lease_until": iso(self.lease_until) if self.lease_until and self.holder_at(now) else None,
            "snoozed_until": iso(self.snoozed_until) if self.snoozed_until else None,
            "merged_into": self.merged_into,
            "decision_id": self.decision_id,
            "changed_at": iso(self.changed_at),
        }


class DecisionState(StrEnum):
    """Where a decision stands."""

    WAITING = "waiting"
    FINAL = "final"
    REJECTED = "rejected"
    UNDONE = "undone"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided on one version of a case, under which rules, lists and policies. The note is kept sealed."""

    decision_id: str
    case_id: str
    case_version: int
    outcome: Outcome
    action: Action
    reason_code: str
    decided_by: str
    decided_at: datetime
    findings: tuple[str, ...]
    versions: Mapping[str, Json]
    state: DecisionState
    request_id: str | None
    before: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported, without the note."""
        return {
            "decision_id": self.decision_id,
            "case_id": self.case_id,
            "case_version": self.case_version,
            "outcome": self.outcome.value,
            "action": self.action.value,
            "reason_code": self.reason_code,
            "decided_by": self.decided_by,
            "decided_at": iso(self.decided_at),
            "findings": list(self.findings),
            "versions": dict(self.versions),
            "state": self.state.value,
            "request_id": self.request_id,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case, in ids and numbers only."""

    verb: str
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event as it is kept: who, when, and the leaf of the audit log that proves it."""

    number: int
    time: str
    principal: str
    event: Event
    leaf: int

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "number": self.number,
            "time": self.time,
            "principal": self.principal,
            "verb": self.event.verb,
            "facts": dict(self.event.facts),
            "leaf": self.leaf,
        }


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did to the cases: how many of each, and where the cursor of findings now stands."""

    opened: int = 0
    changed: int = 0
    unchanged: int = 0
    reopened: int = 0
    merged: int = 0
    unsupported: int = 0
    escalated: int = 0
    cursor: int = 0

    def as_json(self) -> dict[str, Json]:
        """The form printed and stored in run summaries."""
        return {name: getattr(self, name) for name in self.__slots__}
