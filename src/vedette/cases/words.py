"""The words of the desk: what people place, remark, save, draw and review; bulk acts, legal clocks and freezes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vedette import policy
from vedette.base import Json
from vedette.cases.model import Action, Outcome


@dataclass(frozen=True, slots=True)
class Placement:
    """An account that a person has placed in a case; ``apart_from`` is the case it was split from, never joined again."""

    account_id: str
    case_id: str
    apart_from: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that somebody left on a case without deciding it; kept sealed."""

    remark_id: str
    made_by: str
    made_at: str
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the queue that somebody saved under a name; ``query`` is its query string."""

    name: str
    query: str
    saved_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A bulk act as it is kept. ``state``: waiting for a second person, running, done, rejected."""

    bulk_id: str
    query: str
    outcome: Outcome
    action: Action
    reason_code: str
    items: tuple[tuple[str, int], ...]
    versions: Mapping[str, Json]
    made_by: str
    made_at: str
    state: str
    request_id: str


#: A duty's day is the provider's; where the universal day is already the next, the earlier one is the safe one.
WEST = timedelta(hours=5)


class ClockState(StrEnum):
    """A running clock is due some day; a met one was answered, a dropped one fell with its decision."""

    RUNNING = "running"
    MET = "met"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """A term that a decision started under one rule, the day on which it ends, and how it ended."""

    clock_id: str
    case_id: str
    decision_id: str
    policy: str
    policy_version: str
    started_at: str
    due_on: str
    state: ClockState
    closed_by: str | None = None
    closed_at: str | None = None
    reference: str | None = None

    def row(self, now: datetime) -> dict[str, Json]:
        """The form shown: days left, and plainly whether the rule is law or only proposed."""
        rule = policy.rule(self.policy)
        left = (date.fromisoformat(self.due_on) - (now - WEST).date()).days
        running = self.state is ClockState.RUNNING
        return {
            "clock_id": self.clock_id,
            "case_id": self.case_id,
            "rule": self.policy,
            "title": rule.title,
            "status_of_rule": rule.status.value,
            "required": rule.status is policy.Status.LAW,
            "started_at": self.started_at,
            "due_on": self.due_on,
            "days_left": left if running else None,
            "overdue": running and left < 0,
            "state": self.state.value,
            "reference": self.reference,
            "decision_id": self.decision_id,
        }


@dataclass(frozen=True, slots=True)
class Freeze:
    """An account whose service and balance stand still: nothing is delivered, nothing paid out, nothing refunded."""

    account_id: str
    case_id: str
    decision_id: str
    since: str
    released_at: str | None = None

    def as_json(self) -> dict[str, Json]:
        """What the provider's own systems carry out."""
        frozen = self.released_at is None
        return {
            "account_id": self.account_id,
            "case_id": self.case_id,
            "decision_id": self.decision_id,
            "service": "frozen" if frozen else "released",
            "balance": "frozen" if frozen else "released",
            "refund_allowed": not frozen,
            "since": self.since,
            "released_at": self.released_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A week's random accounts without a case: how they were drawn, so that anybody can draw them again."""

    week: str
    seed: str
    log_head: str
    population: int
    size: int
    population_hash: str
    drawn_by: str
    drawn_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """One account of a sample, and what somebody judged about it without seeing any finding."""

    week: str
    account_id: str
    position: int
    verdict: Outcome | None = None
    judged_by: str | None = None
    judged_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReview:
    """A second, blind opinion on a decided case. It changes nothing; it measures how far reviewers agree."""

    decision_id: str
    case_id: str
    reviewer: str
    outcome: Outcome
    reviewed_at: str


class AppealState(StrEnum):
    """An appeal is open until another person upholds the decision or has it changed."""

    OPEN = "open"
    UPHELD = "upheld"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """A customer's objection to a decision. Its text and the answer's grounds are sealed apart from it."""

    appeal_id: str
    case_id: str
    decision_id: str
    opened_by: str
    received_at: str
    due_on: str
    state: AppealState
    answered_by: str | None = None
    answered_at: str | None = None

    def row(self, now: datetime) -> dict[str, Json]:
        """The form shown; an overdue appeal says so and is never taken as refused."""
        left = (date.fromisoformat(self.due_on) - now.date()).days
        waits = self.state is AppealState.OPEN
        told: dict[str, Json] = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "state": self.state.value, "days_left": left if waits else None, "overdue": waits and left < 0}
