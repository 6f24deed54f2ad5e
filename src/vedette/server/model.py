"""The words of the outbox: a target, a message about one change, and its delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from vedette.base import Json, VedetteError


class OutboxError(VedetteError):
    """A target or delivery that cannot be made, found or changed as asked."""


class TargetKind(StrEnum):
    """In which form a target wants its messages."""

    WEBHOOK = "webhook"  # our own JSON, signed
    OCSF = "ocsf"  # OCSF Detection Finding, for a SIEM
    JIRA = "jira"
    SERVICENOW = "servicenow"
    SLACK = "slack"
    EMAIL = "email"


KINDS = tuple(kind.value for kind in TargetKind)
#: What happened to a case (its history's verbs), or in the house (acts of the log), by the message's name.
OF_CASES: Mapping[str, str] = {
    "opened": "case.created",
    "grew": "case.updated",
    "stop": "case.updated",
    "left": "case.updated",
    "merged": "case.updated",
    "split": "case.updated",
    "escalated": "case.escalated",
    "decided": "case.decided",
    "undone": "case.undone",
    "reopened": "case.reopened",
    "appealed": "case.appealed",
}
OF_ACTS: Mapping[str, str] = {
    "watchlists.load": "list.updated",
    "linking.refresh": "actors.updated",
    "reports.sent": "report.sent",
    "rule.publish": "rule.published",
    "rule.retire": "rule.retired",
    "cases.bulk": "bulk.requested",
}
MESSAGES = tuple(sorted({*OF_CASES.values(), *OF_ACTS.values()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where messages go. ``messages`` are the kinds wanted, all where empty; ``private`` allows an address inside the house.

    ``secret`` signs webhooks, or is the credential that another kind of target asks for.
    """

    id: str
    kind: TargetKind
    url: str
    messages: tuple[str, ...]
    secret: str
    since_leaf: int
    created_at: str
    created_by: str
    private: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    def wants(self, message: Message) -> bool:
        """Whether it is to get a message."""
        return message.leaf >= self.since_leaf and (not self.messages or message.kind in self.messages)

    def as_json(self) -> dict[str, Json]:
        """What lists of targets show: everything but the secret."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "url": self.url,
            "messages": list(self.messages) or ["all"],
            "private": self.private,
            "created_at": self.created_at,
            "created_by": self.created_by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One change: the entry of the audit log that proves it, who made it, and ids and counts. Never personal data."""

    id: str
    kind: str
    leaf: int
    time: str
    principal: str
    case_id: str | None
    facts: Mapping[str, Json]

    def as_json(self) -> dict[str, Json]:
        """The form sent to webhooks and kept with a delivery."""
        return {
            "id": self.id,
            "kind": self.kind,
            "leaf": self.leaf,
            "time": self.time,
            "principal": self.principal,
            "case_id": self.case_id,
            "facts": dict(self.facts),
        }


class DeliveryState(StrEnum):
    """How far a delivery has come. ``dead`` ones wait for somebody to replay them."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one target. While it is being sent, ``next_at`` is when its lease ends."""

    id: str
    target: str
    message: Message
    state: DeliveryState
    attempts: int
    next_at: str
    made_at: str
    fault: str | None = None

    def as_json(self) -> dict[str, Json]:
        """What lists of deliveries show."""
        return {
            "id": self.id,
            "target": self.target,
            "kind": self.message.kind,
            "case_id": self.message.case_id,
            "state": self.state.value,
            "attempts": self.attempts,
            "next_at": self.next_at if self.state in (DeliveryState.WAITING, DeliveryState.SENDING) else None,
            "fault": self.fault,
            "made_at": self.made_at,
        }


#: After so many attempts, over about a day and a half, a delivery is dead until somebody replays it.
MOST_ATTEMPTS = 14
LEASE = timedelta(minutes=2)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 10 seconds, doubling, six hours at most."""
    return timedelta(seconds=min(10 * 2 ** min(attempts - 1, 20), 6 * 3600))
